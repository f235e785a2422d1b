import { linear } from '../../src/core/collectiveVariable.ts';
import { doubleWell } from '../../src/md/potentials/doubleWell.ts';
import { defineScenario } from '../../src/scenario/defineScenario.ts';
import { stateAlong } from '../../src/scenario/stateAlong.ts';

const x = linear('x', [1, 0]);
const stage = { steps: 8, exampleBatch: 16, energyBatch: 0 };
const energyStage = {
  ...stage,
  energyBatch: 16,
  weights: { example: 1, energy: 1, reactionCoordinate: 0 },
  earlyStop: { every: 2, patience: 9 },
};

/** Every phase, the flow's two rounds and the exploration between them, in some tens of milliseconds. */
export const tinyScenario = defineScenario({
  name: 'tiny',
  about: 'A double well that is walked through and proves nothing.',
  potential: doubleWell(),
  temperature: 1,
  states: [
    stateAlong(x, 'left', { below: 0 }, { core: { below: -1 }, start: [-1.8, 0] }),
    stateAlong(x, 'right', { from: 0 }, { core: { from: 1 }, start: [1.8, 0] }),
  ],
  coordinate: { variable: x, min: -2.5, max: 2.5, bins: 10 },
  seeding: { chains: 4, burnIn: 4, frames: 8, stride: 1 },
  flow: { blocks: 1, hidden: [4] },
  training: { byExample: [stage], byEnergy: [energyStage] },
  assessing: { maxRounds: 2, draws: 4200, targetEssFraction: 1, targetAcceptance: 1 },
  exploring: { chains: 5, warmUp: 3, sweeps: 6 },
  production: {
    chains: 6,
    warmUp: 4,
    sweeps: 8,
    flowMoves: 2,
    local: { kind: 'ghmc', timestep: 0.05, steps: 3, attempts: 1, persistence: 0.5 },
    latent: { stepSize: 0.1, moves: 1 },
  },
  reweighting: { draws: 4200 },
  baseline: { chains: 200 },
});
