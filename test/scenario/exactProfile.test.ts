import { describe, expect, it } from 'vitest';
import { linear } from '../../src/core/collectiveVariable.ts';
import { definePotential } from '../../src/md/definePotential.ts';
import { exactProfile } from '../../src/scenario/exactProfile.ts';

/** U = x²/2: F in a narrow bin at x is x²/(2 kT). */
let evaluations = 0;
const potential = definePotential({
  name: 'parabola',
  dim: 1,
  energy: (x) => {
    evaluations++;
    return 0.5 * x[0] ** 2;
  },
  gradient: (x, out) => {
    out[0] = x[0];
  },
});
const coordinate = { variable: linear('x', [1]), min: -2.02, max: 2.02, bins: 101 };
const plan = { potential, kT: 1, coordinate };
const box = [[-9, 9]] as const;

describe('exactProfile', () => {
  it('is the exact free energy at the temperature of the plan', () => {
    // Bins of 0.04: the middle ones are at 0 and at ±2, bin averages are within 0.04²/12 of the middle.
    expect(exactProfile(plan, box)[0]).toBeCloseTo(2, 3);
    expect(exactProfile(plan, box)[50]).toBe(0);
    expect(exactProfile({ ...plan, kT: 2 }, box)[100]).toBeCloseTo(1, 3);
  });

  it('integrates once for the same question, and again for another box, axis or temperature', () => {
    const first = exactProfile(plan, box);
    evaluations = 0;
    expect(exactProfile({ ...plan, coordinate: { ...coordinate } }, box)).toBe(first);
    expect(evaluations).toBe(0);
    const others = [
      () => exactProfile({ ...plan, kT: 1.5 }, box),
      () => exactProfile({ ...plan, coordinate: { ...coordinate, max: 2 } }, box),
      () => exactProfile({ ...plan, coordinate: { ...coordinate, bins: 50 } }, box),
      () => exactProfile({ ...plan, coordinate: { ...coordinate, min: -2 } }, box),
      () =>
        exactProfile({ ...plan, coordinate: { ...coordinate, variable: linear('−x', [-1]) } }, box),
      () => exactProfile(plan, [[-1, 1]]),
    ];
    for (const other of others) {
      exactProfile(plan, box);
      evaluations = 0;
      other();
      expect(evaluations).toBeGreaterThan(0);
    }
  });
});
