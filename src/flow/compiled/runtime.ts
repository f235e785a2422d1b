import { ErgoflowError } from '../../core/errors.ts';

/**
 * What compiled flows need of a machine that runs TensorFlow graphs.
 *
 * An interface, because this layer also runs where there are no files and no native code.
 */
export interface GraphRuntime {
  /** `TensorFlow 2.21.0` */
  readonly name: string;
  /**
   * Loads the bytes of a `saved_model.pb` into a session of its own.
   * @throws {GraphRuntimeError} where it cannot be written or loaded.
   */
  load(savedModel: Uint8Array): GraphSession;
  /** Numbers that graphs can be fed with. `data` must not change before they are disposed of. */
  place(data: Float32Array | Int32Array, shape: readonly number[]): Resident;
}

/** A loaded graph with the state of its variables. */
export interface GraphSession {
  /** A call of the graph: feeds by the names of placeholders, results in the order of `fetches`. */
  prepare(feeds: readonly string[], fetches: readonly string[]): GraphCall;
  dispose(): void;
}

/** @throws {GraphRuntimeError} where the graph fails. */
export type GraphCall = (inputs: readonly Resident[]) => readonly Resident[];

/** A tensor in the runtime's own memory. It can be fed to any of its graphs without a copy. */
export interface Resident {
  /** A copy of the numbers; only of element types float32 and int32. */
  read(): Float32Array | Int32Array;
  dispose(): void;
}

/** A graph could not be stored, loaded or run; the eager tier can do the same work. */
export class GraphRuntimeError extends ErgoflowError {
  override name = 'GraphRuntimeError';
}
