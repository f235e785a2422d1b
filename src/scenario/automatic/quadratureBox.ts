import { type Batch, batch } from '../../core/batch.ts';
import type { Potential } from '../../core/potential.ts';

/** What lies this far above the minimum, kT, cannot count: e⁻³⁰ is below the integral's error. */
const high = 30;
const edgePoints = 60;
const growths = 16;

/**
 * A box around `samples` outside of which nothing counts, for potentials of one or two coordinates:
 * widened until U stands 30 kT above `lowest` all along its edges. Undefined where it never does.
 */
export function quadratureBox(
  potential: Potential,
  samples: readonly Batch[],
  lowest: number,
  kT: number,
): (readonly [number, number])[] | undefined {
  const { dim } = potential;
  if (dim > 2) return undefined;
  const box = Array.from({ length: dim }, (_, i) => {
    let [from, to] = [Infinity, -Infinity];
    for (const { data } of samples) {
      for (let k = i; k < data.length; k += dim) {
        from = Math.min(from, data[k]);
        to = Math.max(to, data[k]);
      }
    }
    return [from, to];
  });
  for (let growth = 0; growth < growths; growth++) {
    let isClosed = true;
    const widths = box.map(([from, to]) => to - from);
    for (let i = 0; i < dim; i++) {
      for (const side of [0, 1]) {
        const energies = potential.energy(edge(box, i, side));
        if (energies.every((u) => u > lowest + high * kT)) continue;
        isClosed = false;
        box[i][side] += (side === 0 ? -0.2 : 0.2) * widths[i];
      }
    }
    if (isClosed) return box.map(([from, to]) => [outward(from, -1), outward(to, 1)] as const);
  }
  return undefined;
}

/** Points all along one side of the box. */
function edge(box: readonly (readonly number[])[], i: number, side: number): Batch {
  const dim = box.length;
  const count = dim === 1 ? 1 : edgePoints;
  const data = new Float64Array(count * dim);
  for (let k = 0; k < count; k++) {
    for (let j = 0; j < dim; j++) {
      const [from, to] = box[j];
      data[k * dim + j] = j === i ? box[i][side] : from + ((to - from) * k) / (count - 1);
    }
  }
  return batch(data, dim);
}

/** To two digits, away from the middle. */
function outward(value: number, sign: 1 | -1): number {
  if (value === 0) return 0;
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
  return Number((sign * Math.ceil((sign * value) / unit) * unit).toPrecision(12));
}
