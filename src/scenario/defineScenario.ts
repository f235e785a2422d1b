import { z } from 'zod';
import { didYouMean } from '../core/didYouMean.ts';
import { type Issue, ScenarioError } from '../core/errors.ts';
import type { Scenario } from './scenario.ts';

const positive = z.number().positive();
const count = z.int().positive();
const share = z.number().min(0).max(1);
const region = {
  definition: z.string().min(1),
  contains: z.custom<(x: Float64Array) => boolean>(isFunction, 'expected a function of x'),
};
const configuration = z.array(z.number()).min(1);
const variable = z.custom(
  (value) => isRecord(value) && isFunction(value['value']) && isFunction(value['gradient']),
  'expected a collective variable, such as linear("x", [1, 0])',
);
const potential = z.custom(
  (value) =>
    isRecord(value) &&
    isFunction(value['energy']) &&
    isFunction(value['energyAndGradient']) &&
    typeof value['dim'] === 'number',
  'expected a potential, such as doubleWell() or definePotential({ … })',
);

const kernel = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('langevin'),
    timestep: positive,
    friction: positive,
    steps: count,
  }),
  z.strictObject({ kind: z.literal('euler-maruyama'), timestep: positive, steps: count }),
  z.strictObject({ kind: z.literal('random-walk'), stepSize: positive, attempts: count }),
  z.strictObject({ kind: z.literal('mala'), timestep: positive, attempts: count }),
  z.strictObject({ kind: z.literal('hmc'), timestep: positive, steps: count, attempts: count }),
  z.strictObject({
    kind: z.literal('ghmc'),
    timestep: positive,
    steps: count,
    attempts: count,
    persistence: z.number().min(0).lt(1),
  }),
]);
const exactKernel = kernel.refine(
  (spec) => spec.kind !== 'langevin' && spec.kind !== 'euler-maruyama',
  'production needs a Metropolised kernel (random-walk, mala, hmc, ghmc): unadjusted dynamics has a time-step bias',
);

const schedule = z.union([
  z.number().min(0),
  z.strictObject({ from: z.number().min(0), to: z.number().min(0) }),
]);
const stage = z.strictObject({
  steps: z.int().min(0).optional(),
  exampleBatch: z.int().min(0).optional(),
  energyBatch: z.int().min(0).optional(),
  learningRate: schedule.optional(),
  weights: z
    .strictObject({ example: schedule, energy: schedule, reactionCoordinate: schedule })
    .optional(),
  energyCap: z
    .strictObject({ high: z.number(), max: z.number() })
    .refine((cap) => cap.max > cap.high, 'expected max > high')
    .optional(),
  temperatures: z.array(positive).min(1).optional(),
  earlyStop: z.strictObject({ every: count, patience: count }).or(z.undefined()).optional(),
});
const stages = z.array(stage);

const scenarioSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case-with-dashes'),
  about: z.string().min(1),
  potential,
  states: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        ...region,
        core: z.strictObject(region).optional(),
        start: z.union([configuration, z.array(configuration).min(1)]),
      }),
    )
    .min(2, 'expected two states or more: a free-energy difference is between states'),
  coordinate: z
    .strictObject({ variable, min: z.number(), max: z.number(), bins: count.optional() })
    .refine((axis) => axis.max > axis.min, 'expected max > min'),
  temperature: positive.optional(),
  masses: z.array(positive).optional(),
  seed: z.int().min(0).max(0xffff_ffff).optional(),
  seeding: z
    .strictObject({
      dynamics: kernel,
      chains: z.int().min(2),
      burnIn: z.int().min(0),
      frames: count,
      stride: count,
      heldOut: share,
    })
    .partial()
    .optional(),
  flow: z
    .strictObject({
      kind: z.enum(['realnvp', 'nicer', 'autoregressive']),
      blocks: count,
      hidden: z.array(count).min(1),
      conditioner: z.enum(['independent', 'shared']),
      components: count,
      whiten: z.union([z.boolean(), z.literal('each')]),
      directions: z.array(configuration).or(z.undefined()),
    })
    .partial()
    .optional(),
  training: z
    .strictObject({
      byExample: stages,
      byEnergy: stages,
      again: z.strictObject({ byExample: stages, byEnergy: stages }),
      clipNorm: positive,
      symmetries: z
        .array(
          z.custom(
            (value) => isRecord(value) && isFunction(value['apply']),
            'expected a map, such as one of dimerReflections(reference)',
          ),
        )
        .min(1)
        .or(z.undefined()),
      averaging: z.number().min(0).lt(1).or(z.undefined()),
    })
    .partial()
    .optional(),
  assessing: z
    .strictObject({
      maxRounds: count,
      draws: count,
      targetEssFraction: share,
      targetAcceptance: share,
    })
    .partial()
    .optional(),
  exploring: z
    .strictObject({
      chains: z.int().min(2),
      warmUp: z.int().min(0),
      sweeps: count,
      stateFloor: z.number().min(0).lt(0.5),
    })
    .partial()
    .optional(),
  production: z
    .strictObject({
      local: exactKernel,
      chains: z.int().min(2),
      warmUp: z.int().min(0),
      sweeps: count,
      flowMoves: z.union([z.int().min(0), z.literal('auto')]),
      passCost: z.number().min(0),
      annealed: z
        .strictObject({ levels: count, steps: count, timestep: positive })
        .or(z.undefined()),
      latent: z.strictObject({ stepSize: positive, moves: count }).or(z.undefined()),
    })
    .partial()
    .optional(),
  reweighting: z.strictObject({ draws: count }).partial().optional(),
  baseline: z
    .union([z.literal(false), z.strictObject({ dynamics: kernel, chains: count }).partial()])
    .optional(),
  reference: z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('quadrature'),
        box: z
          .array(z.tuple([z.number(), z.number()]))
          .min(1)
          .max(2),
      }),
      z.strictObject({
        kind: z.literal('value'),
        difference: z.array(z.number()).min(1),
        standardError: z.number().min(0),
        source: z.string().min(1),
        temperature: positive,
      }),
    ])
    .optional(),
  targets: z
    .strictObject({ standardError: positive, essFraction: share, usefulAcceptance: share })
    .partial()
    .optional(),
});

