import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromRows } from '../../src/core/batch.ts';
import { linear } from '../../src/core/collectiveVariable.ts';
import { booked, emptyLedger } from '../../src/core/ledger.ts';
import type { Potential } from '../../src/core/potential.ts';
import { inUnits } from '../../src/md/inUnits.ts';
import { onAtoms } from '../../src/md/onAtoms.ts';
import { defineBondPotential } from '../../src/md/particles/defineBondPotential.ts';
import { scaled, sumOf } from '../../src/md/sumOf.ts';
import { umbrellaPotential } from '../../src/md/umbrella.ts';
import { limited, meter } from '../../src/scenario/compare/meter.ts';

/** NaN where the two particles are nearer than 1. */
const broken = defineBondPotential({
  name: 'broken',
  particles: 2,
  bonds: [[0, 1]],
  expression: 'sqrt(r - 1)',
});

const windows = [{ center: 0, stiffness: 1 }];
const budget = { unit: 'evaluations', amount: 100 } as const;

/** Every function that makes a potential of a potential, by the file that it stands in. */
const wrappers: Readonly<Record<string, (potential: Potential) => Potential>> = {
  'core/ledger.ts: booked': (potential) => booked(potential, emptyLedger(), 'localMoves'),
  'md/inUnits.ts: inUnits': (potential) => inUnits(potential, { length: 1, energy: 2 }),
  'md/onAtoms.ts: onAtoms': (potential) => onAtoms(potential, { atoms: [0, 1], particles: 2 }),
  'md/sumOf.ts: scaled': (potential) => scaled(potential, 2),
  'md/sumOf.ts: sumOf': (potential) => sumOf([potential, potential]),
  'md/umbrella.ts: umbrellaPotential': (potential) =>
    umbrellaPotential(potential, linear('x', [1, 0, 0, 0, 0, 0]), windows, 1),
  'scenario/compare/meter.ts: limited': (potential) =>
    limited(potential, meter(budget, emptyLedger()), budget),
};

const src = resolve(import.meta.dirname, '../../src');

/** The exported functions of `src` that take a potential and return one. */
function wrappersInSource(): string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.wasm.ts'))
    .flatMap((path) => {
      const text = readFileSync(join(src, path), 'utf8');
      return [...text.matchAll(/^export function (\w+)[^{}]*?\(([^{}]*?)\): Potential \{$/gm)]
        .filter(([, , parameters]) => /: (readonly )?Potential\b/.test(parameters))
        .map(([, name]) => `${path.replaceAll('\\', '/')}: ${name}`);
    });
}

describe('a potential made of a potential', () => {
  it.each(Object.entries(wrappers))('still tells which term is broken: %s', (_, wrap) => {
    const near = Float64Array.of(0, 0, 0, 0.5, 0, 0);
    const wrapped = wrap(broken);
    expect(wrapped.energy(fromRows([[...near]]))[0]).toBeNaN();
    expect(wrapped.explain?.(near)).toContain('bond 0–1 has energy NaN at r = 0.5');
    expect(wrapped.explain?.(Float64Array.of(0, 0, 0, 2, 0, 0))).toBe(undefined);
  });

  it('is made by none but the functions that are tried here', () => {
    expect(wrappersInSource().sort()).toEqual(Object.keys(wrappers).sort());
  });
});
