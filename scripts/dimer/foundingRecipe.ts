import { defineScenario } from 'ergoflow';
import dimer from '../../scenarios/particleDimer.ts';

/**
 * The particle dimer by the recipe of the founding paper (Noé et al. 2019, supplementary table of figure 3): a whitened
 * RealNVP of eight blocks and 2 × 200 units, trained by example and then by both, with energies at eight temperatures,
 * the energy's cap lowered from stage to stage and a reaction-coordinate loss. Batches have 1000 of the paper's 8000
 * latent points; seeds, labels and reference are those of `particle-dimer`.
 *
 *     npx ergoflow run scripts/dimer/foundingRecipe.ts
 */
const both = (steps: number, example: number, reactionCoordinate: number, high: number) => ({
  steps,
  exampleBatch: 1000,
  energyBatch: 1000,
  learningRate: 1e-4,
  weights: { example, energy: 1, reactionCoordinate },
  energyCap: { high, max: 1e10 },
  temperatures: [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4],
});

export default defineScenario({
  ...dimer,
  name: 'founding-dimer',
  about: 'The particle dimer by the recipe of the founding paper, for comparison.',
  flow: { kind: 'realnvp', blocks: 8, hidden: [200, 200], whiten: true },
  training: {
    byExample: [{ steps: 20, exampleBatch: 256, learningRate: 1e-3 }],
    byEnergy: [
      both(200, 100, 1, 1e4),
      both(300, 100, 5, 1e4),
      both(300, 100, 10, 1e4),
      both(1000, 20, 10, 2000),
      both(2000, 0.01, 10, 1000),
    ],
  },
  production: {
    local: { kind: 'hmc', timestep: 0.022, steps: 10, attempts: 5 },
    chains: 64,
    sweeps: 100,
    flowMoves: 20,
  },
  reweighting: { draws: 20_000 },
});
