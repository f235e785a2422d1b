import { Worker } from 'node:worker_threads';
import { batch } from '../../core/batch.ts';
import { ErgoflowError } from '../../core/errors.ts';
import { expectInteger } from '../../core/expectNumber.ts';
import type { Kernel } from '../../core/kernel.ts';
import { writeStepKeys } from '../../md/molecule/kernels/compiledBurst.ts';
import {
  burstState,
  chainState,
  type MolecularLangevinOptions,
  molecularBurst,
  molecularLangevin,
} from '../../md/molecule/kernels/molecularLangevin.ts';
import { stepBlock } from '../../md/molecule/kernels/stepBlock.ts';
import type { MolecularSystem } from '../../md/molecule/molecularSystem.ts';
import { plainMolecularPotential } from '../../md/molecule/plainMolecularPotential.ts';
import { expectFiniteTrajectory, nothingRefused } from '../../md/unadjusted.ts';
import moleculeBase64 from '../../md/wasm/molecule.wasm.ts';
import { type SharedBurst, stepShared } from './stepShared.ts';

/** A kernel whose chains are spread over threads. */
export interface ThreadedKernel extends Kernel {
  /** Blocks of chains stepped by each thread, the calling one first, since the threads were started. */
  blocks(): number[];
  /** Ends the threads; a later `step` starts them again. */
  close(): Promise<void>;
}

/**
 * `molecularLangevin` with the chains spread over `threads` threads, the calling one among them.
 *
 * The bits are those of `molecularLangevin` for any number of threads: noise belongs to a chain's number, and no
 * chain sees another. Threads stay for as long as the number of chains does; they do not keep a program from
 * ending. Without vector instructions, or with terms that have no kernel, there are none.
 * @throws {RangeError} unless `threads` is a positive integer; and as `molecularLangevin` does.
 */
export function threadedLangevin(
  system: MolecularSystem,
  options: MolecularLangevinOptions,
  threads: number,
): ThreadedKernel {
  expectInteger('threads', threads, 1);
  const single = molecularLangevin(system, options);
  const { compiled, speeds, evaluationsPerChain } = molecularBurst(system, options);
  if (compiled === undefined || threads === 1) {
    return { ...single, blocks: () => [], close: async () => undefined };
  }
  const { layout, module, expectFinite } = compiled;
  const { dim } = layout;
  const plain = plainMolecularPotential(system);
  const memory = new Float64Array(module.memory.buffer);
  const image = new Uint8Array(module.memory.buffer).slice();
  let workers: Worker[] = [];
  let shared: SharedBurst | undefined;

  async function close(): Promise<void> {
    const ending = workers;
    workers = [];
    shared = undefined;
    await Promise.all(ending.map((worker) => worker.terminate()));
  }

  /** Memory for `count` chains, and threads that wait for bursts of them. */
  function start(count: number): SharedBurst {
    for (const worker of workers) void worker.terminate();
    const made = sharedBurst(count, dim, layout.steps, layout.lanes, threads);
    const wasm = Buffer.from(moleculeBase64, 'base64');
    workers = Array.from({ length: threads - 1 }, (_, n) => {
      const workerData = { shared: made, layout, image, wasm, thread: n + 1 };
      const worker = new Worker(program, { eval: true, workerData });
      worker.unref();
      return worker;
    });
    return made;
  }

  return {
    name: single.name,
    exact: false,
    step(state, key) {
      const { count } = state.positions;
      const started = burstState(state, key, speeds);
      expectFiniteTrajectory(plain, 0, batch(started.positions, dim), started);
      if (shared?.state.energy.length !== count) shared = start(count);
      const { control, codes, keys } = shared;
      shared.state.positions.set(started.positions);
      shared.state.velocities.set(started.velocities);
      shared.state.gradient.set(started.gradient);
      writeStepKeys(key, keys);
      Atomics.store(control, 2, 0);
      Atomics.store(control, 1, 0);
      Atomics.add(control, 0, 1);
      Atomics.notify(control, 0);
      stepShared(stepBlock, module, memory, layout, shared, 0);
      for (let done = Atomics.load(control, 2); done < codes.length; ) {
        Atomics.wait(control, 2, done);
        done = Atomics.load(control, 2);
      }
      if (codes.includes(-1)) throw new ErgoflowError('a thread could not step its chains');
      started.positions.set(shared.state.positions);
      started.velocities.set(shared.state.velocities);
      started.gradient.set(shared.state.gradient);
      started.energy.set(shared.state.energy);
      expectFinite(started, codes, 0);
      options.book?.(evaluationsPerChain * count);
      return { state: chainState(started, dim), info: nothingRefused(count) };
    },
    blocks: () => Array.from(shared?.stepped ?? []),
    close,
  };
}

/** What a thread runs: plain JavaScript without imports, so that it needs no file of its own. */
const program = `
const { workerData } = require('node:worker_threads');
const stepBlock = ${stepBlock.toString()};
const stepShared = ${stepShared.toString()};
const { shared, layout, image, wasm, thread } = workerData;
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm));
const missing = image.length - exports.memory.buffer.byteLength;
if (missing > 0) exports.memory.grow(Math.ceil(missing / 65536));
new Uint8Array(exports.memory.buffer).set(image);
const memory = new Float64Array(exports.memory.buffer);
for (;;) {
  const burst = Atomics.load(shared.control, 0);
  stepShared(stepBlock, exports, memory, layout, shared, thread);
  Atomics.wait(shared.control, 0, burst);
}
`;

function sharedBurst(
  count: number,
  dim: number,
  steps: number,
  lanes: number,
  threads: number,
): SharedBurst {
  const doubles = (length: number) => new Float64Array(new SharedArrayBuffer(8 * length));
  const blocks = Math.ceil(count / lanes);
  const control = new Int32Array(new SharedArrayBuffer(12));
  // No block is to be taken before the first burst.
  control[1] = blocks;
  return {
    control,
    state: {
      positions: doubles(count * dim),
      velocities: doubles(count * dim),
      energy: doubles(count),
      gradient: doubles(count * dim),
    },
    keys: new Uint32Array(new SharedArrayBuffer(8 * steps)),
    codes: doubles(blocks),
    stepped: new Int32Array(new SharedArrayBuffer(4 * threads)),
  };
}
