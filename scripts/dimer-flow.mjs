#!/usr/bin/env node
// How good is the flow of finished runs of `particle-dimer` by itself, averaged over its symmetries as the scenario has it,
// and without annealing? After `npm run build`:
//
//     node scripts/dimer-flow.mjs <run-dir>… [--draws 20000]
//
// For each run: ESS per draw in each state, Pareto k and the largest weight, from fresh draws of its model; forward ESS and the
// acceptance of independence moves within each state, from the held-out frames of its seeding, which it never saw.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { essPerState, forwardEssFraction, largestWeightShare, paretoK } from 'ergoflow/analysis';
import { flowDensity, modelFromBytes } from 'ergoflow/flow';
import { drawWeights } from 'ergoflow/hybrid';
import { fold, rootKey } from 'ergoflow/md';
import scenario from '../dist/scenarios/particleDimer.js';
import { datasetFrom } from '../dist/src/hybrid/dataset.js';
import { asPlanned } from '../dist/src/hybrid/frozenFlow.js';
import { stateLabels } from '../dist/src/hybrid/labels.js';
import { checkpointStore } from '../dist/src/io/checkpointStore.js';
import { toPlan } from '../dist/src/scenario/toPlan.js';

const { values, positionals } = parseArgs({
  options: { draws: { type: 'string', default: '20000' } },
  allowPositionals: true,
});
const plan = toPlan(scenario, { seed: 1 });
const { potential, kT, states } = plan;

for (const folder of positionals) {
  const model = modelFromBytes(readFileSync(join(folder, 'model.safetensors')));
  const flow = asPlanned(plan, flowDensity(model));
  const { x, logWeights, outsideDomain } = await drawWeights({
    flow,
    potential,
    kT,
    domain: plan.identicalParticles,
    key: fold(rootKey(1), 'flow alone'),
    count: Number(values.draws),
    pace: async () => {},
    onBlock: (done) => process.stderr.write(`${done} draws\n`),
  });
  const labels = stateLabels(states, x);
  const seeds = datasetFrom(checkpointStore(join(folder, 'checkpoint')).get('seeds'));
  const logProb = flow.logProb(seeds.heldOut);
  const frames = potential.energy(seeds.heldOut).map((u, i) => -u / kT - logProb[i]);
  const coverage = essPerState(logWeights, labels, states.length);
  console.log(`${folder}: ${logWeights.length} draws, ${outsideDomain} outside the domain`);
  states.forEach(({ name }, s) => {
    const drawn = logWeights.filter((_, i) => labels[i] === s);
    const held = frames.filter((_, i) => seeds.heldOutLabels[i] === s);
    const inside = drawn.filter((w) => w > -Infinity).length / drawn.length;
    let accepted = 0;
    for (const now of held) {
      for (const offered of drawn) accepted += Math.min(1, Math.exp(offered - now));
    }
    const acceptance = accepted / held.length / drawn.length;
    // Per draw of the state, those outside the domain among them.
    const ess = coverage[s].ess / drawn.length;
    console.log(
      `  ${name}: ${drawn.length} draws, ESS a draw ${ess.toPrecision(2)}, Pareto k ${paretoK(drawn).toFixed(2)}, ` +
        `largest weight ${largestWeightShare(drawn).toFixed(3)} of the state's, forward ESS ` +
        `${forwardEssFraction(held, inside).toExponential(1)}, acceptance ${acceptance.toPrecision(2)} ` +
        `from ${held.length} frames`,
    );
  });
}
