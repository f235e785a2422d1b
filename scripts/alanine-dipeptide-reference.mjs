// The free energy of alanine dipeptide along φ at 300 K in OBC2, as a TypeScript file: parallel tempering on a
// surface that a fixed bias V(φ) has levelled, reweighted exactly by exp(V/kT).
//
//     node scripts/alanine-dipeptide-reference.mjs run --seed 1 --out one.json
//     node scripts/alanine-dipeptide-reference.mjs run --seed 2 --out two.json
//     node scripts/alanine-dipeptide-reference.mjs write one.json two.json
//
// A run finds its bias first, from chains that start on both sides, and then keeps it: what counts afterwards is
// sampled with everything frozen. Each run takes some twenty minutes of one core; the same seed gives the same numbers.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chainFreeEnergies } from 'ergoflow/analysis';
import {
  alanineDipeptide,
  at,
  biasAlong,
  booked,
  emptyLedger,
  fold,
  fromRows,
  hmc,
  iterate,
  kelvinToKT,
  molecularPotential,
  repartitionHydrogenMass,
  rootKey,
  sumOf,
  tempering,
  torsion,
  totalEvaluations,
} from 'ergoflow/md';

const { values: options, positionals } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    cycles: { type: 'string', default: '5000' },
    out: { type: 'string', default: 'src/md/molecule/systems/phiReference.ts' },
  },
  allowPositionals: true,
});

const temperatures = [300, 360, 432];
const ladder = temperatures.map(kelvinToKT);
const kT = ladder[0];
const chains = 64;
const bins = 36;
const hmcOptions = { timestep: 0.002, steps: 50, attempts: 1 };
const { system, starts } = alanineDipeptide({ solvent: 'obc2' });
const { masses: ofAtoms } = repartitionHydrogenMass(system, 3);
const masses = Float64Array.from(
  { length: 3 * ofAtoms.length },
  (_, i) => ofAtoms[Math.floor(i / 3)],
);
const phi = torsion('phi', [4, 6, 8, 14]);
const ledger = emptyLedger();
const potential = booked(molecularPotential(system), ledger, 'localMoves');

const binOf = (s) => Math.min(bins - 1, Math.floor(((s + Math.PI) / (2 * Math.PI)) * bins));

/** The bias as a term; knots at bin edges, each the mean of its neighbours. */
function biasOf(levels) {
  const knots = levels.map((level, k) => (level + levels[(k + bins - 1) % bins]) / 2);
  return biasAlong(phi, { min: -Math.PI, max: Math.PI, values: [...knots, knots[0]] }, potential);
}

/** One rung of HMC per temperature on the potential with its bias. */
function samplerOf(biased, rungs) {
  return tempering({
    ladder: rungs,
    local: (rung) => hmc(biased, { ...hmcOptions, kT: rung, masses }),
    swapEvery: 1,
  });
}

function run(seed, cycles, onResult) {
  const key = rootKey(seed);
  const names = ['c5', 'alphaL', 'alphaR', 'c7ax'];
  let rows = fromRows(Array.from({ length: chains }, (_, c) => starts[names[c % names.length]]));
  // Levelling: after each round V takes what the histogram lacks. It ends before anything counts.
  let levels = new Array(bins).fill(0);
  const rounds = 12;
  for (let round = 0; round < rounds; round++) {
    const biased = sumOf([potential, biasOf(levels)]);
    const sampler = samplerOf(biased, ladder);
    const counts = new Float64Array(bins);
    let cycle = 0;
    for (const { state } of iterate(
      sampler.kernels,
      sampler.start(biased, rows),
      at(fold(key, 'levelling'), round),
    )) {
      for (const s of phi.value(sampler.cold(state))) counts[binOf(s)]++;
      if (++cycle < 4 * 50) continue;
      rows = fromRows(
        Array.from({ length: chains }, (_, c) =>
          sampler.cold(state).data.slice(c * 66, (c + 1) * 66),
        ),
      );
      break;
    }
    const total = counts.reduce((a, b) => a + b, 0);
    // A bin that nobody saw counts as a tenth of a record: it is made deeper, not infinitely deep.
    levels = levels.map((level, k) => level + kT * Math.log(Math.max(counts[k], 0.1) / total));
    const highest = Math.max(...levels);
    levels = levels.map((level) => Math.max(level - highest, -12 * kT));
    process.stderr.write(`levelling ${round + 1}/${rounds}\n`);
  }
  const table = biasOf(levels);
  const biased = sumOf([potential, table]);
  const sampler = samplerOf(biased, ladder);
  const values = Array.from({ length: chains }, () => []);
  const weights = Array.from({ length: chains }, () => []);
  const perCycle = sampler.kernels.length;
  const warmUp = 200 * perCycle;
  const steps = warmUp + cycles * perCycle;
  let step = 0;
  for (const { state } of iterate(sampler.kernels, sampler.start(biased, rows), fold(key, 'run'))) {
    step++;
    // After each round of swaps, as in a run.
    if (step > warmUp && step % 2 === 0) {
      const cold = sampler.cold(state);
      const along = phi.value(cold);
      const bias = table.energy(cold);
      for (let c = 0; c < chains; c++) {
        values[c].push(along[c]);
        weights[c].push(bias[c] / kT);
      }
    }
    if (step % (100 * perCycle) === 0) {
      process.stderr.write(`${((100 * step) / steps).toFixed(1)} %\n`);
    }
    if (step > warmUp && step % (500 * perCycle) === 0)
      onResult(summary((step - warmUp) / perCycle));
    if (step === steps) break;
  }
  return summary(cycles);

  function summary(done) {
    const labelled = values.map((own, c) => ({
      labels: Int32Array.from(own, (s) => (s < 0 ? 0 : 1)),
      logWeights: Float64Array.from(weights[c]),
    }));
    const [difference] = chainFreeEnergies(labelled, 2);
    // The share of each bin in each chain: chains are independent, whatever the correlation within one.
    const heaviest = Math.max(...weights.map((own) => Math.max(...own)));
    const shares = values.map((own, c) => {
      const sums = new Array(bins).fill(0);
      own.forEach((s, n) => {
        sums[binOf(s)] += Math.exp(weights[c][n] - heaviest);
      });
      return sums;
    });
    const crossings = labelled.reduce(
      (sum, { labels }) =>
        sum + labels.filter((label, n) => n > 0 && label !== labels[n - 1]).length,
      0,
    );
    return {
      seed,
      cycles: done,
      difference,
      shares,
      crossings,
      evaluations: totalEvaluations(ledger),
    };
  }
}

