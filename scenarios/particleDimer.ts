import {
  defineScenario,
  dimerDistance,
  dimerLattice,
  dimerProfiles,
  dimerReference,
  particleDimer,
  relaxedDimer,
  stateAlong,
} from 'ergoflow';
import { dimerDirections, dimerReflections } from 'ergoflow/md';

const potential = particleDimer();
const umbrella = dimerReference(1);
const lattice = Array.from(dimerLattice(1.5));
const start = (distance: number): number[] => Array.from(relaxedDimer(potential, distance));
const annealed = { levels: 20, steps: 4, timestep: 0.022 };

export default defineScenario({
  name: 'particle-dimer',
  about:
    'A bistable dimer among 36 repulsive particles in the plane, closed and open 6.7 kT apart.',
  potential,
  states: [
    stateAlong(dimerDistance, 'closed', { below: 1.5 }, { core: { below: 1.3 }, start: start(1) }),
    stateAlong(dimerDistance, 'open', { from: 1.5 }, { core: { from: 1.7 }, start: start(2) }),
  ],
  coordinate: { variable: dimerDistance, min: umbrella.min, max: umbrella.max },
  identicalParticles: {
    // The dimer's two particles are alike too, and in the closed state they change places.
    particles: [[0, 1], Array.from({ length: 36 }, (_, n) => n + 2)],
    reference: lattice,
    space: 2,
    // Repulsion of two particles is 1 kT where these discs touch, and the walls begin at ±3.
    diameter: 1.1,
    walls: [
      [-3, 3],
      [-3, 3],
    ],
  },
  // Few frames overfit badly: 46 000 of each state are learnt from, and their mirror images.
  seeding: {
    dynamics: { kind: 'hmc', timestep: 0.022, steps: 20, attempts: 2 },
    chains: 256,
    burnIn: 60,
    frames: 200,
    stride: 1,
    heldOut: 0.1,
  },
  flow: {
    kind: 'autoregressive',
    hidden: [64, 64],
    components: 10,
    directions: dimerDirections(),
    symmetrised: true,
  },
  training: {
    byExample: [{ steps: 9000, exampleBatch: 256, learningRate: { from: 2e-3, to: 4e-5 } }],
    symmetries: dimerReflections(lattice),
    averaging: 0.999,
    clipNorm: 20,
  },
  // Half of the draws are in a state that holds a thousandth of the target: 0.5 is what can be reached.
  assessing: { maxRounds: 1, draws: 1000, targetEssFraction: 0.01, targetAcceptance: 0.05 },
  production: {
    local: { kind: 'hmc', timestep: 0.022, steps: 10, attempts: 15 },
    chains: 64,
    warmUp: 10,
    sweeps: 90,
    flowMoves: 1,
    annealed,
    // The founding paper's difference of 7.1 kT, about: both states are then almost equally likely.
    bias: { min: 1.3, max: 1.7, values: [0, -7] },
  },
  // 97 evaluations a draw.
  reweighting: { draws: 12_288, annealed: { ...annealed, levels: 25 } },
  baseline: { dynamics: { kind: 'hmc', timestep: 0.022, steps: 10, attempts: 5 }, chains: 256 },
  reference: {
    kind: 'value',
    difference: [umbrella.difference.value],
    standardError: umbrella.difference.standardError,
    source: `umbrella sampling and MBAR, ${umbrella.windows} windows, ${umbrella.evaluations} evaluations`,
    temperature: umbrella.kT,
    profiles: dimerProfiles(umbrella.kT),
  },
});
