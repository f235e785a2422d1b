/** The two channels of a batch in float64, `[B, m₀]` and `[B, m₁]`, taken out of it and put back. */
export interface ExactChannels {
  /** Copies the rows of `x` into the channels and returns these, valid until the next call. */
  split(x: Float64Array, count: number): readonly [Float64Array, Float64Array];
  /** Copies the channels back into the rows of `x`. */
  join(x: Float64Array, count: number): void;
}

export function exactChannels(
  indices: readonly [readonly number[], readonly number[]],
): ExactChannels {
  const lists = [Uint32Array.from(indices[0]), Uint32Array.from(indices[1])];
  const dim = lists[0].length + lists[1].length;
  let parts: [Float64Array, Float64Array] = [new Float64Array(0), new Float64Array(0)];

  return {
    split(x, count) {
      if (parts[0].length < count * lists[0].length) {
        parts = [
          new Float64Array(count * lists[0].length),
          new Float64Array(count * lists[1].length),
        ];
      }
      lists.forEach((list, channel) => {
        const part = parts[channel];
        for (let b = 0, to = 0; b < count; b++) {
          for (let j = 0; j < list.length; j++, to++) part[to] = x[b * dim + list[j]];
        }
      });
      return parts;
    },
    join(x, count) {
      lists.forEach((list, channel) => {
        const part = parts[channel];
        for (let b = 0, from = 0; b < count; b++) {
          for (let j = 0; j < list.length; j++, from++) x[b * dim + list[j]] = part[from];
        }
      });
    },
  };
}
