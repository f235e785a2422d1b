import { defineScenario, doubleWell, linear, stateAlong } from 'ergoflow';

const x = linear('x', [1, 0]);

export default defineScenario({
  name: 'double-well',
  about: 'Two unequal wells behind a 10.8 kT barrier: dynamics stays in one, the flow visits both.',
  potential: doubleWell(),
  states: [
    stateAlong(x, 'left', { below: 0 }, { core: { below: -1 }, start: [-1.8, 0] }),
    stateAlong(x, 'right', { from: 0 }, { core: { from: 1 }, start: [1.8, 0] }),
  ],
  coordinate: { variable: x, min: -2.5, max: 2.5 },
  // Two short rounds beat one long one: frames that the first flow helped to explore teach the second.
  seeding: { frames: 20 },
  training: { byEnergy: [{ energyBatch: 128 }] },
  // Past this the flow proposes as well as an ideal sampler within a tenth.
  assessing: { targetEssFraction: 0.9, targetAcceptance: 0.8 },
  production: { sweeps: 320 },
  reference: {
    kind: 'quadrature',
    box: [
      [-4, 4],
      [-10, 10],
    ],
  },
  targets: { standardError: 0.02, essFraction: 0.85, usefulAcceptance: 0.05 },
});
