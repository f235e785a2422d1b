import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import type { CheckProgress, PotentialCheck } from '../../../src/md/check/checkPotential.ts';
import type { Finding } from '../../../src/md/check/finding.ts';
import { definePotential } from '../../../src/md/definePotential.ts';
import { doubleWell } from '../../../src/md/potentials/doubleWell.ts';
import { harmonic } from '../../../src/md/potentials/harmonic.ts';
import { muellerBrown } from '../../../src/md/potentials/muellerBrown.ts';
import { scaled, sumOf } from '../../../src/md/sumOf.ts';
import { lennardJones, pairs } from './pairs.ts';
import { quick } from './quick.ts';

const cluster = pairs('cluster', lennardJones);

describe.each([
  ['the double well', doubleWell()],
  ['the double well in five dimensions', doubleWell({ dim: 5 })],
  ['Müller–Brown', muellerBrown()],
  ['a harmonic well', harmonic({ stiffness: [1, 20] })],
  ['a sum of scaled terms', sumOf([scaled(doubleWell(), 0.5), harmonic({ stiffness: [3, 2] })])],
  [
    'a potential without a gradient',
    definePotential({ name: 'cosh', dim: 2, energy: ([x, y]) => Math.cosh(x) + y ** 4 }),
  ],
  ['a small cluster', cluster],
])('%s', (_, potential) => {
  it('passes, and has steps that are accepted as they should be', () => {
    const check = quick(potential, { kT: 0.5 });
    const failed = check.findings.filter(({ status }) => status === 'failed');
    expect(failed).toEqual([]);
    expect(check.passed).toBe(true);
    expect(check.steps?.acceptance.mala).toBeGreaterThan(0.4);
    expect(check.steps?.acceptance.hmc).toBeGreaterThan(0.6);
    const order = figure(check, 'energy conservation', 'order');
    // Second order, from trajectories of some 60 steps.
    expect(Math.abs(order - 2)).toBeLessThan(0.1);
  });
});

describe('checkPotential', () => {
  const wells = quick(doubleWell());

  it('finds the wells of the double well and the height between them', () => {
    expect(wells.minima.map(({ energy }) => energy)).toEqual([
      expect.closeTo(-10.7524, 4),
      expect.closeTo(-7.2893, 4),
    ]);
    // U at the top, 0.0835, is 0.0418.
    expect(figure(wells, 'barrier', 'heightInKT')).toBeCloseTo(10.794, 2);
    expect(wells.advice.join('\n')).toContain('up to 11 kT: a case for the hybrid');
  });

  it('finds a pass of Müller–Brown that is lower than the straight line, and no lower than the saddle', () => {
    const { minima, barrier } = quick(muellerBrown());
    expect(minima.map(({ energy }) => energy)).toEqual([
      expect.closeTo(-14.67, 3),
      expect.closeTo(-10.8167, 3),
      expect.closeTo(-8.0768, 3),
    ]);
    // The saddle of the original surface lies at −40.665, Müller & Brown 1979, here times 0.1.
    expect(barrier?.top).toBeGreaterThanOrEqual(-4.0665);
    expect(barrier?.top).toBeLessThan(-3.6);
    expect(barrier?.straight).toBeGreaterThan(0);
  });

  it('takes float32 for what it is where U is flat far away and chains leave for there', () => {
    const flat = definePotential({
      name: 'flat far away',
      dim: 2,
      energy: ([x, y]) => Math.fround(Math.tanh(Math.fround(x)) - 2 * Math.tanh(Math.fround(y))),
      gradient: ([x, y], out) => {
        out[0] = Math.cosh(x) ** -2;
        out[1] = -2 * Math.cosh(y) ** -2;
      },
    });
    const { findings } = quick(flat, { kT: 1 });
    const statusOf = (wanted: string) => findings.find(({ name }) => name === wanted)?.status;
    expect([statusOf('gradient'), statusOf('precision')]).toEqual(['warned', 'warned']);
  });

  it('reports symmetries that nobody claimed', () => {
    const { symmetries, findings } = quick(cluster, { kT: 0.3 });
    expect(symmetries.layout).toEqual({ dimensions: 3 });
    expect([...symmetries.holding]).toEqual(['rotation', 'permutation']);
    expect(findings.find(({ name }) => name === 'translation')?.message).toContain('not invariant');
  });

  it('exchanges only particles of one kind', () => {
    const kinds = ['A', 'B', 'A'];
    const tagged = pairs(
      'tagged',
      () => ({ value: 0, slope: 0 }),
      (x, out) => {
        out[3] += 4 * x[3] ** 3;
        return x[3] ** 4;
      },
    );
    const options = { particles: { dimensions: 3, kinds }, claims: ['permutation'] } as const;
    const check = quick(tagged, options);
    expect(check.symmetries.groups).toEqual([[0, 2]]);
    expect(check.passed).toBe(true);
  });

  it('gives the same figures again, but for the clock', () => {
    const { findings, reached } = quick(doubleWell());
    expect(findings).toEqual(wells.findings);
    expect(reached).toEqual(wells.reached);
    expect(quick(doubleWell(), { seed: 2 }).reached).not.toEqual(wells.reached);
  });

  it('says how far it is, from the first stage to the last', () => {
    const told: CheckProgress[] = [];
    quick(doubleWell(), { onProgress: (progress) => told.push(progress) });
    expect(told[0]).toEqual({ stage: 'calls', done: 0 });
    expect(told.at(-1)).toEqual({ stage: 'done', done: 1 });
    const shares = told.map(({ done }) => done);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });

  it('begins where it is told to, so that a surface that is finite nowhere else can be checked', () => {
    const far = definePotential({
      name: 'far',
      dim: 1,
      energy: ([x]) => (Math.abs(x - 50) < 5 ? (x - 50) ** 2 : Infinity),
      gradient: ([x], out) => {
        out[0] = 2 * (x - 50);
      },
    });
    const lost = quick(far);
    expect(lost.findings.map(({ name, status }) => [name, status])).toEqual([
      ['finite at temperature', 'failed'],
    ]);
    expect(lost.findings[0].message).toContain('give "starts"');
    expect(quick(far, { starts: [[51]] }).minima[0].x[0]).toBeCloseTo(50, 5);
  });

  it('refuses options that fit no potential of this size', () => {
    expect(() => quick(doubleWell(), { starts: [[1, 2, 3]] })).toThrow(ShapeError);
    expect(() => quick(doubleWell(), { kT: -1 })).toThrow('"kT" expected a positive number');
    expect(() => quick(doubleWell(), { points: 0 })).toThrow('"points" expected an integer');
    expect(() => quick(doubleWell(), { claims: ['rotation'] })).toThrow(
      '"claims" are about particles',
    );
    expect(() => quick(doubleWell({ dim: 5 }), { particles: { dimensions: 3 } })).toThrow(
      '"particles.dimensions" expected a divisor of 5',
    );
    expect(() => quick(cluster, { particles: { dimensions: 3, kinds: ['A'] } })).toThrow(
      '"particles.kinds" expected 3 entries',
    );
  });
});

function figure(check: PotentialCheck, name: Finding['name'], of: string): number {
  return check.findings.find((one) => one.name === name)?.figures[of] ?? Number.NaN;
}
