import { type Batch, batch } from '../../src/core/batch.ts';
import { logNormal } from '../../src/core/gaussian.ts';
import { type Key, normal } from '../../src/core/rng.ts';
import type { FlowDensity, MappedBatch } from '../../src/flow/density.ts';
import type { FlowScore } from '../../src/flow/flowScore.ts';

/**
 * A flow that is known in closed form: every coordinate is xᵢ = μᵢ + sᵢ sinh(z).
 *
 * Its log-determinant Σ ln(sᵢ cosh zᵢ) varies by more than a nat over the prior, so a Hastings ratio
 * that loses it, or turns its sign, is far off.
 */
export function sinhFlow(centre: readonly number[], scale: readonly number[]): FlowDensity {
  const dim = centre.length;

  function forward(z: Batch): MappedBatch {
    const value = new Float64Array(z.data.length);
    const logDet = new Float64Array(z.count);
    for (let i = 0; i < value.length; i++) {
      value[i] = centre[i % dim] + scale[i % dim] * Math.sinh(z.data[i]);
      logDet[Math.floor(i / dim)] += Math.log(scale[i % dim] * Math.cosh(z.data[i]));
    }
    return { value: batch(value, dim), logDet };
  }

  function inverse(x: Batch): MappedBatch {
    const value = new Float64Array(x.data.length);
    const logDet = new Float64Array(x.count);
    for (let i = 0; i < value.length; i++) {
      value[i] = Math.asinh((x.data[i] - centre[i % dim]) / scale[i % dim]);
      logDet[Math.floor(i / dim)] -= Math.log(scale[i % dim] * Math.cosh(value[i]));
    }
    return { value: batch(value, dim), logDet };
  }

  function logProb(x: Batch): Float64Array {
    const { value, logDet } = inverse(x);
    return logNormal(value, 1).map((log, b) => log + logDet[b]);
  }

  return {
    name: 'sinh',
    dim,
    priorVariance: 1,
    forward,
    inverse,
    logProb,
    sample(count: number, key: Key) {
      const z = batch(normal(key, count * dim), dim);
      const { value, logDet } = forward(z);
      return { z, x: value, logProb: logNormal(z, 1).map((log, b) => log - logDet[b]) };
    },
  };
}

/** The score of `sinhFlow`: ∂ log q/∂x = −(z + tanh z)/(s cosh z), times `share` to make it wrong. */
export function sinhScore(
  centre: readonly number[],
  scale: readonly number[],
  share = 1,
): FlowScore {
  const dim = centre.length;
  return {
    dim,
    score: ({ data }) =>
      data.map((x, i) => {
        const z = Math.asinh((x - centre[i % dim]) / scale[i % dim]);
        return (-share * (z + Math.tanh(z))) / (scale[i % dim] * Math.cosh(z));
      }),
    dispose: () => undefined,
  };
}

/** A Gaussian as a flow, x = μ + s z: with light tails, it knows nothing beyond a few s from μ. */
export function affineFlow(centre: number, scale: number): FlowDensity {
  const map = (x: Batch, to: (value: number) => number, logDet: number): MappedBatch => ({
    value: batch(x.data.map(to), 1),
    logDet: new Float64Array(x.count).fill(logDet),
  });
  const forward = (z: Batch): MappedBatch => map(z, (v) => centre + scale * v, Math.log(scale));
  const inverse = (x: Batch): MappedBatch => map(x, (v) => (v - centre) / scale, -Math.log(scale));
  const logProb = (x: Batch): Float64Array => {
    const { value, logDet } = inverse(x);
    return logNormal(value, 1).map((log, b) => log + logDet[b]);
  };
  return {
    name: 'affine',
    dim: 1,
    priorVariance: 1,
    forward,
    inverse,
    logProb,
    sample(count, key) {
      const z = batch(normal(key, count), 1);
      const x = forward(z).value;
      return { z, x, logProb: logProb(x) };
    },
  };
}
