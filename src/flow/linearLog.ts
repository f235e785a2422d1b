/** Where an energy stops being taken at face value, in kT. */
export interface EnergyCap {
  /** E_high: above it the energy grows logarithmically. */
  readonly high: number;
  /** E_max: above it the energy is constant. */
  readonly max: number;
}

/** A function of one number, with its derivative. */
export interface ValueAndSlope {
  readonly value: number;
  readonly slope: number;
}

/**
 * A reduced energy u made fit for training, with its derivative by u:
 *
 *     u                        u < E_high
 *     E_high + ln(u − E_high + 1)   E_high ≤ u < E_max
 *     the value at E_max       u ≥ E_max, slope 0
 *
 * +∞, −∞ and not-a-number count as beyond E_max: such a configuration pulls at nothing.
 * For training alone; acceptance and weights use u itself (design rule 8).
 * Noé, Olsson, Köhler & Wu, Science 365, eaaw1147 (2019), supplement p. 3.
 */
export function linearLog(u: number, { high, max }: EnergyCap): ValueAndSlope {
  if (u < high && u > -Infinity) return { value: u, slope: 1 };
  if (u >= high && u < max)
    return { value: high + Math.log(u - high + 1), slope: 1 / (u - high + 1) };
  return { value: high + Math.log(max - high + 1), slope: 0 };
}