/**
 * Types, checks and freezes a scenario.
 * @throws {ScenarioError} listing every problem found, with path and value.
 */
export function defineScenario(scenario: Scenario): Scenario {
  const issues = findIssues(scenario);
  if (issues.length > 0) {
    const name =
      isRecord(scenario) && typeof scenario['name'] === 'string' ? scenario['name'] : '?';
    throw new ScenarioError(name, issues);
  }
  return Object.freeze({ ...scenario });
}

/** Whether a value was meant as a scenario: it may still have issues. */
export function looksLikeScenario(value: unknown): value is Scenario {
  return isRecord(value) && 'states' in value && 'potential' in value;
}

function findIssues(input: unknown): Issue[] {
  const parsed = scenarioSchema.safeParse(input);
  const issues = parsed.success
    ? []
    : parsed.error.issues.flatMap((issue) => explain(issue, input));
  return [...issues, ...dimensionIssues(input), ...oneWayIssues(input)];
}

function explain(issue: z.core.$ZodIssue, input: unknown): Issue[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const known = knownKeys(issue.path);
      const suggestion = didYouMean(key, known);
      return {
        path: pathText([...issue.path, key]),
        message: `unknown entry${suggestion === undefined ? `; known here: ${known.join(', ')}` : `; did you mean "${suggestion}"?`}`,
      };
    });
  }
  const found = valueAt(input, issue.path);
  return [
    {
      path: pathText(issue.path) || 'scenario',
      message:
        found === undefined ? `missing: ${issue.message}` : `${issue.message}, got ${show(found)}`,
    },
  ];
}

/** What the schema alone cannot see: starts, masses and boxes that fit the potential. */
function dimensionIssues(input: unknown): Issue[] {
  if (!isRecord(input) || !isRecord(input['potential'])) return [];
  const dim = input['potential']['dim'];
  if (typeof dim !== 'number') return [];
  const issues: Issue[] = [];
  const expectLength = (path: string, value: unknown): void => {
    if (Array.isArray(value) && value.length !== dim) {
      issues.push({
        path,
        message: `expected ${dim} numbers for this potential, got ${value.length}`,
      });
    }
  };
  expectLength('masses', input['masses']);
  if (isRecord(input['reference'])) expectLength('reference.box', input['reference']['box']);
  const states = Array.isArray(input['states']) ? input['states'] : [];
  const seen = new Set<unknown>();
  states.forEach((state: unknown, s) => {
    if (!isRecord(state)) return;
    if (seen.has(state['name'])) {
      issues.push({
        path: `states[${s}].name`,
        message: `"${String(state['name'])}" is used twice`,
      });
    }
    seen.add(state['name']);
    const { start, contains } = state;
    if (!Array.isArray(start)) return;
    const configurations: unknown[] = Array.isArray(start[0]) ? start : [start];
    configurations.forEach((one, c) => {
      const path = Array.isArray(start[0]) ? `states[${s}].start[${c}]` : `states[${s}].start`;
      expectLength(path, one);
      if (!Array.isArray(one) || one.length !== dim || typeof contains !== 'function') return;
      if (!one.every((value) => typeof value === 'number')) return;
      if (contains(Float64Array.from(one)) !== true) {
        issues.push({
          path,
          message: `${show(one)} does not lie in the state itself (${String(state['definition'])})`,
        });
      }
    });
  });
  return issues;
}

/** A flow that is trained by example only has no stages by energy. */
function oneWayIssues(input: unknown): Issue[] {
  if (!isRecord(input) || !isRecord(input['flow']) || !isRecord(input['training'])) return [];
  if (input['flow']['kind'] !== 'autoregressive') return [];
  const { byEnergy, again } = input['training'];
  return [
    ['training.byEnergy', byEnergy] as const,
    ['training.again.byEnergy', isRecord(again) ? again['byEnergy'] : undefined] as const,
  ].flatMap(([path, stages]) =>
    Array.isArray(stages) && stages.length > 0
      ? [{ path, message: 'expected no stages: an autoregressive flow is trained by example only' }]
      : [],
  );
}

/** The entries that the schema knows at `path`. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  let at: unknown = scenarioSchema;
  for (const step of path) {
    at = inner(at);
    if (at instanceof z.ZodObject && typeof step === 'string') at = at.shape[step];
    else if (at instanceof z.ZodArray) at = at.element;
  }
  at = inner(at);
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function inner(schema: unknown): unknown {
  return schema instanceof z.ZodOptional ? inner(schema.unwrap()) : schema;
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number'
        ? `${text}[${step}]`
        : text === ''
          ? String(step)
          : `${text}.${String(step)}`,
    '',
  );
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      isRecord(value) || Array.isArray(value) ? Reflect.get(value, step) : undefined,
    input,
  );
}

function show(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
