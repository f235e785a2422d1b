import { z } from 'zod';

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

const axis = z
  .strictObject({ variable, min: z.number(), max: z.number(), bins: count.optional() })
  .refine(({ min, max }) => max > min, 'expected max > min');

const kind = z
  .array(z.int().min(0))
  .min(2, 'expected two particles or more: one alone is like itself');

const profile = z
  .strictObject({
    source: z.string().min(1),
    at: z.array(z.number()).min(2, 'expected two values or more: a profile is between them'),
    freeEnergy: z.array(z.number()),
    standardError: z.array(z.number().min(0)),
  })
  .refine(({ at }) => at.every((s, i) => i === 0 || s > at[i - 1]), 'expected "at" to ascend')
  .refine(
    ({ at, freeEnergy, standardError }) =>
      freeEnergy.length === at.length && standardError.length === at.length,
    'expected "freeEnergy" and "standardError" to be as long as "at"',
  );

const annealing = z.strictObject({ levels: count, steps: count, timestep: positive });

const schedule = z.union([
  z.number().min(0),
  z.strictObject({ from: z.number().min(0), to: z.number().min(0) }),
]);
const stage = z.strictObject({
  steps: z.int().min(0).optional(),
  exampleBatch: z.int().min(0).optional(),
  energyBatch: z.int().min(0).optional(),
  pathGradient: z.boolean().optional(),
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

/** The shape of a scenario; what it cannot see, `defineScenario` adds. */
export const scenarioSchema = z.strictObject({
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
  coordinate: axis,
  surface: z.strictObject({ x: axis, y: axis }).optional(),
  molecule: z
    .custom(
      (value) => isRecord(value) && isRecord(value['topology']) && Array.isArray(value['terms']),
      'expected a molecular system, such as alanineDipeptide().system',
    )
    .optional(),
  temperature: positive.optional(),
  masses: z.array(positive).optional(),
  identicalParticles: z
    .strictObject({
      particles: z.union([kind, z.array(kind).min(1)]),
      reference: configuration,
      space: z.literal([1, 2, 3]),
      diameter: positive.optional(),
      walls: z
        .array(
          z.tuple([z.number(), z.number()]).refine(([from, to]) => to > from, 'expected from < to'),
        )
        .optional(),
    })
    .refine(
      ({ walls, space }) => walls === undefined || walls.length === space,
      'expected "walls" to have one [from, to] for each coordinate of a particle',
    )
    .optional(),
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
      kind: z.enum(['realnvp', 'nicer', 'spline', 'autoregressive']),
      blocks: count,
      hidden: z.array(count).min(1),
      conditioner: z.enum(['independent', 'shared']),
      bins: z.int().min(2).max(999),
      reach: positive,
      components: count,
      whiten: z.union([z.boolean(), z.literal('each')]),
      directions: z.array(configuration).or(z.undefined()),
      symmetrised: z.boolean(),
    })
    .partial()
    .or(z.literal(false))
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
      annealed: annealing.or(z.undefined()),
      bias: z
        .strictObject({ min: z.number(), max: z.number(), values: z.array(z.number()).min(2) })
        .refine(({ min, max }) => max > min, 'expected max > min')
        .or(z.undefined()),
      tempering: z
        .strictObject({ temperatures: z.union([z.array(positive).min(2), z.literal('auto')]) })
        .or(z.undefined()),
      latent: z.strictObject({ stepSize: positive, moves: count }).or(z.undefined()),
    })
    .partial()
    .optional(),
  reweighting: z
    .strictObject({ draws: count, annealed: annealing.or(z.undefined()) })
    .partial()
    .optional(),
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
        profiles: z.array(profile).min(1).optional(),
      }),
    ])
    .optional(),
  targets: z
    .strictObject({ standardError: positive, essFraction: share, usefulAcceptance: share })
    .partial()
    .optional(),
});

/** Something with entries. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}
