import { expect, it } from 'vitest';
import { rootKey } from '../../../src/core/rng.ts';
import { ghmc } from '../../../src/md/kernels/ghmc.ts';
import { hmc } from '../../../src/md/kernels/hmc.ts';
import { mala } from '../../../src/md/kernels/mala.ts';
import { randomWalk } from '../../../src/md/kernels/randomWalk.ts';
import { bananaTarget, quarticTarget } from '../../contracts/exactTarget.ts';
import { fluxBalance } from '../../contracts/flux.ts';
import { stationarityScores } from '../../contracts/stationarity.ts';

it('no exact kernel drifts, in runs that see a bias seven times smaller than the fast ones', () => {
  const squares: number[] = [];
  for (const target of [quarticTarget(), bananaTarget()]) {
    const { potential, kT } = target;
    const masses = [2, 0.5].slice(0, potential.dim);
    const moving = { kT, masses, timestep: 0.6, steps: 2, attempts: 2 };
    const kernels = [
      { kernel: randomWalk(potential, { kT, stepSize: 0.8, attempts: 4 }) },
      { kernel: mala(potential, { kT, timestep: 0.12, attempts: 3 }) },
      { kernel: hmc(potential, { ...moving, jitter: 0.4 }), masses },
      { kernel: ghmc(potential, { ...moving, persistence: 0.8 }), masses },
    ];
    for (const { kernel, ...velocities } of kernels) {
      const run = { chains: 100_000, bursts: 75, key: rootKey(7), ...velocities };
      for (const { name, z } of stationarityScores(kernel, target, run)) {
        expect(Math.abs(z), `${name}: ${kernel.name} on the ${target.name}`).toBeLessThan(4.5);
        squares.push(z * z);
      }
      const { z } = fluxBalance(kernel, target, 2_000_000, rootKey(8));
      expect(Math.abs(z), `${kernel.name} on the ${target.name}`).toBeLessThan(4.5);
    }
  }
  // The scores of one run are correlated, hence the wide margins round their mean square of 1.
  const meanSquare = squares.reduce((sum, square) => sum + square, 0) / squares.length;
  expect(meanSquare).toBeGreaterThan(0.6);
  expect(meanSquare).toBeLessThan(1.6);
});
