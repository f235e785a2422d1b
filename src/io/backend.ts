import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
// The umbrella package, not tfjs-core alone: it registers the gradients of the operations.
import * as tf from '@tensorflow/tfjs';
import { ErgoflowError } from '../core/errors.ts';
import type { BackendName } from '../scenario/result.ts';
import type { TensorflowBinding } from './graphRuntime.ts';
import { messageOf } from './storageError.ts';

/** The tensor library that trains, as `run.json` and `ergoflow doctor` name it. */
export interface Backend {
  readonly name: BackendName;
  /** Its version: TensorFlow's own for `tensorflow`, tfjs's for the others. */
  readonly library: string;
  /** Threads inside one operation. */
  readonly threads: number;
  /** Why it is this one. */
  readonly reason: string;
  /** How to get a faster one; undefined where there is none. */
  readonly faster: string | undefined;
}

/** A backend was asked for by name and cannot run here, or there is none of that name. */
export class BackendError extends ErgoflowError {
  override name = 'BackendError' as const;
}

const NAMES: readonly BackendName[] = ['tensorflow', 'wasm', 'cpu'];

/**
 * Threads of TensorFlow where nothing else is asked for. Fixed, and not the number of cores, because
 * it decides how sums over large batches are split: with another number the last digits differ.
 */
const DEFAULT_THREADS = 2;

/**
 * Sets the fastest tfjs backend that works here: TensorFlow, else WebAssembly, else plain JavaScript.
 *
 * Everything of tfjs shares one `@tensorflow/tfjs-core`, so the choice holds for all code of the
 * process. A backend asked for by `preference`, or else by the environment's `ERGOFLOW_BACKEND`, is
 * taken or refused, never replaced. TensorFlow's notices are silenced unless `TF_CPP_MIN_LOG_LEVEL` is
 * set.
 *
 * @param threads of TensorFlow; `TF_NUM_INTRAOP_THREADS`, else 2, by default. The first call of a
 *   process that gets TensorFlow decides.
 * @throws {BackendError} where the backend asked for cannot run; the message says how to get it.
 */
export async function chooseBackend(preference?: BackendName, threads?: number): Promise<Backend> {
  const wish = preference ?? fromEnvironment(process.env['ERGOFLOW_BACKEND']);
  const asked =
    preference === undefined ? `ERGOFLOW_BACKEND is "${wish}"` : `"${wish}" was asked for`;
  switch (wish) {
    case 'tensorflow': {
      const failure = await useTensorflow(threads);
      if (failure !== undefined) {
        throw new BackendError(`${asked}, but ${failure}. ${howToGetNative()}`);
      }
      return describe('tensorflow', asked);
    }
    case 'wasm':
      await useWasm();
      return describe('wasm', asked);
    case 'cpu':
      await useCpu();
      return describe('cpu', asked);
    case undefined:
      return chooseFastest(threads);
  }
}

/** TensorFlow's addon, once `chooseBackend` has chosen it. */
export function tensorflowBinding(): TensorflowBinding | undefined {
  if (tf.getBackend() !== 'tensorflow') return undefined;
  const backend: object = tf.backend();
  // tfjs-node declares its addon private; its shape is the part of version 4.22.0 that we call.
  return 'binding' in backend ? (backend.binding as TensorflowBinding) : undefined;
}

async function chooseFastest(threads: number | undefined): Promise<Backend> {
  const noTensorflow = await useTensorflow(threads);
  if (noTensorflow === undefined) return describe('tensorflow', 'the fastest');
  try {
    await useWasm();
  } catch (error) {
    await useCpu();
    return describe('cpu', `${noTensorflow}; WebAssembly failed: ${messageOf(error)}`);
  }
  return describe('wasm', noTensorflow);
}

/** What the addon was loaded with; it reads its settings once in a process. */
let loadedThreads: number | undefined;

/** @returns what went wrong */
async function useTensorflow(threads: number | undefined): Promise<string | undefined> {
  if (loadedThreads === undefined) {
    const given = threads ?? process.env['TF_NUM_INTRAOP_THREADS'] ?? DEFAULT_THREADS;
    const wanted = Number(given);
    if (!Number.isInteger(wanted) || wanted < 1) {
      throw new BackendError(
        `"TF_NUM_INTRAOP_THREADS" expected a positive integer, got "${given}"`,
      );
    }
    process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
    process.env['TF_NUM_INTRAOP_THREADS'] = String(wanted);
    process.env['TF_NUM_INTEROP_THREADS'] ??= String(wanted);
    try {
      await import('@tensorflow/tfjs-node');
    } catch (error) {
      return `the native TensorFlow addon does not load (${firstSentence(messageOf(error))})`;
    }
    loadedThreads = wanted;
  }
  return (await tf.setBackend('tensorflow')) ? undefined : 'TensorFlow could not be started';
}

async function useWasm(): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));
  if (tf.findBackend('wasm') === null) setWasmPaths(join(folder, 'dist', '/'));
  if (!(await tf.setBackend('wasm'))) throw new BackendError('WebAssembly could not be started');
}

async function useCpu(): Promise<void> {
  await tf.setBackend('cpu');
  // The first tensor of this backend brings an advertisement for tfjs-node, except in production.
  const before = tf.env().getBool('PROD');
  tf.env().set('PROD', true);
  tf.scalar(0).dispose();
  tf.env().set('PROD', before);
}

function describe(name: BackendName, reason: string): Backend {
  return {
    name,
    library: tensorflowBinding()?.TF_Version ?? tf.version['tfjs-core'],
    threads: name === 'tensorflow' ? (loadedThreads ?? 1) : 1,
    reason,
    faster: name === 'tensorflow' ? undefined : howToGetNative(),
  };
}

function howToGetNative(): string {
  if (Number.parseInt(process.versions.node, 10) >= 23) {
    return 'Native TensorFlow needs Node 20 or 22: tfjs-node 4.22.0 does not run on later versions.';
  }
  return 'To get native TensorFlow: ergoflow doctor --install-native (see docs/install.md).';
}

function fromEnvironment(value: string | undefined): BackendName | undefined {
  if (value === undefined || value === '') return undefined;
  const found = NAMES.find((name) => name === value);
  if (found === undefined) {
    throw new BackendError(
      `"ERGOFLOW_BACKEND" expected one of ${NAMES.join(', ')}, got "${value}"`,
    );
  }
  return found;
}

function firstSentence(text: string): string {
  return text.split(/\. |\n/)[0];
}
