import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { chooseBackend, tensorflowBinding } from '../src/io/backend.ts';
import { graphRuntime } from '../src/io/graphRuntime.ts';
import { productRate, stepOperations } from './flow/arithmeticLimit.ts';
import { type Cost, type Peer, startPeer } from './flow/peer.ts';
import { type Ours, ours, type Workload } from './flow/workloads.ts';

const { values: options } = parseArgs({
  options: {
    /** Pairs of measurements a row. */
    pairs: { type: 'string', default: '7' },
    /** Seconds of one measurement of one side. */
    seconds: { type: 'string', default: '1' },
    /** Only rows whose name contains this. */
    only: { type: 'string', default: '' },
    /** Rows that vary batch, depth, width and dimension one at a time. */
    scaling: { type: 'boolean', default: false },
    /** PyTorch's fused Adam instead of its default one. */
    'fused-adam': { type: 'boolean', default: false },
  },
  // The first argument is this file's name, for `run.mjs`.
  allowPositionals: true,
});

interface Row {
  readonly name: string;
  readonly target: number | undefined;
  readonly workload: Workload;
}

const large: Workload = {
  kind: 'example',
  dim: 76,
  couplings: 16,
  hidden: [200, 200],
  conditioner: 'shared',
  batch: 256,
  precision: 'float32',
};
const small: Workload = {
  ...large,
  dim: 2,
  couplings: 8,
  hidden: [100, 100],
  conditioner: 'independent',
  batch: 128,
};

const rows: readonly Row[] = options.scaling
  ? [
      ...[16, 64, 256, 1024, 4096].map((batch) => row(`batch ${batch}`, { ...large, batch })),
      ...[4, 8, 16, 32].map((couplings) => row(`couplings ${couplings}`, { ...large, couplings })),
      ...[50, 100, 200, 400].map((w) => row(`width ${w}`, { ...large, hidden: [w, w] })),
      ...[2, 16, 76, 200].map((dim) => row(`dims ${dim}`, { ...large, dim })),
    ]
  : [
      row('by example, batch 64', { ...large, batch: 64 }, 0.8),
      row('by example, batch 256', large, 0.6),
      row('by example, batch 1024', { ...large, batch: 1024 }, 0.6),
      row('by example, 2-D, batch 128', small, 0.6),
      ...[64, 256, 1024].map((batch) =>
        row(`by energy, batch ${batch}`, { ...large, kind: 'energy', batch }),
      ),
      ...[64, 256, 1024].map((batch) =>
        row(
          `sampling float32, batch ${batch}`,
          { ...large, kind: 'sample', batch },
          batch === 1024 ? 0.9 : undefined,
        ),
      ),
      ...[64, 256, 1024].map((batch) =>
        row(
          `sampling float64, batch ${batch}`,
          { ...large, kind: 'sample', batch, precision: 'float64' },
          1.1,
        ),
      ),
      row('sampling float64, 2-D, batch 1024', {
        ...small,
        kind: 'sample',
        batch: 1024,
        precision: 'float64',
      }),
    ];

function row(name: string, workload: Workload, target?: number): Row {
  return { name, target, workload };
}

const backend = await chooseBackend('tensorflow');
const binding = tensorflowBinding();
if (binding === undefined) throw new Error('native TensorFlow is not the backend');
const runtime = graphRuntime(binding);
const started = await startPeer();
const peer = typeof started === 'string' ? undefined : started;
console.log(`${cpus()[0].model}, ${cpus().length} threads; Node ${process.version}`);
// Threads that run operations side by side, or share one out: as many for the other side.
const threads = Math.max(backend.threads, Number(process.env['TF_NUM_INTEROP_THREADS']));
console.log(`${runtime.name}: ${threads} threads, ${backend.threads} for one operation`);
console.log(
  peer === undefined ? `${started} Ours alone:` : `PyTorch ${peer.version}, as many threads`,
);

