import { defineScenario, linear, muellerBrown, stateAlong } from 'ergoflow';

// The projection of the founding paper: from the deep upper-left basin to the lower-right one.
const p = linear('0.7x - 0.7y', [0.7, -0.7]);

export default defineScenario({
  name: 'mueller-brown',
  about: 'The Müller–Brown surface at k = 0.1: three basins along a bent path.',
  potential: muellerBrown({ scale: 0.1 }),
  states: [
    stateAlong(p, 'left', { below: -1 }, { start: [-0.5, 1.5] }),
    stateAlong(p, 'right', { from: 0 }, { start: [0.5, 0] }),
  ],
  coordinate: { variable: p, min: -1.8, max: 0.8 },
  flow: { blocks: 12, hidden: [32, 32] },
  training: {
    // The paper's reaction-coordinate weight fills the valley between the basins; it ends at zero, since
    // a flow that is spread evenly along p wastes its draws.
    byEnergy: [
      {
        steps: 400,
        temperatures: [1, 2],
        learningRate: { from: 1e-3, to: 1e-4 },
        weights: { example: 1, energy: 1, reactionCoordinate: { from: 1, to: 0 } },
      },
    ],
    // Learning mostly from explored frames covers the bent rims that samples of the flow itself miss.
    again: {
      byExample: [{ steps: 300, exampleBatch: 1024 }],
      byEnergy: [
        {
          steps: 1500,
          energyBatch: 700,
          exampleBatch: 1024,
          temperatures: [1, 1.5, 2],
          weights: { example: 3, energy: 1, reactionCoordinate: 0 },
          learningRate: { from: 2e-3, to: 2e-5 },
        },
      ],
    },
  },
  seeding: { frames: 20 },
  exploring: { chains: 200, sweeps: 250 },
  assessing: { draws: 40_000, targetEssFraction: 0.75, targetAcceptance: 0.8 },
  production: { sweeps: 520 },
  reference: {
    kind: 'quadrature',
    box: [
      [-2, 1.5],
      [-0.6, 2.6],
    ],
  },
  targets: { standardError: 0.02, essFraction: 0.7 },
});
