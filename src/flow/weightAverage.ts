/** A running average of a model's weights over its last training steps. */
export interface WeightAverage {
  /** Whether the average takes the weights after `step` steps: it looks at every tenth step. */
  isDue(step: number): boolean;
  /** @param step steps taken so far. */
  update(step: number, weights: readonly Float32Array[]): void;
  /** Undefined before the first update. */
  readonly weights: readonly Float32Array[] | undefined;
}

/** Reading the weights out of a compiled step costs a few percent of it; the average hardly notices. */
const EVERY = 10;

/**
 * An exponential average of weights, which the noise of single batches does not reach:
 *
 *     a ← d a + (1 − d) w,   d = min(decay^10, (1 + n)/(10 + n)) at the n-th of every ten steps
 *
 * The second bound lets it forget the untrained weights. Polyak & Juditsky, SIAM J. Control Optim. 30,
 * 838, 1992. doi:10.1137/0330046
 * @param decay per step, in [0, 1); 0.999 averages over some thousand steps.
 * @param start where an earlier average had come to.
 */
export function weightAverage(
  decay: number,
  start: readonly Float32Array[] | undefined,
): WeightAverage {
  if (!(decay >= 0 && decay < 1)) {
    throw new RangeError(`"averaging" expected a decay in [0, 1), got ${decay}`);
  }
  let average = start?.map((array) => array.slice());
  return {
    isDue: (step) => step % EVERY === 0,
    update(step, weights) {
      if (average === undefined) {
        average = weights.map((array) => array.slice());
        return;
      }
      const n = step / EVERY;
      const keep = Math.min(decay ** EVERY, (1 + n) / (10 + n));
      average.forEach((array, i) => {
        const now = weights[i];
        for (let j = 0; j < array.length; j++) array[j] = keep * array[j] + (1 - keep) * now[j];
      });
    },
    get weights() {
      return average;
    },
  };
}
