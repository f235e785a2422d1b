import { ShapeError } from '../../core/errors.ts';
import { dcdFrameBytes } from './dcdHeader.ts';
import { singlePrecision } from './singlePrecision.ts';
import type { TrajectoryFrame } from './trajectoryFrame.ts';

/** Lays out one frame of a DCD file after another in the same bytes. */
export interface DcdFrameWriter {
  /**
   * The frame, in bytes that the next call overwrites.
   * @param where names file and frame in messages.
   * @throws {ShapeError} for another number of atoms, or a box where none belongs or none where one does.
   * @throws {RangeError} for a coordinate that 32-bit floats cannot hold.
   */
  fill(frame: TrajectoryFrame, where: string): Uint8Array;
}

/** Positions in ångström as 32-bit floats, axis by axis, behind the unit cell where there is one. */
export function dcdFrameWriter(atoms: number, periodic: boolean): DcdFrameWriter {
  const bytes = new Uint8Array(dcdFrameBytes(atoms, periodic));
  const view = new DataView(bytes.buffer);
  return {
    fill({ positions, box }, where) {
      if (positions.length !== 3 * atoms) {
        throw new ShapeError(`${where}: ${positions.length} coordinates, not [${3 * atoms}]`);
      }
      if ((box !== undefined) !== periodic) {
        throw new ShapeError(
          `${where}: ${periodic ? 'no box' : 'a box'}, and the file has ` +
            `${periodic ? 'one' : 'none'} in each frame`,
        );
      }
      const angstroms = singlePrecision(positions, 10, where);
      let at = 0;
      if (box !== undefined) {
        // Edges and angles alternate: A, γ, B, β, α, C.
        const cell = [10 * box[0], 90, 10 * box[1], 90, 90, 10 * box[2]];
        view.setInt32(0, 48, true);
        cell.forEach((value, i) => {
          view.setFloat64(4 + 8 * i, value, true);
        });
        view.setInt32(52, 48, true);
        at = 56;
      }
      for (let axis = 0; axis < 3; axis++) {
        view.setInt32(at, 4 * atoms, true);
        for (let i = 0; i < atoms; i++) {
          view.setFloat32(at + 4 + 4 * i, angstroms[3 * i + axis], true);
        }
        view.setInt32(at + 4 + 4 * atoms, 4 * atoms, true);
        at += 4 * atoms + 8;
      }
      return bytes;
    },
  };
}
