// What the particle dimer's ΔF costs at kT = 1 by the methods that people use: umbrella sampling with MBAR,
// parallel tempering and plain MD, each run looked at again and again on its way.
//
//     node scripts/dimer-competitors.mjs umbrella --seed 1 --evaluations 5e7 --out umbrella-1.json
//     node scripts/dimer-competitors.mjs tempering --seed 1 --evaluations 1e8 --out tempering-1.json
//     node scripts/dimer-competitors.mjs md --seed 1 --evaluations 1e8 --out md-1.json
//     node scripts/dimer-competitors.mjs table umbrella-1.json tempering-1.json md-1.json
//
// A run of 10⁸ evaluations takes some five minutes of one core; its file is brought up to date at every stop.
// Tempering and MD are those of `ergoflow compare`, with its settings, starts and random numbers.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  chainFreeEnergies,
  countTransitions,
  splitRhat,
  totalTransitions,
  umbrellaProfile,
} from 'ergoflow/analysis';
import {
  biasAlong,
  booked,
  dimerDistance,
  dimerReference,
  dimerThreshold,
  emptyLedger,
  evenWindows,
  fold,
  fromRows,
  hmc,
  iterate,
  particleDimer,
  relaxedDimer,
  rootKey,
  startChains,
  sumOf,
  swapStatistics,
  tabulatedFunction,
  tempering,
  temperingLadder,
  totalEvaluations,
  umbrellaSampling,
  usefulAcceptance,
} from 'ergoflow/md';
import { arrival, medianArrival, stops } from './dimer/arrival.mjs';
import {
  kT,
  localMoves,
  referenceWindows,
  stepsPerMove,
  windowStarts,
} from './dimer/umbrellaWindows.mjs';

const { values: options, positionals } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    evaluations: { type: 'string', default: '1e8' },
    out: { type: 'string' },
    // Other settings than the stated ones, to see what they are worth.
    windows: { type: 'string' },
    stiffness: { type: 'string', default: '500' },
    attempts: { type: 'string', default: '50' },
    // Tempering and MD on the surface that the scenario's bias levels, reweighted.
    levelled: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

const [method, ...files] = positionals;
const seed = Number(options.seed);
const budget = Number(options.evaluations);
const reference = dimerReference(kT).difference.value;
const tolerance = 0.2;
/** The share of all records so far that is left out at their beginning, as in `compare`. */
const warmUp = 0.1;
const lookedAt = stops(1e5, budget, 1.3);
const ledger = emptyLedger();
const dimer = particleDimer();
/** The bias of `particle-dimer`'s production. */
const bias = { min: 1.3, max: 1.7, values: [0, -7] };
const potential = options.levelled ? sumOf([dimer, biasAlong(dimerDistance, bias, dimer)]) : dimer;
const { value: biasOf } = tabulatedFunction(bias);
const begun = process.cpuUsage();

function save(found) {
  const { user, system } = process.cpuUsage(begun);
  const text = JSON.stringify({ method, seed, budget, ...found, seconds: (user + system) / 1e6 });
  if (options.out === undefined) return;
  writeFileSync(options.out, `${text}\n`);
}

/** 38 windows of two chains each; every stop joins what there is by MBAR. */
function umbrella() {
  const chains = 2;
  const stride = 4;
  const windows =
    options.windows === undefined
      ? referenceWindows
      : evenWindows(0.6, 2.45, Number(options.windows), Number(options.stiffness));
  const counted = booked(potential, ledger, 'localMoves');
  const starts = windowStarts(counted, windows, chains);
  const preparing = totalEvaluations(ledger);
  const perRecord = starts.count * stepsPerMove * stride;
  const records = Math.floor((budget - preparing - starts.count) / perRecord);
  const costs = [];
  const key = fold(rootKey(seed), 'umbrella competitor');
  const samples = umbrellaSampling({
    potential: counted,
    variable: dimerDistance,
    windows,
    local: localMoves,
    starts,
    burnIn: 0,
    records,
    stride,
    key,
    onRecord: () => costs.push(totalEvaluations(ledger)),
  });
  const estimate = (count, replicates) => {
    const from = Math.floor(warmUp * count);
    const values = samples.values.map((own) => own.map((chain) => chain.slice(from, count)));
    const axis = { kT, min: 0.8, max: 2.3, bins: 60, replicates, key: fold(key, 'bootstrap') };
    return umbrellaProfile({ windows, values }, axis);
  };
  const points = lookedAt.map((evaluations) => {
    const count = costs.filter((cost) => cost <= evaluations).length;
    try {
      // Two resamples are the fewest, and their errors are not looked at.
      return { evaluations, difference: estimate(count, 2).difference(dimerThreshold).value };
    } catch (error) {
      // Windows that do not overlap yet; anything else is a mistake.
      if (error.name !== 'ErgoflowError') throw error;
      return { evaluations, difference: null };
    }
  });
  const end = estimate(records, 100);
  save({
    settings: `${windows.length} windows of ${chains} chains, stiffness ${windows[0].stiffness}`,
    preparing,
    evaluations: totalEvaluations(ledger),
    points,
    final: end.difference(dimerThreshold),
    rhat: Math.max(...end.rhat),
    weakLinks: end.weakLinks,
    acceptance: Math.min(...samples.acceptance),
  });
}

