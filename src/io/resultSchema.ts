import { z } from 'zod';
import type { Result } from '../scenario/result.ts';
import { FormatError } from './formatError.ts';

const numbers = z.union([z.number(), z.array(z.number())]);
const count = z.int().min(0);
// A share of exactly 1 may come out a rounding error above it.
const share = z.number().min(0).max(1.000001);

const stated = z
  .strictObject({ value: numbers, standardError: numbers })
  .describe('A figure with its standard error; arrays where there are more than two states.');

const withheld = z
  .strictObject({
    value: z.null(),
    withheld: z.strictObject({ reason: z.string(), advice: z.string() }),
  })
  .describe('A figure that would rest on bad weights or too few transitions.');

const figure = z.union([stated, withheld]).meta({ id: 'figure' });

const known = z
  .strictObject({ ...stated.shape, source: z.string() })
  .nullable()
  .describe('What it is known to be, and from where.');

const carried = z
  .strictObject({ difference: figure, essFraction: share, paretoK: z.number().nullable() })
  .meta({ id: 'carried' });

const departure = z
  .strictObject({
    bins: count.describe('Compared: the profile has a standard error of at most 0.316 kT there.'),
    of: count.describe('Bins in which the reference is known.'),
    largest: z.strictObject({ kT: z.number().min(0), at: z.number() }),
    mostSignificant: z.strictObject({ standardErrors: z.number().min(0), at: z.number() }),
  })
  .describe(
    'The largest distances of a profile from what is known, and where along the coordinate.',
  )
  .meta({ id: 'departure' });

const result = z.strictObject({
  schema: z.literal('ergoflow.result/1'),
  scenario: z.string(),
  seed: z.int(),
  temperature: z.number().describe('K; kT itself where the potential is in reduced units.'),
  verdict: z.enum(['converged', 'exhausted', 'missed', 'failed']),
  states: z
    .array(z.strictObject({ name: z.string(), definition: z.string(), core: z.string() }))
    .min(2)
    .describe('Free energies are differences to the first.'),
  freeEnergy: z.strictObject({
    unit: z.literal('kT'),
    difference: figure.describe(
      "The hybrid chain's own estimate of F(states[i]) − F(states[0]) = −ln(P_i / P_0).",
    ),
    reference: known,
  }),
  profile: z
    .strictObject({
      source: z.string(),
      hybrid: departure.nullable(),
      reweighted: departure.nullable(),
    })
    .nullable()
    .default(null)
    .describe('The free energy along the coordinate beside what is known; null where nothing is.'),
  reweighted: z.strictObject({
    difference: figure.describe('From independent draws of the flow with their weights.'),
    essFraction: share.describe('(Σw)² / (N Σw²)'),
    essFractionPerState: z.array(share),
    forwardEssFraction: share.nullable().describe("The same from the hybrid chain's samples."),
    paretoK: z.number().nullable(),
    samples: count,
    outsideDomain: count.describe(
      'Draws with labels of other sites; weight 0, counted in samples.',
    ),
    notInvertible: count,
    notFinite: count,
    logZ: figure.describe('Of the whole space: with n identical particles ln n! is in it.'),
  }),
  combined: z.strictObject({ difference: figure, method: z.literal('BAR') }),
  hybrid: z.strictObject({
    chains: count,
    steps: count,
    flowMoves: count,
    acceptance: share,
    localAcceptance: share,
    transitions: count.describe('By flow moves, core to core, last core visited, all chains.'),
    usefulAcceptance: share.describe('transitions / flowMoves'),
    idealUsefulAcceptance: share
      .nullable()
      .describe(
        '2 p (1 − p), what independent draws of what is sampled would reach; two states only.',
      ),
    ess: z.number().min(0).describe('Of the state indicator that has the fewest.'),
    essPerSecond: z.number().min(0),
    essPerEvaluation: z.number().min(0),
    essPerSecondTotal: z.number().min(0).describe('With seeding and training.'),
    essPerEvaluationTotal: z.number().min(0).describe('With seeding and training.'),
    rhat: z.number().nullable(),
  }),
  tempering: z
    .strictObject({
      ladder: z.array(z.number()).min(1).describe("kT of every rung, the run's own first."),
      swapAcceptance: z.array(share),
      roundTrips: count.describe('Journeys cold → hot → cold of all replicas.'),
      transitions: count.describe('Core to core, of the first rung, by whatever move.'),
    })
    .nullable()
    .default(null)
    .describe('Of a run without a flow, whose chain is the first rung; null with one.'),
  neighbours: z
    .array(
      z.strictObject({
        temperature: z.number(),
        hybrid: carried,
        reweighted: carried,
        reference: known,
      }),
    )
    .default([])
    .describe('The same samples reweighted to other temperatures; differences in kT of each.'),
  plainMd: z
    .strictObject({
      evaluations: count,
      chains: count,
      transitions: count.describe('Core to core.'),
      predictedTransitions: z.number().nullable(),
      difference: figure,
    })
    .nullable()
    .describe('Plain MD from the same starts with as many evaluations; null where left out.'),
  ledger: z
    .strictObject({
      seeding: count,
      training: count,
      flowProposals: count,
      localMoves: count,
      diagnostics: count,
      total: count,
      gradients: count,
      flowPasses: count,
    })
    .describe('Energy evaluations of one configuration each, by what they were spent on.'),
  wallSeconds: z.strictObject({
    seeding: z.number().min(0),
    training: z.number().min(0),
    sampling: z.number().min(0),
    comparing: z.number().min(0).describe('Plain MD beside it; not part of the total.'),
    total: z.number().min(0),
  }),
  backend: z.strictObject({ name: z.enum(['tensorflow', 'wasm', 'cpu']), library: z.string() }),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      expected: z.number(),
      found: z.number().nullable(),
      tolerance: z.number().min(0),
      relation: z.enum(['about', 'at least', 'at most']),
      source: z.string(),
      passed: z.boolean(),
    }),
  ),
});

/** What `result.json` may hold. The one source of the JSON Schema that ships. */
export const resultSchema: z.ZodType<Result> = result;

/** `docs/result.schema.json`, as text. */
export function resultJsonSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(result);
  const title = { title: 'ergoflow.result/1', description: 'The content of result.json.' };
  return `${JSON.stringify({ $schema, ...title, ...rest }, undefined, 2)}\n`;
}

/**
 * A result as the text of `result.json`.
 * @throws {FormatError} naming each entry that the schema does not allow, NaN and ±∞ among them.
 */
export function resultJson(value: Result): string {
  return `${JSON.stringify(checked(value), undefined, 2)}\n`;
}

/** The content of a `result.json`. @throws {FormatError} naming each entry that does not fit. */
export function readResult(text: string): Result {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new FormatError('result.json is not JSON', { cause });
  }
  return checked(content);
}

function checked(value: unknown): Result {
  const parsed = resultSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new FormatError(
    `the result does not fit its schema ergoflow.result/1:\n${z.prettifyError(parsed.error)}`,
    { cause: parsed.error },
  );
}