function write(runs) {
  // Runs are weighted by their length: they are equally long, and share nothing.
  const values = runs.map(({ difference }) => difference.value);
  const mean = values.reduce((a, b) => a + b, 0) / runs.length;
  const error = Math.hypot(...runs.map(({ difference }) => difference.standardError)) / runs.length;
  const all = runs.flatMap(({ shares }) => {
    const total = shares.flat().reduce((a, b) => a + b, 0) / shares.length;
    return shares.map((own) => own.map((share) => share / total));
  });
  const p = Array.from(
    { length: bins },
    (_, k) => all.reduce((sum, own) => sum + own[k], 0) / all.length,
  );
  const freeEnergy = p.map((share) => -Math.log(share));
  const lowest = Math.min(...freeEnergy);
  const errors = p.map((share, k) => {
    // The ratio's delta method: own share against the chain's total.
    const residuals = all.map((own) => own[k] / share - own.reduce((a, b) => a + b, 0));
    return Math.sqrt(residuals.reduce((sum, r) => sum + r * r, 0) / (all.length - 1) / all.length);
  });
  const list = (numbers) =>
    numbers
      .map((x) => String(Number(x.toFixed(4))))
      .join(', ')
      .replace(/(.{1,88})(?:, |$)/g, '    $1,\n')
      .trimEnd();
  const command = runs.map(({ seed }) => seed).join(' and ');
  return `// Made by scripts/alanine-dipeptide-reference.mjs, seeds ${command}, ${runs[0].cycles} cycles. Do not edit.

/** F(φ) of alanine dipeptide, ff99SB-ILDN in OBC2 at 300 K; kT, bins of 10° from −180°. */
export const phiReference = {
  temperature: 300,
  /** F(φ ≥ 0) − F(φ < 0). */
  difference: { value: ${Number(mean.toFixed(4))}, standardError: ${Number(error.toFixed(4))} },
  // biome-ignore format: made by a script
  freeEnergy: [
${list(freeEnergy.map((f) => f - lowest))}
  ],
  // biome-ignore format: made by a script
  standardError: [
${list(errors)}
  ],
  evaluations: ${runs.reduce((sum, one) => sum + one.evaluations, 0)},
  /** From one side to the other. */
  crossings: ${runs.reduce((sum, one) => sum + one.crossings, 0)},
} as const;
`;
}

const [command, ...files] = positionals;
if (command === 'run') {
  const save = (result) => writeFileSync(options.out, `${JSON.stringify(result)}\n`);
  const found = run(Number(options.seed), Number(options.cycles), save);
  save(found);
  process.stdout.write(
    `${found.difference.value.toFixed(4)} ± ${found.difference.standardError.toFixed(4)} kT, ` +
      `${found.crossings} crossings, ${found.evaluations} evaluations\n`,
  );
} else if (command === 'write' && files.length > 0) {
  writeFileSync(options.out, write(files.map((file) => JSON.parse(readFileSync(file, 'utf8')))));
} else {
  process.stderr.write('usage: alanine-dipeptide-reference.mjs run | write <file>…\n');
  process.exitCode = 2;
}
