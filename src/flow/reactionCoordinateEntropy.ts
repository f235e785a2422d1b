/** Kernels along the coordinate. */
const KERNELS = 11;
/** Added to every kernel, so that a point far from all of them still counts. */
const FLOOR = 1e-6;

/**
 * The loss that spreads a batch evenly over a reaction coordinate s in [min, max], with ∂J/∂s, `[B]`:
 *
 *     kⱼ(s) = exp(−(s − μⱼ)²/2σ²) + 10⁻⁶,   11 centres μⱼ from min to max, σ = (max − min)/11
 *     hⱼ = mean over the batch of kⱼ(s)/Σᵢ kᵢ(s),   J_RC = −Σⱼ ln hⱼ
 *
 * Its minimum, at equal occupancies hⱼ = 1/11, is 11 ln 11 = 26.3769.
 * The 1-D form of the code released with Noé, Olsson, Köhler & Wu, Science 365, eaaw1147 (2019)
 * (the paper describes ∫ p ln p). @throws {RangeError} unless min < max.
 */
export function reactionCoordinateEntropy(
  s: Float64Array,
  min: number,
  max: number,
): { readonly value: number; readonly gradient: Float64Array } {
  if (!(min < max)) {
    throw new RangeError(`"min" and "max" expected an interval, got ${min} and ${max}`);
  }
  const count = s.length;
  const width = (max - min) / KERNELS;
  const centre = (j: number): number => min + ((max - min) * j) / (KERNELS - 1);
  const share = new Float64Array(count * KERNELS);
  const slope = new Float64Array(count * KERNELS);
  const occupancy = new Float64Array(KERNELS);

  for (let b = 0; b < count; b++) {
    const row = b * KERNELS;
    let total = 0;
    let totalSlope = 0;
    for (let j = 0; j < KERNELS; j++) {
      const distance = (s[b] - centre(j)) / width;
      const gaussian = Math.exp(-0.5 * distance * distance);
      share[row + j] = gaussian + FLOOR;
      slope[row + j] = (-distance / width) * gaussian;
      total += share[row + j];
      totalSlope += slope[row + j];
    }
    for (let j = 0; j < KERNELS; j++) {
      share[row + j] /= total;
      slope[row + j] = (slope[row + j] - share[row + j] * totalSlope) / total;
      occupancy[j] += share[row + j] / count;
    }
  }

  const gradient = new Float64Array(count);
  let value = 0;
  for (let j = 0; j < KERNELS; j++) {
    value -= Math.log(occupancy[j]);
    for (let b = 0; b < count; b++) {
      gradient[b] -= slope[b * KERNELS + j] / (occupancy[j] * count);
    }
  }
  return { value, gradient };
}
