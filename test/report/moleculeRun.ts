import { torsion } from '../../src/core/torsion.ts';
import { flowDensity } from '../../src/flow/flowDensity.ts';
import { memoryStore } from '../../src/hybrid/artifacts.ts';
import { molecularPotential } from '../../src/md/molecule/molecularPotential.ts';
import {
  alanineDipeptide,
  alanineDipeptideTorsions,
} from '../../src/md/molecule/systems/alanineDipeptide.ts';
import type { ReportInput } from '../../src/report/collect/collectReport.ts';
import type { TimedEvent } from '../../src/report/collect/timeline.ts';
import { defineScenario } from '../../src/scenario/defineScenario.ts';
import { runScenario } from '../../src/scenario/runScenario.ts';
import { stateAlong } from '../../src/scenario/stateAlong.ts';
import { toPlan } from '../../src/scenario/toPlan.ts';

/** Parallel tempering of alanine dipeptide in vacuum, of so many sweeps: two records each, in a second altogether. */
export async function moleculeRun(sweeps = 20): Promise<ReportInput> {
  const { system, starts } = alanineDipeptide({ solvent: 'vacuum' });
  const phi = torsion('phi', alanineDipeptideTorsions.phi);
  const psi = torsion('psi', alanineDipeptideTorsions.psi);
  const circle = { min: -Math.PI, max: Math.PI };
  const scenario = defineScenario({
    name: 'small-dipeptide',
    about: 'Alanine dipeptide, too short to say anything.',
    potential: molecularPotential(system),
    molecule: { ...system, warnings: ['a dropped force, for the report to repeat'] },
    temperature: 300,
    states: [
      stateAlong(
        phi,
        'left',
        { below: 0 },
        { start: [Array.from(starts.c7eq), Array.from(starts.c5)] },
      ),
      stateAlong(phi, 'right', { from: 0 }, { start: Array.from(starts.c7ax) }),
    ],
    coordinate: { variable: phi, ...circle },
    surface: { x: { variable: phi, ...circle }, y: { variable: psi, ...circle } },
    seeding: {
      dynamics: { kind: 'langevin', timestep: 0.001, friction: 1, steps: 5 },
      chains: 5,
      burnIn: 2,
      frames: 5,
      stride: 1,
    },
    flow: false,
    production: {
      local: { kind: 'hmc', timestep: 0.001, steps: 15, attempts: 1 },
      tempering: { temperatures: [300, 450, 650, 950] },
      chains: 4,
      warmUp: 5,
      sweeps,
    },
    baseline: false,
    seed: 3,
  });
  const store = memoryStore();
  const events: TimedEvent[] = [];
  const { result } = await runScenario(scenario, {
    store,
    emit: (event) => {
      if (event.type !== 'progress') {
        events.push({ ...event, time: new Date(1000 * events.length).toISOString() });
      }
    },
  });
  return {
    scenario,
    plan: toPlan(scenario),
    store,
    events,
    result,
    createDensity: flowDensity,
    versions: { ergoflow: '0.1.0', node: 'v20' },
  };
}
