import {
  alanineDipeptide,
  defineScenario,
  molecularPotential,
  phiReference,
  repartitionHydrogenMass,
  stateAlong,
  torsion,
} from 'ergoflow';

const { system, starts } = alanineDipeptide({ solvent: 'obc2' });
// No average over configurations depends on masses, and heavier hydrogens let the steps be longer.
const molecule = repartitionHydrogenMass(system, 3);
const phi = torsion('phi', [4, 6, 8, 14]);
const psi = torsion('psi', [6, 8, 14, 16]);
const circle = { min: -Math.PI, max: Math.PI };
// Every 20° from −180°, kJ/mol: roughly −F(φ), so that the barriers at 0° and beyond 90° are no barriers. What
// is sampled is reweighted exactly, and a rougher table would only cost precision.
const levelling = [
  -15, -4.5, -2, -2, -1.5, 0, -2.5, -10.5, -21.5, -27.5, -21.5, -11, -7.5, -16.5, -30, -30, -30,
  -30, -15,
];
const cells = phiReference.freeEnergy.flatMap((F, k) => (Number.isFinite(F) ? [k] : []));
const source = `tempering on a levelled surface, ${phiReference.evaluations} evaluations`;

export default defineScenario({
  name: 'alanine-dipeptide',
  about: 'Alanine dipeptide in implicit water: how rare is a positive φ?',
  potential: molecularPotential(molecule),
  molecule,
  temperature: 300,
  states: [
    stateAlong(
      phi,
      'left',
      { below: 0 },
      {
        core: { from: -2.8, below: -0.7 },
        start: [Array.from(starts.c5), Array.from(starts.alphaR)],
      },
    ),
    stateAlong(
      phi,
      'right',
      { from: 0 },
      {
        core: { from: 0.5, below: 1.6 },
        start: [Array.from(starts.alphaL), Array.from(starts.c7ax)],
      },
    ),
  ],
  // The bins of the reference.
  coordinate: { variable: phi, ...circle, bins: phiReference.freeEnergy.length },
  surface: { x: { variable: phi, ...circle }, y: { variable: psi, ...circle } },
  seeding: {
    dynamics: { kind: 'langevin', timestep: 0.002, friction: 1, steps: 50 },
    chains: 16,
    burnIn: 50,
    frames: 20,
  },
  flow: false,
  production: {
    local: { kind: 'hmc', timestep: 0.002, steps: 50, attempts: 1 },
    tempering: { temperatures: [300, 360, 432] },
    bias: { ...circle, values: levelling },
    chains: 32,
    warmUp: 150,
    sweeps: 1500,
  },
  baseline: { chains: 32 },
  reference: {
    kind: 'value',
    difference: [phiReference.difference.value],
    standardError: phiReference.difference.standardError,
    source,
    profiles: [
      {
        source,
        at: cells.map((k) => ((10 * k - 175) * Math.PI) / 180),
        freeEnergy: cells.map((k) => phiReference.freeEnergy[k]),
        standardError: cells.map((k) => phiReference.standardError[k]),
      },
    ],
    temperature: phiReference.temperature,
  },
});
