import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readResult, resultJson, resultJsonSchema } from '../../src/io/resultSchema.ts';
import type { Result } from '../../src/scenario/result.ts';
import { root } from './inChild.ts';

const stated = { value: 3.37, standardError: 0.012 };
const withheld = { value: null, withheld: { reason: 'Pareto k is 0.9', advice: 'train longer' } };

const result: Result = {
  schema: 'ergoflow.result/1',
  scenario: 'double-well',
  seed: 0,
  temperature: 1,
  verdict: 'converged',
  states: [
    { name: 'left', definition: 'x < 0', core: 'x < -1' },
    { name: 'right', definition: 'x >= 0', core: 'x > 1' },
  ],
  freeEnergy: {
    unit: 'kT',
    difference: stated,
    reference: { value: 3.3799, standardError: 0, source: 'quadrature' },
  },
  profile: {
    source: 'quadrature',
    hybrid: {
      bins: 40,
      of: 60,
      largest: { kT: 0.2, at: 1.5 },
      mostSignificant: { standardErrors: 2.4, at: -1 },
    },
    reweighted: null,
  },
  reweighted: {
    difference: withheld,
    essFraction: 0.88,
    essFractionPerState: [0.9, 0.86],
    forwardEssFraction: null,
    paretoK: null,
    samples: 100_000,
    outsideDomain: 0,
    notInvertible: 0,
    notFinite: 0,
    logZ: { value: [1, 2], standardError: [0.1, 0.2] },
  },
  combined: { difference: stated, method: 'BAR' },
  hybrid: {
    chains: 4,
    steps: 10,
    flowMoves: 40,
    acceptance: 0.8,
    localAcceptance: 0.9,
    transitions: 2,
    usefulAcceptance: 0.05,
    idealUsefulAcceptance: 0.0637,
    ess: 20.5,
    essPerSecond: 1,
    essPerEvaluation: 1,
    essPerSecondTotal: 1,
    essPerEvaluationTotal: 1,
    rhat: 1.001,
  },
  tempering: null,
  neighbours: [
    {
      temperature: 1.1,
      hybrid: { difference: stated, essFraction: 0.97, paretoK: 0.1 },
      reweighted: { difference: withheld, essFraction: 0.2, paretoK: null },
      reference: null,
    },
  ],
  plainMd: null,
  ledger: {
    seeding: 1,
    training: 2,
    flowProposals: 3,
    localMoves: 4,
    diagnostics: 0,
    total: 10,
    gradients: 3,
    flowPasses: 9,
  },
  wallSeconds: { seeding: 0.1, training: 0.2, sampling: 0.3, comparing: 0, total: 0.6 },
  backend: { name: 'tensorflow', library: '2.21.0' },
  checks: [
    {
      name: 'free energy',
      expected: 3.3799,
      found: 3.37,
      tolerance: 0.05,
      relation: 'about',
      source: 'quadrature',
      passed: true,
    },
  ],
};

/** The problems that the schema names, or none. */
function problems(changed: object): string {
  try {
    readResult(JSON.stringify({ ...result, ...changed }));
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
}

describe('the result schema', () => {
  it('accepts a result and gives it back unchanged', () => {
    expect(readResult(resultJson(result))).toEqual(result);
  });

  it('names every entry that does not fit', () => {
    const { seed: _, ...rest } = result;
    expect(() => readResult(JSON.stringify({ ...rest, verdict: 'fine', extra: 1 }))).toThrow(
      /"extra"[\s\S]*→ at seed[\s\S]*→ at verdict/,
    );
    expect(() => readResult('{')).toThrow('result.json is not JSON');
  });

  it('knows a withheld figure only with its reason and advice', () => {
    const combined = (difference: object): object => ({
      combined: { difference, method: 'BAR' },
    });
    expect(problems(combined(withheld))).toBe('');
    expect(problems(combined({ value: null }))).toContain('combined.difference');
    expect(problems(combined({ value: 1, withheld: withheld.withheld }))).toContain(
      'combined.difference',
    );
    expect(problems(combined({ value: 1 }))).toContain('combined.difference');
  });

  it('lets no NaN or infinity become a null unnoticed', () => {
    const hybrid = { ...result.hybrid, essPerSecond: Number.POSITIVE_INFINITY };
    expect(() => resultJson({ ...result, hybrid })).toThrow('→ at hybrid.essPerSecond');
  });

  it('ships as the JSON Schema that it generates', () => {
    const shipped = readFileSync(join(root, 'docs', 'result.schema.json'), 'utf8');
    expect(shipped, 'run: npm run build && node scripts/write-result-schema.mjs').toBe(
      resultJsonSchema(),
    );
  });

  it('says the same as JSON Schema as it does here', () => {
    // Read back from the shipped text, so that nothing of our own schema is left in it.
    const shipped = z.fromJSONSchema(JSON.parse(resultJsonSchema()));
    expect(shipped.safeParse(result).success).toBe(true);
    expect(shipped.safeParse({ ...result, verdict: 'fine' }).success).toBe(false);
    expect(shipped.safeParse({ ...result, extra: 1 }).success).toBe(false);
    expect(
      shipped.safeParse({ ...result, combined: { difference: { value: null }, method: 'BAR' } })
        .success,
    ).toBe(false);
  });
});
