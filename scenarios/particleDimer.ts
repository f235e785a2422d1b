import {
  defineScenario,
  dimerDistance,
  dimerReference,
  particleDimer,
  relaxedDimer,
  stateAlong,
} from 'ergoflow';

const potential = particleDimer();
const umbrella = dimerReference(1);
const start = (distance: number): number[] => Array.from(relaxedDimer(potential, distance));

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
  seeding: { dynamics: { kind: 'hmc', timestep: 0.022, steps: 10, attempts: 5 } },
  // The founding paper's network; it reaches a reweighting ESS of some 5e-4.
  flow: { blocks: 8, hidden: [200, 200], conditioner: 'independent' },
  production: { local: { kind: 'hmc', timestep: 0.022, steps: 10, attempts: 5 } },
  reference: {
    kind: 'value',
    difference: [umbrella.difference.value],
    standardError: umbrella.difference.standardError,
    source: `umbrella sampling and MBAR, ${umbrella.windows} windows, ${umbrella.evaluations} evaluations`,
    temperature: umbrella.kT,
  },
});
