import { type Batch, batch } from '../core/batch.ts';
import type { Artifact, ArtifactArray } from './artifacts.ts';

/** Configurations to learn from, and others to be judged by. */
export interface Dataset {
  /** `[N, D]` */
  readonly train: Batch;
  /** State of each training row, −1 for none. */
  readonly trainLabels: Int32Array;
  /** Whole chains that are never trained on, `[M, D]`. */
  readonly heldOut: Batch;
  readonly heldOutLabels: Int32Array;
}

export function datasetArtifact(data: Dataset): Artifact {
  return {
    arrays: {
      train: data.train.data,
      trainLabels: data.trainLabels,
      heldOut: data.heldOut.data,
      heldOutLabels: data.heldOutLabels,
    },
    meta: { dim: data.train.dim },
  };
}

export function datasetFrom(artifact: Artifact): Dataset {
  const { dim } = artifact.meta as { dim: number };
  return {
    train: batch(float64(artifact, 'train'), dim),
    trainLabels: int32(artifact, 'trainLabels'),
    heldOut: batch(float64(artifact, 'heldOut'), dim),
    heldOutLabels: int32(artifact, 'heldOutLabels'),
  };
}

/** The named float64 array of an artifact. */
export function float64(artifact: Artifact, name: string): Float64Array {
  return typed(artifact, name, Float64Array);
}

/** The named int32 array of an artifact. */
export function int32(artifact: Artifact, name: string): Int32Array {
  return typed(artifact, name, Int32Array);
}

/** The named byte array of an artifact. */
export function uint8(artifact: Artifact, name: string): Uint8Array {
  return typed(artifact, name, Uint8Array);
}

function typed<T extends ArtifactArray>(
  artifact: Artifact,
  name: string,
  kind: new (length: number) => T,
): T {
  const array = artifact.arrays[name];
  if (!(array instanceof kind)) {
    throw new TypeError(
      `artifact: "${name}" expected ${kind.name}, found ${array?.constructor.name ?? 'nothing'}`,
    );
  }
  return array;
}