const coreOf = (d) => (d < 1.3 ? 0 : d >= 1.7 ? 1 : -1);

/** `count` chains, closed and open in turn. */
function starts(count) {
  const [closed, open] = [1, 2].map((distance) => relaxedDimer(dimer, distance));
  return fromRows(Array.from({ length: count }, (_, c) => (c % 2 === 0 ? closed : open)));
}

/**
 * Runs whole cycles as long as the budget lasts, and saves what the records say at every stop.
 * @param isRecorded which steps of the cycle are. @param cold the configurations that are.
 * @param figures more to be saved.
 */
function recordChains({ kernels, state, key, isRecorded, cold, cycleCost, observe, figures }) {
  const chains = cold(state).count;
  const states = Array.from({ length: chains }, () => []);
  const cores = Array.from({ length: chains }, () => []);
  const logWeights = Array.from({ length: chains }, () => []);
  const costs = [];
  const points = [];
  const counted = () => {
    const from = Math.floor(warmUp * costs.length);
    return states.map((own, c) => ({
      labels: Int8Array.from(own.slice(from)),
      ...(options.levelled && { logWeights: Float64Array.from(logWeights[c].slice(from)) }),
    }));
  };
  const now = () => {
    let open = 0;
    let closed = 0;
    for (const { labels, logWeights: own } of counted()) {
      labels.forEach((label, n) => {
        const weight = own === undefined ? 1 : Math.exp(own[n]);
        if (label === 1) open += weight;
        else closed += weight;
      });
    }
    return open === 0 || closed === 0 ? null : -Math.log(open / closed);
  };
  const saved = () => {
    const labelled = counted();
    const until = (cost) => {
      const end = costs.filter((one) => one <= cost).length;
      return countTransitions(
        cores.map((own) => own.slice(0, end)),
        2,
      ).counts;
    };
    save({
      evaluations: totalEvaluations(ledger),
      points,
      final: chainFreeEnergies(labelled, 2)[0] ?? null,
      rhat: splitRhat(labelled.map(({ labels }) => Float64Array.from(labels))),
      transitions: until(Infinity),
      early: totalTransitions(until(1e7)),
      ...figures(),
    });
  };
  let step = 0;
  for (const transition of iterate(kernels, state, key)) {
    observe(step, transition.info);
    if (isRecorded[step % kernels.length]) {
      // What is recorded at this cost would be past the next stop: that one is looked at before.
      while (
        points.length < lookedAt.length &&
        totalEvaluations(ledger) > lookedAt[points.length]
      ) {
        points.push({ evaluations: lookedAt[points.length], difference: now() });
        saved();
      }
      dimerDistance.value(cold(transition.state)).forEach((d, c) => {
        states[c].push(d < dimerThreshold ? 0 : 1);
        cores[c].push(coreOf(d));
        if (options.levelled) logWeights[c].push(biasOf(d) / kT);
      });
      costs.push(totalEvaluations(ledger));
    }
    step++;
    if (step % kernels.length === 0 && totalEvaluations(ledger) + cycleCost > budget) break;
  }
  while (points.length < lookedAt.length) {
    points.push({ evaluations: lookedAt[points.length], difference: now() });
  }
  saved();
}

