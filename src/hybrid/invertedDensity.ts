import type { Batch } from '../core/batch.ts';
import { logNormal } from '../core/gaussian.ts';
import { logMeanExp } from '../core/logSumExp.ts';
import type { FlowDensity } from '../flow/density.ts';

/** The density of a flow at given configurations, with the proof of its inversion. */
export interface InvertedDensity {
  /** log q(x), `[B]`. */
  readonly logProb: Float64Array;
  /**
   * A(x), `[B]`: 1 where |F(F⁻¹(x)) − x| ≤ bound · (1 + |x|), largest coordinate, and log q is finite; of a
   * flow averaged over symmetries where that holds for every image of x.
   */
  readonly invertible: Uint8Array;
}

/** The way of given configurations through a flow to the latent space and back. */
export interface RoundTrip extends InvertedDensity {
  /** F⁻¹(x), `[B, D]`. */
  readonly z: Batch;
  /** log |det ∂z/∂x|, `[B]`. */
  readonly logDet: Float64Array;
}

/** The largest error of a round trip that still counts as the identity, relative to 1 + |x|. */
export const INVERTIBILITY_BOUND = 1e-8;

/**
 * log q(x) and A(x), both functions of x alone: a proposal and a current state go through the same
 * arithmetic, so that a Hastings ratio is antisymmetric to the last bit (design rules 3 and 6).
 */
export function invertedDensity(
  flow: FlowDensity,
  x: Batch,
  bound = INVERTIBILITY_BOUND,
): InvertedDensity {
  if (flow.mixture === undefined) return roundTrip(flow, x, bound);
  const { flow: one, group } = flow.mixture;
  const images = group.maps.map((map) => roundTrip(one, map.apply(x), bound));
  return {
    logProb: Float64Array.from({ length: x.count }, (_, b) =>
      logMeanExp(images.map(({ logProb }) => logProb[b])),
    ),
    invertible: Uint8Array.from({ length: x.count }, (_, b) =>
      images.every(({ invertible }) => invertible[b] === 1) ? 1 : 0,
    ),
  };
}

/** The same for the map F alone, with the latent points: no average, should `flow` be one. */
export function roundTrip(flow: FlowDensity, x: Batch, bound = INVERTIBILITY_BOUND): RoundTrip {
  const { value: z, logDet } = flow.inverse(x);
  const back = flow.forward(z).value;
  const logProb = logNormal(z, flow.priorVariance);
  const invertible = new Uint8Array(x.count);
  for (let b = 0; b < x.count; b++) {
    logProb[b] += logDet[b];
    let inverts = Number.isFinite(logProb[b]);
    for (let i = b * x.dim; i < (b + 1) * x.dim && inverts; i++) {
      inverts = Math.abs(back.data[i] - x.data[i]) <= bound * (1 + Math.abs(x.data[i]));
    }
    invertible[b] = inverts ? 1 : 0;
  }
  return { z, logDet, logProb, invertible };
}
