import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type GraphCall,
  type GraphRuntime,
  GraphRuntimeError,
  type GraphSession,
  type Resident,
} from '../flow/compiled/runtime.ts';

/** Identity of a tensor that the addon owns. */
interface TensorMetadata {
  readonly id: number;
}

/** The part of tfjs-node's addon (`tf.backend().binding`) through which graphs are run. */
export interface TensorflowBinding {
  readonly TF_Version: string;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  createTensor(shape: number[], type: number, data: Float32Array | Int32Array): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(session: number): void;
  getNumOfSavedModels(): number;
  getNumOfTensors(): number;
  runSavedModel(
    session: number,
    inputs: number[],
    inputNames: string,
    outputNames: string,
  ): TensorMetadata[];
}

/**
 * Runs graphs in the TensorFlow library of tfjs-node.
 *
 * TensorFlow loads a SavedModel from a folder only: each is written to a temporary folder that is
 * removed as soon as its session exists. Folders that a crashed process left behind are removed when
 * a runtime is made. Two processes never share a folder.
 *
 * @param folder where temporary folders are made; the system's by default.
 */
export function graphRuntime(binding: TensorflowBinding, folder: string = tmpdir()): GraphRuntime {
  removeAbandoned(folder);
  return {
    name: `TensorFlow ${binding.TF_Version}`,
    load: (bytes) => session(binding, loadThroughFolder(binding, bytes, folder)),
    place(data, shape) {
      const type = data instanceof Float32Array ? binding.TF_FLOAT : binding.TF_INT32;
      return resident(binding, binding.createTensor([...shape], type, data));
    },
  };
}

/** A resident that knows which tensor of the addon it is. */
interface AddonResident extends Resident {
  readonly id: number;
}

function resident(binding: TensorflowBinding, id: number): AddonResident {
  return {
    id,
    read() {
      const data = binding.tensorDataSync(id);
      if (data instanceof Uint8Array) throw new TypeError('a tensor of booleans has no numbers');
      return data;
    },
    dispose: () => binding.deleteTensor(id),
  };
}

function session(binding: TensorflowBinding, id: number): GraphSession {
  return {
    prepare(feeds, fetches): GraphCall {
      const feedNames = feeds.join();
      const fetchNames = fetches.join();
      return (inputs) => {
        // Every resident of this runtime was made here.
        const ids = inputs.map((input) => (input as AddonResident).id);
        try {
          return binding
            .runSavedModel(id, ids, feedNames, fetchNames)
            .map((output) => resident(binding, output.id));
        } catch (cause) {
          throw new GraphRuntimeError(`a compiled graph failed: ${messageOf(cause)}`, { cause });
        }
      };
    },
    dispose: () => binding.deleteSavedModel(id),
  };
}

const PREFIX = 'ergoflow-graph-';

function loadThroughFolder(binding: TensorflowBinding, bytes: Uint8Array, parent: string): number {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(parent, `${PREFIX}${process.pid}-`));
    writeFileSync(join(folder, 'saved_model.pb'), bytes);
    return binding.loadSavedModel(folder, 'serve');
  } catch (cause) {
    throw new GraphRuntimeError(
      `a compiled graph (${bytes.length} bytes) could not be loaded through ${parent}: ${messageOf(cause)}`,
      { cause },
    );
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** Removes the folders of processes that ended between writing a graph and removing it. */
function removeAbandoned(parent: string): void {
  for (const name of namesIn(parent)) {
    const owner = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1] ?? Number.NaN);
    if (!Number.isInteger(owner) || isRunning(owner)) continue;
    const path = join(parent, name);
    try {
      // A process in another container has numbers of its own: give it time to finish its load.
      if (Date.now() - statSync(path).mtimeMs > 60_000) rmSync(path, { recursive: true });
    } catch {
      // Someone else removed it first, or it is someone else's: either way nothing is to be done.
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // The folder is missing or unreadable: loading a graph will say so.
    return [];
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
