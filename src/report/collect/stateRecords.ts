import type { Artifact } from '../../hybrid/artifacts.ts';
import { float64, int32 } from '../../hybrid/dataset.ts';
import type { ProductionMeta } from '../../hybrid/producing.ts';
import type { RecordReader } from '../../hybrid/records.ts';

/** What a phase recorded: its columns, and the configurations in the same order. */
export interface Recorded {
  readonly artifact: Artifact;
  readonly records: RecordReader;
}

/** Which records of production lie in a state and were made by a local burst, the first step of each cycle. */
export function localRecords({ artifact }: Recorded, state: number): number[] {
  const { chains, isFlowMove } = artifact.meta as ProductionMeta;
  return recordsIn(artifact, state).filter((i) => Math.floor(i / chains) % isFlowMove.length === 0);
}

/** Which draws lie in a state and have a weight: the others were refused before U was asked. */
export function weightyDraws({ artifact }: Recorded, state: number): number[] {
  const logWeights = float64(artifact, 'logWeights');
  return recordsIn(artifact, state).filter((i) => logWeights[i] > -Infinity);
}

function recordsIn(artifact: Artifact, state: number): number[] {
  const labels = int32(artifact, 'states');
  return Array.from(labels.keys()).filter((i) => labels[i] === state);
}
