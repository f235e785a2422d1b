import { ShapeError } from '../../core/errors.ts';
import type { Topology } from '../../md/molecule/topology.ts';
import { xyzFrame } from '../xyz.ts';
import type { TrajectoryFrame } from './trajectoryFrame.ts';

/**
 * A molecule's frames as an extended XYZ file, part by part, for `atomicWrite`: memory holds one frame.
 *
 * Ångström with eight places, the box as `Lattice`, and `Time` in ps, as ASE, OVITO, VMD and MDAnalysis
 * read them. Model systems, whose coordinates have no such unit, are written by `xyz`.
 *
 * @throws {RangeError} for a coordinate that is not finite. @throws {ShapeError} for other numbers of atoms.
 */
export function* extendedXyz(
  topology: Topology,
  frames: Iterable<TrajectoryFrame>,
): Generator<string, void, void> {
  const symbols = topology.atoms.map(({ element }) => element || 'X');
  let index = 0;
  for (const { positions, time, box } of frames) {
    if (positions.length !== 3 * symbols.length) {
      throw new ShapeError(
        `xyz, frame ${index}: ${positions.length} coordinates, not [${3 * symbols.length}]`,
      );
    }
    const bad = positions.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      throw new RangeError(
        `xyz, frame ${index}: atom ${Math.floor(bad / 3) + 1} has ${'xyz'[bad % 3]} = ${positions[bad]}`,
      );
    }
    const lattice = box && [box[0], 0, 0, 0, box[1], 0, 0, 0, box[2]].map((edge) => 10 * edge);
    const comment = [
      ...(lattice ? [`Lattice="${lattice.join(' ')}"`] : []),
      'Properties=species:S:1:pos:R:3',
      ...(time === undefined ? [] : [`Time=${time}`]),
      `pbc="${lattice ? 'T T T' : 'F F F'}"`,
    ].join(' ');
    yield xyzFrame(symbols, comment, (atom, axis) => (10 * positions[3 * atom + axis]).toFixed(8));
    index += 1;
  }
}