const table = new Table({
  head: [
    '',
    'ours, ms',
    'cpu',
    'PyTorch, ms',
    'cpu',
    'ours / PyTorch',
    'spread',
    'of cpu',
    'target',
    'of the limit',
  ],
  style: { head: [], border: [], compact: true },
});
for (const each of rows.filter(({ name }) => name.includes(options.only))) {
  const cells = await measure(each);
  table.push(cells);
  process.stderr.write(`${cells.join('  ')}\n`);
}
console.log(table.toString());
peer?.close();

async function measure({ name, target, workload }: Row): Promise<string[]> {
  const side = ours(workload, runtime);
  try {
    if (peer !== undefined) await agree(name, workload, side, peer);
    const repeats = repeatsFor(side.run);
    const pairs: { readonly mine: Cost; readonly theirs: Cost | undefined }[] = [];
    for (let n = 0; n < Number(options.pairs); n++) {
      const mine = costOf(side.run, repeats);
      // The threads of either side spin for a moment before they sleep.
      await pause(100);
      pairs.push({ mine, theirs: await peer?.run(repeats) });
      await pause(100);
    }
    const time = median(pairs.map(({ mine }) => mine.seconds));
    const cpuTime = median(pairs.map(({ mine }) => mine.cpuSeconds));
    const share = stepOperations(workload) / productRate(runtime) / time;
    const against = pairs.flatMap(({ mine, theirs }) => (theirs ? [{ mine, theirs }] : []));
    const ratios = against
      .map(({ mine, theirs }) => mine.seconds / theirs.seconds)
      .sort((a, b) => a - b);
    return [
      name,
      (1e3 * time).toFixed(2),
      (1e3 * cpuTime).toFixed(2),
      ...(ratios.length === 0
        ? ['', '', '', '', '']
        : [
            (1e3 * median(against.map(({ theirs }) => theirs.seconds))).toFixed(2),
            (1e3 * median(against.map(({ theirs }) => theirs.cpuSeconds))).toFixed(2),
            median(ratios).toFixed(2),
            `${ratios[0].toFixed(2)}–${ratios[ratios.length - 1].toFixed(2)}`,
            median(against.map((p) => p.mine.cpuSeconds / p.theirs.cpuSeconds)).toFixed(2),
          ]),
      target === undefined ? '' : `≤ ${target}`,
      workload.kind === 'example' ? `${(100 * share).toFixed(0)} %` : '',
    ];
  } finally {
    side.dispose();
  }
}

/** Gives the peer our weights and rows; throws unless both compute the same. */
async function agree(name: string, workload: Workload, side: Ours, against: Peer): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ergoflow-bench-'));
  try {
    const weights = side.weights.flatMap((array) => Array.from(array));
    writeFileSync(join(folder, 'weights.f32'), Float32Array.from(weights));
    writeFileSync(join(folder, 'rows.f64'), side.rows.data);
    const request = {
      ...workload,
      shapes: side.bijector.parameters.map((parameter) => parameter.shape),
      reads: [1, 0],
      threads,
      fused: options['fused-adam'],
    };
    const theirs = await against.setup(request, folder);
    // Losses of a training in float32 drift apart by rounding; a wrong term shows in the first digits.
    const tolerance = workload.precision === 'float64' ? 1e-10 : 2e-3;
    side.values.forEach((value, i) => {
      if (!(Math.abs(value - theirs[i]) <= tolerance * (1 + Math.abs(value)))) {
        throw new Error(`${name}: number ${i} is ${value} here and ${theirs[i]} in PyTorch`);
      }
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Calls that take about the wanted time, after some to warm up. */
function repeatsFor(call: () => void): number {
  for (let n = 0; n < 3; n++) call();
  const once = costOf(call, 3).seconds;
  return Math.max(3, Math.round(Number(options.seconds) / once));
}

function costOf(call: () => void, repeats: number): Cost {
  const busy = process.cpuUsage();
  const start = performance.now();
  for (let n = 0; n < repeats; n++) call();
  const seconds = (performance.now() - start) / 1000 / repeats;
  const { user, system } = process.cpuUsage(busy);
  return { seconds, cpuSeconds: (user + system) / 1e6 / repeats };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (
    (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2
  );
}
