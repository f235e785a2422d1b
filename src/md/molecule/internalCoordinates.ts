import { type Batch, batch } from '../../core/batch.ts';
import { ShapeError } from '../../core/errors.ts';
import { torsionAngle } from '../../core/torsion.ts';
import type { Topology } from './topology.ts';
import { type ZMatrixRow, zMatrix } from './zMatrix.ts';

/** A batch after a change of coordinates, and what that does to volumes. */
export interface MappedCoordinates {
  readonly value: Batch;
  /** log |det ∂value/∂argument|, `[B]`, of the map that has just been applied. */
  readonly logDet: Float64Array;
}

/** Bond lengths, angles and torsions of a molecule instead of its Cartesian coordinates. */
export interface InternalCoordinates {
  readonly rows: readonly ZMatrixRow[];
  /** 3N − 6. */
  readonly dim: number;
  /**
   * `[B, 3N]`, nm, to `[B, 3N − 6]`: N − 1 bonds, nm, then N − 2 angles in (0, π), then N − 3 torsions
   * in (−π, π], each in the order of `rows`. Where the molecule is and how it is turned is dropped.
   */
  toInternal(x: Batch): MappedCoordinates;
  /**
   * `[B, 3N − 6]` to `[B, 3N]`: the first atom at the origin, the second on the x axis, the third in
   * the half plane z = 0, y > 0.
   */
  toCartesian(internal: Batch): MappedCoordinates;
}

/**
 * The internal coordinates of a molecule by the Z-matrix of its bonds.
 *
 *     dx = b₂² · Πᵢ≥₃ bᵢ² sin θᵢ · d(b, θ, φ) · d(rigid motion)
 *
 * with one factor for each atom placed; the rigid motion is a shift and a rotation with the measure of
 * the rotation group. `logDet` is the logarithm of that product for `toCartesian`, and its negative for
 * `toInternal`, so a density over internal coordinates becomes one over molecular shapes. It is
 * exact to leave the rigid motion out, for an energy that does not depend on it (design rule 7).
 * Parsons et al., J. Comput. Chem. 26, 1063 (2005) for the placement.
 *
 * @throws {RangeError} as `zMatrix` does.
 */
export function internalCoordinates(topology: Topology): InternalCoordinates {
  const rows = zMatrix(topology);
  const atoms = rows.length;
  const dim = 3 * atoms - 6;
  const [angles, torsions] = [atoms - 1, 2 * atoms - 3];

  function logVolume(internal: Float64Array, offset: number): number {
    let sum = 0;
    for (let k = 1; k < atoms; k++) sum += 2 * Math.log(internal[offset + k - 1]);
    for (let k = 2; k < atoms; k++) sum += Math.log(Math.sin(internal[offset + angles + k - 2]));
    return sum;
  }

  function measure(x: Float64Array, from: number, out: Float64Array, to: number): void {
    rows.forEach(({ atom, bond, angle, torsion }, k) => {
      if (k > 0) out[to + k - 1] = Math.sqrt(squareDistance(x, from, atom, bond));
      if (k > 1) out[to + angles + k - 2] = bendAngle(x, from, atom, bond, angle);
      if (k > 2) {
        out[to + torsions + k - 3] = torsionAngle(x, [atom, bond, angle, torsion], from);
      }
    });
  }

  function place(internal: Float64Array, from: number, out: Float64Array, to: number): void {
    rows.forEach(({ atom, bond, angle, torsion }, k) => {
      const at = to + 3 * atom;
      const length = k > 0 ? internal[from + k - 1] : 0;
      if (k < 2) {
        out[at] = length;
        return;
      }
      const bend = internal[from + angles + k - 2];
      if (k === 2) {
        // The first atom is at the origin, and the second, on which this one hangs, at +x of it.
        out[at] = out[to + 3 * bond] - length * Math.cos(bend);
        out[at + 1] = length * Math.sin(bend);
        return;
      }
      const turn = internal[from + torsions + k - 3];
      placeAtom(out, [to + 3 * torsion, to + 3 * angle, to + 3 * bond, at], length, bend, turn);
    });
  }

  return {
    rows,
    dim,
    toInternal(x) {
      expectDim(x, 3 * atoms);
      const value = batch(new Float64Array(x.count * dim), dim);
      const logDet = new Float64Array(x.count);
      for (let b = 0; b < x.count; b++) {
        measure(x.data, b * x.dim, value.data, b * dim);
        logDet[b] = -logVolume(value.data, b * dim);
      }
      return { value, logDet };
    },
    toCartesian(internal) {
      expectDim(internal, dim);
      const value = batch(new Float64Array(internal.count * 3 * atoms), 3 * atoms);
      const logDet = new Float64Array(internal.count);
      for (let b = 0; b < internal.count; b++) {
        place(internal.data, b * dim, value.data, b * 3 * atoms);
        logDet[b] = logVolume(internal.data, b * dim);
      }
      return { value, logDet };
    },
  };
}

