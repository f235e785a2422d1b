import { type Batch, batch } from '../../core/batch.ts';
import { expectInteger, expectPositive } from '../../core/expectNumber.ts';
import { metropolisHastings, type Proposer } from '../../core/hastings.ts';
import type { Kernel } from '../../core/kernel.ts';
import type { Potential } from '../../core/potential.ts';
import { normal } from '../../core/rng.ts';

/** Settings of the random walk. */
export interface RandomWalkOptions {
  /** k_B T, in the potential's energy unit. */
  readonly kT: number;
  /** σ, the standard deviation of a step in every coordinate, length. */
  readonly stepSize: number;
  /** Steps offered to each chain per burst. */
  readonly attempts: number;
}

/**
 * Random-walk Metropolis: a Gaussian step, the same whatever the surface.
 *
 *     y = x + σ ξ,   ξ ~ N(0, I)
 *
 * Metropolis, Rosenbluth, Rosenbluth, Teller & Teller, J. Chem. Phys. 21, 1087, 1953.
 */
export function randomWalk(potential: Potential, options: RandomWalkOptions): Kernel {
  return metropolisHastings(potential, randomWalkProposer(options.stepSize), {
    kT: expectPositive('kT', options.kT),
    attempts: expectInteger('attempts', options.attempts, 1),
  });
}

/** The symmetric proposal of `randomWalk`; `stepSize` is σ. */
export function randomWalkProposer(stepSize: number): Proposer {
  expectPositive('stepSize', stepSize);
  let y: Batch = batch(new Float64Array(0), 1);
  let symmetric = new Float64Array(0);

  return {
    name: 'random-walk',
    redrawsVelocities: false,
    propose({ positions }, key) {
      if (y.count !== positions.count || y.dim !== positions.dim) {
        y = batch(new Float64Array(positions.data.length), positions.dim);
        symmetric = new Float64Array(positions.count);
      }
      normal(key, y.data);
      for (let i = 0; i < y.data.length; i++) {
        y.data[i] = positions.data[i] + stepSize * y.data[i];
      }
      return {
        y,
        logForward: symmetric,
        logReverse: symmetric,
        evaluated: undefined,
        refused: undefined,
        density: undefined,
      };
    },
  };
}
