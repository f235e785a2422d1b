import { row } from '../core/batch.ts';
import type { RecordReader } from '../hybrid/records.ts';
import type { MolecularSystem } from '../md/molecule/molecularSystem.ts';
import { dcdParts } from './trajectory/dcdParts.ts';
import { pdb } from './trajectory/pdb.ts';
import { pdbNames } from './trajectory/pdbNames.ts';
import type { TrajectoryFrame } from './trajectory/trajectoryFrame.ts';

/** Stands in the DCD file, and is what its readers are told of time. */
const NOTE = 'One step of 1 ps is one record of the chain: Metropolised moves have no time';

/** Columns of PDB files end at −999.999 Å, nm. */
const FARTHEST = 99;

/**
 * The trajectory of a molecule's run and the topology that goes with it.
 *
 * The moves of a chain have no time between them: the file counts the records, as steps of 1 ps.
 * @param run `start` is the configuration of the topology, `[3N]`, nm; `frames` are the rows of `records`
 * that are written, `stride` records of their chain apart.
 */
export function moleculeFiles(
  { topology, box }: MolecularSystem,
  run: {
    readonly records: RecordReader;
    readonly start: Float64Array;
    readonly frames: readonly number[];
    readonly stride: number;
  },
): { 'trajectory.dcd': Iterable<Uint8Array>; 'topology.pdb': string } {
  const { records, start, frames, stride } = run;
  function* inTurn(): Generator<TrajectoryFrame, void, void> {
    for (const i of frames) yield { positions: row(records.rows(i, i + 1), 0), box };
  }
  return {
    'trajectory.dcd': dcdParts(inTurn(), {
      atoms: topology.atoms.length,
      frames: frames.length,
      timestep: 1,
      stride,
      firstStep: 0,
      periodic: box !== undefined,
      note: NOTE,
    }),
    'topology.pdb': pdb(pdbNames(topology), { positions: within(start), box }),
  };
}

/** Positions that the columns of a PDB file can hold, about their own mean if they must be, `[3N]`. */
function within(positions: Float64Array): Float64Array {
  if (positions.every((x) => Math.abs(x) < FARTHEST)) return positions;
  const atoms = positions.length / 3;
  const mean = [0, 0, 0];
  positions.forEach((x, i) => {
    mean[i % 3] += x / atoms;
  });
  return positions.map((x, i) => x - mean[i % 3]);
}
