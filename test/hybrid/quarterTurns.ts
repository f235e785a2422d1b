import { batch } from '../../src/core/batch.ts';
import type { Symmetry } from '../../src/flow/augmented.ts';

/** The turns of the plane by 0, 90, 180 and 270 degrees. */
export const quarterTurns: readonly Symmetry[] = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
].map(([cos, sin], n) => ({
  name: `${90 * n}°`,
  apply({ data }) {
    const out = new Float64Array(data.length);
    for (let i = 0; i < out.length; i += 2) {
      out[i] = cos * data[i] - sin * data[i + 1];
      out[i + 1] = sin * data[i] + cos * data[i + 1];
    }
    return batch(out, 2);
  },
}));
