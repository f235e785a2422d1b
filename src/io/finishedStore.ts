import { join } from 'node:path';
import { ErgoflowError } from '../core/errors.ts';
import type { ArtifactStore } from '../hybrid/artifacts.ts';
import type { Records } from '../hybrid/records.ts';
import { checkpointStore } from './checkpointStore.ts';
import { npzRecords } from './npzRecords.ts';

/** Where `samples.npz` has the records that a run kept under these names. */
const arrays = new Map([
  ['production', 'chain/positions'],
  ['draws', 'flow/positions'],
]);

/** The arrays of `samples.npz` that may be larger than memory. */
export const recordArrays: readonly string[] = [...arrays.values()];

/**
 * What a finished run in `folder` left: artifacts in `checkpoint/`, records in `samples.npz`, to which
 * nothing is added any more.
 */
export function finishedStore(folder: string): ArtifactStore {
  const { put, get } = checkpointStore(join(folder, 'checkpoint'));
  return {
    put,
    get,
    records(id, dim): Records {
      const reader = npzRecords(join(folder, 'samples.npz'), arrays.get(id) ?? id);
      if (reader.dim !== dim) {
        throw new ErgoflowError(`records "${id}": dimensions ${dim} and ${reader.dim}`);
      }
      const refuse = (): never => {
        throw new ErgoflowError(`${folder} is complete; nothing more is recorded`);
      };
      return { ...reader, append: refuse, mark: refuse, rewind: refuse };
    },
  };
}
