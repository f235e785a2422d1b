import { ErgoflowError } from '../core/errors.ts';
import { memoryRecords, type RecordMark, type Records } from './records.ts';

/** The typed arrays that an artifact may hold. */
export type ArtifactArray = Float64Array | Float32Array | Int32Array | Uint8Array;

/** A piece of data that one phase of a run leaves for the next. */
export interface Artifact {
  readonly arrays: Readonly<Record<string, ArtifactArray>>;
  /** Plain JSON. */
  readonly meta: unknown;
  /** Of the store's records, those that belong to it. */
  readonly records?: RecordMark | undefined;
}

/** Where the machine's data lives; the machine itself remembers ids only. */
export interface ArtifactStore {
  put(id: string, artifact: Artifact): void;
  /** @throws {ErgoflowError} where nothing is stored under `id`. */
  get(id: string): Artifact;
  /** The records under `id`, of `dim` coordinates a row; none before somebody appends to them. */
  records(id: string, dim: number): Records;
}

/** A store that lasts as long as the process. */
export function memoryStore(): ArtifactStore {
  const held = new Map<string, Artifact>();
  const recorded = new Map<string, Records>();
  return {
    put(id, artifact) {
      held.set(id, artifact);
    },
    get(id) {
      const artifact = held.get(id);
      if (artifact === undefined) {
        const known = [...held.keys()].join(', ') || 'nothing';
        throw new ErgoflowError(`no artifact "${id}" in this run; it holds ${known}`);
      }
      return artifact;
    },
    records(id, dim) {
      const records = recorded.get(id) ?? memoryRecords(id, dim);
      recorded.set(id, records);
      return records;
    },
  };
}
