/**
 * Positions times `factor` as the 32-bit floats of trajectory formats, `[3N]`.
 *
 * @param where names file and frame in the message.
 * @throws {RangeError} naming the atom whose coordinate is not finite, or no longer is in 32 bits.
 */
export function singlePrecision(
  positions: Float64Array,
  factor: number,
  where: string,
): Float32Array {
  const out = new Float32Array(positions.length);
  for (let i = 0; i < positions.length; i++) {
    out[i] = positions[i] * factor;
    if (!Number.isFinite(out[i])) {
      throw new RangeError(
        `${where}: atom ${Math.floor(i / 3) + 1} has ${'xyz'[i % 3]} = ${positions[i]} nm, ` +
          'which 32-bit floats cannot hold',
      );
    }
  }
  return out;
}
