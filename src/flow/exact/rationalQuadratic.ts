/** Widths and heights of a bin are at least this share of the whole, and slopes at least this. */
export const LEAST = 1e-3;
/** What the slopes' softplus is given beside the network's number, so that a number of 0 makes a slope of 1. */
export const SLOPE_OFFSET = Math.log(Math.expm1(1 - LEAST));

/** A monotonic rational-quadratic spline in float64, which is set and then asked. */
export interface RationalQuadratic {
  /**
   * Takes the spline over from `parameters`: K logits of the bins' widths from `widths` on, K of their
   * heights from `heights` on, and K − 1 numbers for the slopes at the inner knots from `slopes` on.
   */
  set(parameters: Float64Array, widths: number, heights: number, slopes: number): void;
  /** z of x. */
  inverse(x: number): number;
  /** x of z. */
  forward(z: number): number;
  /** ln dz/dx, at the x and z of the last call. */
  logSlope(): number;
}

/**
 * The spline of K bins that maps [−R, R] onto itself and is the identity elsewhere. In a bin between two
 * knots, of width w, height h and mean slope s = h/w, with the slopes d and d' at its ends,
 *
 *     (z − zₖ)/h = u a/(u a + v b),   u = (x − xₖ)/w,   v = 1 − u,   a = s u + d v,   b = s v + d' u
 *     dz/dx = s² (u b + v a)/(u a + v b)²
 *
 * and back, with η = (z − zₖ)/h, u/v is the positive root of a quadratic:
 *
 *     s (1 − η) (u/v)² + p u/v − s η = 0,   p = d (1 − η) − d' η,   r = √(p² + 4 s² η (1 − η))
 *     u : v = 2 s η : r + p   where p ≥ 0,   r − p : 2 s (1 − η)   elsewhere
 *
 * Everything that is added here is positive, so that no digits are lost at either end of a bin, however
 * unlike the three slopes are.
 *
 * Durkan, Bekasov, Murray & Papamakarios, NeurIPS 2019, arXiv:1906.04032, eqs. 4–8; the quadratic is
 * theirs, divided by v², which turns the cancelling sums of its coefficients into these.
 */
export function rationalQuadratic(bins: number, reach: number): RationalQuadratic {
  const widths = new Float64Array(bins);
  const heights = new Float64Array(bins);
  let numbers: Float64Array = widths;
  let slopesFrom = 0;
  let logSlope = 0;

  /** Maps `at`, along bins of the sizes `from`, to the bins of the sizes `to`. */
  function through(at: number, from: Float64Array, to: Float64Array): number {
    const share = (at + reach) / (2 * reach);
    if (!(share > 0 && share < 1)) {
      logSlope = 0;
      return at;
    }
    let k = 0;
    let left = 0;
    let below = 0;
    while (k < bins - 1 && share >= left + from[k]) {
      left += from[k];
      below += to[k];
      k++;
    }
    const s = heights[k] / widths[k];
    const low = slopeAt(k);
    const high = slopeAt(k + 1);
    const part = Math.min(1, (share - left) / from[k]);
    let u = part;
    let v = 1 - part;
    if (from === heights) {
      const p = low * v - high * u;
      const r = Math.sqrt(p * p + 4 * s * s * u * v);
      const first = p >= 0 ? 2 * s * u : r - p;
      const second = p >= 0 ? r + p : 2 * s * v;
      u = first / (first + second);
      v = second / (first + second);
    }
    const denominator = s * (u * u + v * v) + (low + high) * u * v;
    logSlope = Math.log(high * u * u + 2 * s * u * v + low * v * v) + 2 * Math.log(s / denominator);
    const image = from === heights ? u : (u * (s * u + low * v)) / denominator;
    return at + 2 * reach * (below + to[k] * image - share);
  }

  /** The slope at knot `k`; 1 at the two ends. */
  function slopeAt(k: number): number {
    if (k === 0 || k === bins) return 1;
    const number = numbers[slopesFrom + k - 1] + SLOPE_OFFSET;
    return LEAST + (Math.max(number, 0) + Math.log1p(Math.exp(-Math.abs(number))));
  }

  return {
    set(parameters, widthsFrom, heightsFrom, slopes) {
      numbers = parameters;
      slopesFrom = slopes;
      shares(parameters, widthsFrom, widths);
      shares(parameters, heightsFrom, heights);
    },
    inverse: (x) => through(x, widths, heights),
    forward: (z) => through(z, heights, widths),
    logSlope: () => logSlope,
  };
}

/** The shares of as many bins as `out` has, of a whole of 1: `LEAST` for each, the rest by softmax. */
function shares(parameters: Float64Array, from: number, out: Float64Array): void {
  const bins = out.length;
  let largest = -Infinity;
  for (let k = 0; k < bins; k++) largest = Math.max(largest, parameters[from + k]);
  let sum = 0;
  for (let k = 0; k < bins; k++) {
    out[k] = Math.exp(parameters[from + k] - largest);
    sum += out[k];
  }
  const rest = 1 - LEAST * bins;
  for (let k = 0; k < bins; k++) out[k] = LEAST + rest * (out[k] / sum);
}