/** 16 ladders from pilots; swaps after every 50 trajectories of 10 steps. */
function parallelTempering() {
  const ladders = 16;
  const attempts = Number(options.attempts);
  const key = fold(fold(rootKey(seed), 'compare'), 'tempering');
  const pilots = booked(potential, ledger, 'diagnostics');
  const found = temperingLadder({
    potential: pilots,
    kT,
    make: (rung, timestep) => hmc(pilots, { kT: rung, timestep, steps: 10, attempts: 20 }),
    stepSize: 0.022,
    acceptance: usefulAcceptance.hmc,
    starts: starts(ladders),
    cores: (x) => Array.from(dimerDistance.value(x), coreOf),
    bursts: 20,
    key: fold(key, 'ladder'),
  });
  const preparing = totalEvaluations(ledger);
  const moves = booked(potential, ledger, 'localMoves');
  const replicas = tempering({
    ladder: found.ladder,
    local: (rung, r) => hmc(moves, { kT: rung, timestep: found.stepSizes[r], steps: 10, attempts }),
    swapEvery: 1,
  });
  const isSwap = replicas.swaps.map((lower) => lower.length > 0);
  const swaps = swapStatistics(replicas, ladders);
  const bursts = isSwap.filter((one) => !one).length;
  recordChains({
    kernels: replicas.kernels,
    state: replicas.start(moves, starts(ladders)),
    key: fold(key, 'run'),
    isRecorded: isSwap,
    cold: replicas.cold,
    cycleCost: bursts * found.ladder.length * ladders * 10 * attempts,
    observe: swaps.observe,
    figures() {
      const { acceptance, roundTrips } = swaps.figures();
      return {
        settings: `${ladders} ladders, swaps after ${10 * attempts} steps${options.levelled ? ', levelled' : ''}`,
        preparing,
        ladder: found.ladder,
        timesteps: found.stepSizes,
        swaps: acceptance,
        roundTrips: roundTrips.reduce((sum, trips) => sum + trips, 0),
      };
    },
  });
}

/** 256 chains of hybrid Monte Carlo, half of them in each state. */
function plainMd() {
  const chains = 256;
  const moves = booked(potential, ledger, 'localMoves');
  recordChains({
    kernels: [hmc(moves, { kT, timestep: 0.022, steps: 10, attempts: 5 })],
    state: startChains(moves, starts(chains)),
    key: fold(fold(rootKey(seed), 'compare'), 'md'),
    isRecorded: [true],
    cold: ({ positions }) => positions,
    cycleCost: chains * 50,
    observe() {},
    figures: () => ({
      settings: `${chains} chains${options.levelled ? ', levelled' : ''}`,
      preparing: 0,
    }),
  });
}

/** A line a run, and the median of each method and setting. */
function table(runs) {
  const shown = (cost) => (cost === null ? 'never' : cost.toExponential(1));
  const nameOf = (run) => `${run.method}, ${run.settings}`;
  for (const name of new Set(runs.map(nameOf))) {
    const own = runs.filter((run) => nameOf(run) === name);
    const arrivals = own.map(({ points }) => arrival(points, reference, tolerance));
    process.stdout.write(`${name}: median ${shown(medianArrival(arrivals))}\n`);
    own.forEach((run, i) => {
      const { final, transitions, early, rhat } = run;
      const crossings =
        transitions === undefined
          ? ''
          : `, ${transitions[0][1]} to open and ${transitions[1][0]} back, ${early} of them in 1e7`;
      process.stdout.write(
        `  seed ${run.seed}, ${shown(run.evaluations)} evaluations (${shown(run.preparing)} to begin with): ` +
          `stays from ${shown(arrivals[i])}; ` +
          `ends at ${final === null ? 'nothing' : `${final.value.toFixed(3)} ± ${final.standardError.toFixed(3)}`}, ` +
          `R-hat ${rhat?.toFixed(3) ?? 'unknown'}${crossings}; ${run.seconds.toFixed(0)} s\n`,
      );
    });
  }
}

const methods = { umbrella, tempering: parallelTempering, md: plainMd };
if (method === 'table' && files.length > 0) {
  table(files.map((file) => JSON.parse(readFileSync(file, 'utf8'))));
} else if (
  Object.hasOwn(methods, method ?? '') &&
  files.length === 0 &&
  !(method === 'umbrella' && options.levelled)
) {
  methods[method]();
} else {
  process.stderr.write(
    'usage: dimer-competitors.mjs umbrella | tempering | md [options], or table <file>…\n',
  );
  process.exitCode = 2;
}
