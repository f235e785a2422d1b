#!/usr/bin/env node
// What the particle dimer's ΔF cost finished runs of `particle-dimer`, as `dimer-competitors.mjs` asks of other methods: energy
// evaluations, seeding, pilots and warm-up included, until the chain's own estimate stays within 0.2 kT. After `npm run build`:
//
//     node scripts/dimer-hybrid-cost.mjs <run-dir>…
//
// Training by example costs none. Production is looked at after every sweep; the estimate there is that of all records so far.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chainFreeEnergies, countTransitions, totalTransitions } from 'ergoflow/analysis';
import { dimerReference } from 'ergoflow/md';
import { checkpointStore } from '../dist/src/io/checkpointStore.js';
import { arrival, medianArrival } from './dimer/arrival.mjs';

const reference = dimerReference(1).difference.value;
const EARLY = 1e7;

const shown = (cost) => (cost === null ? 'never' : cost.toExponential(2));
const totalOf = ({ seeding, training, flowProposals, localMoves, diagnostics }) =>
  seeding + training + flowProposals + localMoves + diagnostics;

const folders = process.argv.slice(2);
if (folders.length === 0) {
  process.stderr.write('usage: dimer-hybrid-cost.mjs <run-dir>…\n');
  process.exit(2);
}
const arrivals = folders.map((folder) => {
  const ledgers = readFileSync(join(folder, 'events.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"type":"ledger"'))
    .map((line) => JSON.parse(line));
  const after = (phase) => totalOf(ledgers.findLast((event) => event.phase === phase).ledger);
  const [before, end] = [after('warmingUp'), after('producing')];
  const { arrays, meta } = checkpointStore(join(folder, 'checkpoint')).get('production');
  const { chains, isFlowMove } = meta;
  const records = arrays.states.length / chains;
  const columns = (array, count) =>
    Array.from({ length: chains }, (_, c) =>
      Float64Array.from({ length: count }, (_, n) => array[n * chains + c]),
    );
  const points = [];
  for (let count = isFlowMove.length; count <= records; count += isFlowMove.length) {
    const logWeights = arrays.logWeights && columns(arrays.logWeights, count);
    const labelled = columns(arrays.states, count).map((labels, c) => ({
      labels,
      ...(logWeights && { logWeights: logWeights[c] }),
    }));
    points.push({
      evaluations: Math.round(before + ((end - before) * count) / records),
      difference: chainFreeEnergies(labelled, 2)[0]?.value ?? null,
    });
  }
  const cost = arrival(points, reference, 0.2);
  const early = points.filter(({ evaluations }) => evaluations <= EARLY).length;
  const cores = columns(arrays.cores, early * isFlowMove.length);
  const transitions = early === 0 ? 0 : totalTransitions(countTransitions(cores, 2).counts);
  console.log(
    `${folder}: production begins at ${shown(before)}, stays from ${shown(cost)}, ends at ${shown(end)} with ` +
      `${points.at(-1).difference?.toFixed(3)}; ${transitions} transitions in the first ${shown(Math.min(EARLY, end))}`,
  );
  return cost;
});
console.log(`median ${shown(medianArrival(arrivals))}`);
