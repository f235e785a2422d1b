import { logSumExp } from '../../core/logSumExp.ts';
import { quantileOfLog, scaledTail } from '../../core/normalTails.ts';

/** ½ ln 2π */
const HALF_LOG_TWO_PI = 0.9189385332046728;
/** Probabilities and densities below this are computed anew from logarithms. */
const SMALLEST = 1e-280;
/** Halvings after which a bracket of doubles has nothing left to halve, and a few more. */
const MOST_TURNS = 200;

/** A one-dimensional mixture of Gaussians in float64, which is set and then asked. */
export interface GaussianMixture {
  /**
   * Takes the mixture over from `parameters` at `offset`: K logits lₖ, K means μₖ, K logarithms sₖ of
   * the standard deviations. Weights are the softmax of the logits.
   */
  set(parameters: Float64Array, offset: number): void;
  /** z = Φ⁻¹(F(x)), F the cumulative distribution, from whichever tail x lies in. */
  toNormal(x: number): number;
  /** x with Φ⁻¹(F(x)) = z. */
  fromNormal(z: number): number;
  /** ln dz/dx = ln p(x) − ln φ(z), at the x and z of the last call. */
  logSlope(): number;
}

/**
 * The map between a mixture of `components` Gaussians and the standard normal,
 *
 *     F(x) = Σₖ wₖ Φ((x − μₖ)/σₖ),   z = Φ⁻¹(F(x))
 *
 * increasing in x, and with all its digits however far out: F and 1 − F are sums of positive terms each,
 * and where they are no doubles any more their logarithms are taken term by term.
 *
 * The way back is Newton's method on the logarithm of the smaller tail, within a bracket: the root lies
 * between the least and the greatest μₖ + σₖ z, where every component's own tail is on one side of z's.
 * Steps that leave it, or hardly shrink, are halvings instead.
 */
export function gaussianMixture(components: number): GaussianMixture {
  const weights = new Float64Array(components);
  const logWeights = new Float64Array(components);
  const means = new Float64Array(components);
  const sigmas = new Float64Array(components);
  const terms = new Float64Array(components);
  /** Logarithms of F, 1 − F and p at the last point. */
  let logBelow = 0;
  let logAbove = 0;
  let logDensity = 0;
  let latent = 0;

  function evaluate(x: number): void {
    let below = 0;
    let above = 0;
    let density = 0;
    for (let k = 0; k < components; k++) {
      const u = (x - means[k]) / sigmas[k];
      const bell = Math.exp(-0.5 * u * u);
      const tail = bell * scaledTail(Math.abs(u));
      below += weights[k] * (u < 0 ? tail : 1 - tail);
      above += weights[k] * (u < 0 ? 1 - tail : tail);
      density += (weights[k] / sigmas[k]) * bell;
    }
    if (Number.isNaN(density)) {
      logBelow = logAbove = logDensity = Number.NaN;
      return;
    }
    logBelow = below > SMALLEST ? Math.log(below) : logTail(x, -1);
    logAbove = above > SMALLEST ? Math.log(above) : logTail(x, 1);
    logDensity = density > SMALLEST ? Math.log(density) - HALF_LOG_TWO_PI : farDensity(x);
  }

  /** ln F for `side` −1, ln (1 − F) for 1, term by term. */
  function logTail(x: number, side: 1 | -1): number {
    for (let k = 0; k < components; k++) {
      const u = (side * (x - means[k])) / sigmas[k];
      const size = Math.abs(u);
      const log = -0.5 * u * u + Math.log(scaledTail(size));
      terms[k] = logWeights[k] + (u > 0 ? log : Math.log1p(-Math.exp(log)));
    }
    return logSumExp(terms);
  }

  function farDensity(x: number): number {
    for (let k = 0; k < components; k++) {
      const u = (x - means[k]) / sigmas[k];
      terms[k] = logWeights[k] - Math.log(sigmas[k]) - 0.5 * u * u;
    }
    return logSumExp(terms) - HALF_LOG_TWO_PI;
  }

  function root(z: number): number {
    let low = Infinity;
    let high = -Infinity;
    let x = 0;
    for (let k = 0; k < components; k++) {
      if (weights[k] === 0) continue;
      const own = means[k] + sigmas[k] * z;
      low = Math.min(low, own);
      high = Math.max(high, own);
      x += weights[k] * own;
    }
    // NaN parameters or z have no root; a bracket of one point is one.
    if (!(low < high)) return low === high ? low : Number.NaN;
    if (!(x > low && x < high)) x = 0.5 * (low + high);
    const side = z > 0 ? 1 : -1;
    const wanted = -0.5 * z * z + Math.log(scaledTail(Math.abs(z)));
    let before = high - low;
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      evaluate(x);
      const logSide = side > 0 ? logAbove : logBelow;
      const excess = logSide - wanted;
      if (excess === 0) return x;
      // F rises and 1 − F falls: the excess of either tells on which side of x the root is.
      if (excess > 0 === side < 0) high = x;
      else low = x;
      let next = x + side * excess * Math.exp(logSide - logDensity);
      const step = Math.abs(next - x);
      if (!(next > low && next < high) || step > 0.5 * before) next = 0.5 * (low + high);
      before = Math.abs(next - x);
      if (next === x || before <= 1e-16 * Math.abs(x)) return next;
      x = next;
    }
    return x;
  }

  return {
    set(parameters, offset) {
      let largest = -Infinity;
      for (let k = 0; k < components; k++) largest = Math.max(largest, parameters[offset + k]);
      let sum = 0;
      for (let k = 0; k < components; k++) sum += Math.exp(parameters[offset + k] - largest);
      const total = largest + Math.log(sum);
      for (let k = 0; k < components; k++) {
        logWeights[k] = parameters[offset + k] - total;
        weights[k] = Math.exp(logWeights[k]);
        means[k] = parameters[offset + components + k];
        sigmas[k] = Math.exp(parameters[offset + 2 * components + k]);
      }
    },
    toNormal(x) {
      evaluate(x);
      latent = logBelow <= logAbove ? quantileOfLog(logBelow) : -quantileOfLog(logAbove);
      return latent;
    },
    fromNormal(z) {
      const x = root(z);
      evaluate(x);
      latent = z;
      return x;
    },
    logSlope: () => logDensity + 0.5 * latent * latent + HALF_LOG_TWO_PI,
  };
}
