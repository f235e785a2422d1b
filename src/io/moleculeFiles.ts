import { row } from '../core/batch.ts';
import type { RecordReader } from '../hybrid/records.ts';
import type { MolecularSystem } from '../md/molecule/molecularSystem.ts';
import { dcdParts } from './trajectory/dcdParts.ts';
import { pdb } from './trajectory/pdb.ts';
import { pdbNames } from './trajectory/pdbNames.ts';
import type { TrajectoryFrame } from './trajectory/trajectoryFrame.ts';

/** Stands in the DCD file, and is what its readers are told of time. */
const NOTE = 'One step of 1 ps is one record of the chain: Metropolised moves have no time';

/**
 * The trajectory of a molecule's run and the topology that goes with it.
 *
 * The moves of a chain have no time between them: the file counts the records, as steps of 1 ps. The
 * topology has the first frame, with a molecule in free space put about the origin, for chains diffuse
 * and the columns of a PDB file end at 1000 nm.
 * @param frames the rows of `records` that are written, `stride` records of their chain apart.
 */
export function moleculeFiles(
  { topology, box }: MolecularSystem,
  records: RecordReader,
  frames: readonly number[],
  stride: number,
): { 'trajectory.dcd': Iterable<Uint8Array>; 'topology.pdb': string } {
  const frame = (i: number): TrajectoryFrame => ({
    positions: row(records.rows(i, i + 1), 0),
    box,
  });
  function* inTurn(): Generator<TrajectoryFrame, void, void> {
    for (const i of frames) yield frame(i);
  }
  const first = frame(frames[0]);
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
    'topology.pdb': pdb(
      pdbNames(topology),
      box === undefined ? { positions: centred(first.positions) } : first,
    ),
  };
}

/** Positions about their own mean, `[3N]`. */
function centred(positions: Float64Array): Float64Array {
  const atoms = positions.length / 3;
  const mean = [0, 0, 0];
  positions.forEach((value, i) => {
    mean[i % 3] += value / atoms;
  });
  return positions.map((value, i) => value - mean[i % 3]);
}
