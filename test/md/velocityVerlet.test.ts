import { describe, expect, it } from 'vitest';
import { copy, fromRows } from '../../src/core/batch.ts';
import type { Potential } from '../../src/core/potential.ts';
import { normal, rootKey } from '../../src/core/rng.ts';
import { definePotential } from '../../src/md/definePotential.ts';
import { harmonic } from '../../src/md/potentials/harmonic.ts';
import { muellerBrown } from '../../src/md/potentials/muellerBrown.ts';
import { type Motion, velocityVerlet } from '../../src/md/velocityVerlet.ts';

function motionFrom(potential: Potential, x: number[][], v: number[]): Motion {
  const positions = copy(fromRows(x));
  return {
    positions,
    velocities: Float64Array.from(v),
    evaluated: potential.energyAndGradient(positions),
  };
}

describe('velocityVerlet', () => {
  it('falls freely without any error, whatever the step', () => {
    const g = 9.81;
    const mass = 3;
    const falling = definePotential({
      name: 'gravity',
      dim: 1,
      energy: ([x]) => mass * g * x,
      gradient(_, out) {
        out[0] = mass * g;
      },
    });
    const motion = motionFrom(falling, [[0]], [2]);
    for (let n = 0; n < 10; n++) {
      velocityVerlet(falling, motion, Float64Array.of(mass), Float64Array.of(0.3));
    }
    const t = 10 * 0.3;
    expect(motion.positions.data[0]).toBeCloseTo(2 * t - (g / 2) * t ** 2, 10);
    expect(motion.velocities[0]).toBeCloseTo(2 - g * t, 10);
  });

  it('turns in a harmonic well by arccos(1 − ω²Δt²/2) a step', () => {
    const [k, mass, timestep] = [3, 2, 0.4];
    const well = harmonic({ stiffness: [k] });
    const motion = motionFrom(well, [[1]], [0]);
    for (let n = 0; n < 7; n++) {
      velocityVerlet(well, motion, Float64Array.of(mass), Float64Array.of(timestep));
    }
    const turn = Math.acos(1 - ((k / mass) * timestep ** 2) / 2);
    expect(motion.positions.data[0]).toBeCloseTo(Math.cos(7 * turn), 12);
  });

  it('comes back to its start when velocities are reversed', () => {
    const surface = muellerBrown();
    const start = [
      [-0.5, 1.4],
      [0.6, 0.1],
    ];
    const motion = motionFrom(surface, start, [...normal(rootKey(1), 4)]);
    const masses = Float64Array.of(1, 4);
    const timesteps = Float64Array.of(0.02, 0.03);
    for (let n = 0; n < 50; n++) velocityVerlet(surface, motion, masses, timesteps);
    for (let i = 0; i < 4; i++) motion.velocities[i] *= -1;
    for (let n = 0; n < 50; n++) velocityVerlet(surface, motion, masses, timesteps);
    start.flat().forEach((x, i) => {
      expect(Math.abs(motion.positions.data[i] - x)).toBeLessThan(1e-9);
    });
  });

  it('conserves energy to O(Δt²), with no drift over 20 000 steps', () => {
    const surface = muellerBrown();
    const masses = Float64Array.of(1, 1);
    const spread = (timestep: number): { early: number; late: number } => {
      const motion = motionFrom(surface, [[-0.558, 1.4417]], [1, -1]);
      const total = (): number =>
        motion.evaluated.energy[0] + 0.5 * (motion.velocities[0] ** 2 + motion.velocities[1] ** 2);
      const start = total();
      let [early, late] = [0, 0];
      for (let n = 0; n < 20_000; n++) {
        velocityVerlet(surface, motion, masses, Float64Array.of(timestep));
        const error = Math.abs(total() - start);
        if (n < 10_000) early = Math.max(early, error);
        else late = Math.max(late, error);
      }
      return { early, late };
    };
    const coarse = spread(0.02);
    const fine = spread(0.01);
    expect(coarse.early / fine.early).toBeGreaterThan(3.5);
    expect(coarse.early / fine.early).toBeLessThan(4.5);
    expect(fine.late).toBeLessThan(1.1 * fine.early);
  });
});