function expectDim(x: Batch, dim: number): void {
  if (x.dim !== dim) {
    throw new ShapeError(`internalCoordinates: expected [B, ${dim}], got [${x.count}, ${x.dim}]`);
  }
}

function squareDistance(x: Float64Array, offset: number, i: number, j: number): number {
  const [a, b] = [offset + 3 * i, offset + 3 * j];
  return (x[a] - x[b]) ** 2 + (x[a + 1] - x[b + 1]) ** 2 + (x[a + 2] - x[b + 2]) ** 2;
}

/** The angle i–j–k; by its tangent, which is exact near 0 and π, where a cosine is not. */
function bendAngle(x: Float64Array, offset: number, i: number, j: number, k: number): number {
  const [a, b, c] = [offset + 3 * i, offset + 3 * j, offset + 3 * k];
  const [ux, uy, uz] = [x[a] - x[b], x[a + 1] - x[b + 1], x[a + 2] - x[b + 2]];
  const [vx, vy, vz] = [x[c] - x[b], x[c + 1] - x[b + 1], x[c + 2] - x[b + 2]];
  const normal = Math.hypot(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx);
  return Math.atan2(normal, ux * vx + uy * vy + uz * vz);
}

/** Puts the atom at `d` from those at `a`, `b` and `c`: |cd| = length, ∠bcd = bend, ∠abcd = turn. */
function placeAtom(
  x: Float64Array,
  [a, b, c, d]: readonly [number, number, number, number],
  length: number,
  bend: number,
  turn: number,
): void {
  const [ax, ay, az] = [x[b] - x[a], x[b + 1] - x[a + 1], x[b + 2] - x[a + 2]];
  let [ux, uy, uz] = [x[c] - x[b], x[c + 1] - x[b + 1], x[c + 2] - x[b + 2]];
  const along = 1 / Math.sqrt(ux * ux + uy * uy + uz * uz);
  [ux, uy, uz] = [ux * along, uy * along, uz * along];
  let [nx, ny, nz] = [ay * uz - az * uy, az * ux - ax * uz, ax * uy - ay * ux];
  const across = 1 / Math.sqrt(nx * nx + ny * ny + nz * nz);
  [nx, ny, nz] = [nx * across, ny * across, nz * across];
  const [mx, my, mz] = [ny * uz - nz * uy, nz * ux - nx * uz, nx * uy - ny * ux];
  const back = -length * Math.cos(bend);
  const side = length * Math.sin(bend) * Math.cos(turn);
  const up = length * Math.sin(bend) * Math.sin(turn);
  x[d] = x[c] + back * ux + side * mx + up * nx;
  x[d + 1] = x[c + 1] + back * uy + side * my + up * ny;
  x[d + 2] = x[c + 2] + back * uz + side * mz + up * nz;
}
