import { batch } from '../../core/batch.ts';
import type { Potential } from '../../core/potential.ts';

/** U and its gradient at x₀ + t d. */
export interface Sample {
  /** Position along the line, −1 … 1. */
  readonly t: number;
  readonly energy: number;
  /** ∂U/∂t */
  readonly slope: number;
  /** ∂U/∂x, `[D]` */
  readonly gradient: Float64Array;
  readonly isFinite: boolean;
}

export interface LineScan {
  /** Neighbouring samples of a grid over the line. */
  intervals(): readonly (readonly [Sample, Sample])[];
  /** The interval halved `times` over, keeping the half where `measure` is larger. */
  halved(
    a: Sample,
    b: Sample,
    times: number,
    measure: (a: Sample, b: Sample) => number,
  ): readonly [Sample, Sample];
  /**
   * |g(a) − 2 g(m) + g(b)| / (b − a) of the interval and of ever smaller parts of it, where it is
   * largest: constant at a kink of g, falling in proportion to the width elsewhere.
   */
  kinks(a: Sample, b: Sample, times: number): readonly number[];
  /** x₀ + t d, `[D]` */
  at(t: number): Float64Array;
}

const cells = 48;

/** The line x₀ + t d, t from −1 to 1. */
export function scanner(
  potential: Potential,
  origin: Float64Array,
  direction: Float64Array,
): LineScan {
  const { dim } = potential;
  const at = (t: number): Float64Array => origin.map((value, i) => value + t * direction[i]);

  function samples(ts: readonly number[]): Sample[] {
    const data = new Float64Array(ts.length * dim);
    ts.forEach((t, k) => {
      data.set(at(t), k * dim);
    });
    const { energy, gradient } = potential.energyAndGradient(batch(data, dim));
    return ts.map((t, k) => {
      const own = gradient.slice(k * dim, (k + 1) * dim);
      let slope = 0;
      for (let i = 0; i < dim; i++) slope += own[i] * direction[i];
      return {
        t,
        energy: energy[k],
        slope,
        gradient: own,
        isFinite: Number.isFinite(energy[k]) && Number.isFinite(slope),
      };
    });
  }

  function kink(a: Sample, m: Sample, b: Sample): number {
    let sum = 0;
    for (let i = 0; i < dim; i++) {
      sum += (a.gradient[i] - 2 * m.gradient[i] + b.gradient[i]) ** 2;
    }
    return Math.sqrt(sum) / (b.t - a.t);
  }

  return {
    at,
    intervals() {
      // Not a round number of cells from the middle: a reached configuration may lie on a symmetry.
      const found = samples(
        Array.from({ length: cells + 1 }, (_, k) => -1 + (2 * (k + 0.137)) / (cells + 0.3)),
      );
      return found.slice(1).map((sample, k) => [found[k], sample] as const);
    },
    halved(a, b, times, measure) {
      for (let n = 0; n < times; n++) {
        const [m] = samples([(a.t + b.t) / 2]);
        if (measure(a, m) >= measure(m, b)) b = m;
        else a = m;
      }
      return [a, b];
    },
    kinks(a, b, times) {
      let [m] = samples([(a.t + b.t) / 2]);
      const found = [kink(a, m, b)];
      for (let n = 0; n < times; n++) {
        const [left, right] = samples([(a.t + m.t) / 2, (m.t + b.t) / 2]);
        const [inLeft, inRight] = [kink(a, left, m), kink(m, right, b)];
        [a, m, b] = inLeft >= inRight ? [a, left, m] : [m, right, b];
        found.push(Math.max(inLeft, inRight));
      }
      return found;
    },
  };
}
