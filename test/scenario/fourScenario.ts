import { linear } from '../../src/core/collectiveVariable.ts';
import { rootKey } from '../../src/core/rng.ts';
import { chain } from '../../src/flow/chain.ts';
import { type FlowModel, newModel } from '../../src/flow/model.ts';
import { scaling } from '../../src/flow/scaling.ts';
import { whitening } from '../../src/flow/whitening.ts';
import { defineScenario } from '../../src/scenario/defineScenario.ts';
import { stateAlong } from '../../src/scenario/stateAlong.ts';
import { potential, reference } from '../hybrid/fourInABowl.ts';

/** Of the first particle, which is like no other. */
export const first = linear('x₀', [1, 0, 0, 0, 0, 0, 0, 0]);

const start = (x: number): number[] => [x, 0.1, -0.9, 0.1, 0.3, 1, 0.2, -1];

/** Four particles of which the last three are alike, from seeding to result in a second. */
export const fourScenario = defineScenario({
  name: 'four-in-a-bowl',
  about: 'Which side the first particle is on, among three that are alike.',
  potential,
  states: [
    stateAlong(first, 'left', { below: 1 }, { start: start(0.6) }),
    stateAlong(first, 'right', { from: 1 }, { start: start(1.4) }),
  ],
  coordinate: { variable: first, min: -2, max: 4, bins: 12 },
  identicalParticles: { particles: [1, 2, 3], reference, space: 2 },
  seeding: {
    dynamics: { kind: 'hmc', timestep: 0.3, steps: 2, attempts: 1 },
    chains: 10,
    burnIn: 20,
    frames: 10,
    stride: 2,
  },
  flow: { blocks: 1, hidden: [4] },
  assessing: { draws: 500 },
  production: {
    local: { kind: 'hmc', timestep: 0.3, steps: 2, attempts: 2 },
    chains: 60,
    warmUp: 20,
    sweeps: 100,
    flowMoves: 1,
    latent: { stepSize: 0.4, moves: 1 },
  },
  reweighting: { draws: 20_000 },
  baseline: false,
});

/**
 * A Gaussian whose centres lie between the site of one of the three and that of the next: half of its
 * draws carry labels of other sites.
 */
export function shiftedGaussian(): FlowModel {
  const towards = [0, 1, 4, 5, 6, 7, 2, 3];
  const axes = reference.map((_, i) => reference.map((_unused, j) => (i === j ? 1 : 0)));
  const mean = reference.map((c, i) => 0.45 * c + 0.55 * reference[towards[i]]);
  return newModel(
    chain([scaling(8), whitening({ mean, axes, scales: mean.map(() => 0.9) })]),
    rootKey(0),
  );
}
