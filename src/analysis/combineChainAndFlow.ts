import { ShapeError } from '../core/errors.ts';
import { chainMean, integratedAutocorrelationTime } from './autocorrelation.ts';
import { logistic, solveBar } from './bar.ts';
import type { Estimate } from './estimate.ts';

/** Samples with their states and log-weights. */
export interface WeightedStates {
  /** The state of each sample, `[n]`; −1 for none. */
  readonly labels: ArrayLike<number>;
  /** −U/kT − log q, `[n]`: −∞ for a draw that the target forbids, +∞ where the flow cannot propose. */
  readonly logWeights: Float64Array;
}

/** What a chain and a flow say together. */
export interface CombinedFreeEnergies {
  /** Fᵢ − F₀ = −ln(Pᵢ/P₀) in kT, `[states − 1]`; undefined for a state without weight. */
  readonly differences: readonly (Estimate | undefined)[];
  /** ln Z of the target over its domain. */
  readonly logZ: Estimate;
  /** τ, records per independent record that the chains were counted with. */
  readonly autocorrelationTime: number;
}

/**
 * The best of both: chain samples of the target p = e^(−U/kT)/Z and draws of the flow q, in one estimate.
 *
 *     ν Σ_{chain} (1 − σ) = Σ_{flow} σ,   σ(x) = ν n p(x) / (ν n p(x) + N q(x)),   ν = 1/τ
 *     Pᵢ ∝ ν Σ_{chain} σ 1ᵢ + Σ_{flow} σ 1ᵢ
 *
 * The first line is Bennett's acceptance ratio for ln Z, the second MBAR's mixture weights, both with every
 * chain record counted as 1/τ of an independent one. Each sample weighs at most 1/(ν n), so heavy flow
 * weights are tamed by the chain. Errors are the sandwich of these equations: influences of the chain
 * records by their autocorrelation and the disagreement between chains, those of the flow draws as
 * independent, the uncertainty of ln Z carried through. Rests on both samples: use it where neither the
 * chain's estimate nor the weights are withheld.
 * Undefined without overlap and where the chains never change.
 *
 * Shirts & Chodera, J. Chem. Phys. 129, 124105, 2008. doi:10.1063/1.2978177
 * @param chains `[M]`, of equal length n/M. @param flow All N draws, those of weight 0 included.
 * @throws {ShapeError} where lengths differ.
 */
export function combineChainAndFlow(
  chains: readonly WeightedStates[],
  flow: WeightedStates,
  states: number,
): CombinedFreeEnergies | undefined {
  for (const { labels, logWeights } of [...chains, flow]) {
    if (labels.length !== logWeights.length) {
      throw new ShapeError(`${labels.length} labels for ${logWeights.length} weights`);
    }
  }
  const tau = slowestTime(chains, states);
  if (tau === undefined) return undefined;
  const nu = 1 / tau;
  const pooled = concatenate(chains.map((chain) => chain.logWeights));
  const logZ = solveBar(pooled, nu, flow.logWeights);
  if (logZ === undefined) return undefined;

  const shift = Math.log((nu * pooled.length) / flow.logWeights.length) - logZ;
  const share = (w: number): number => logistic(shift + w);
  const chainShares = chains.map((chain) => chain.logWeights.map(share));
  const flowShares = flow.logWeights.map(share);

  // Hᵢ = Σ ν σ 1ᵢ and aᵢ = Σ ν σ(1 − σ) 1ᵢ = −∂Hᵢ/∂ln Z; the last a counts every sample.
  const weight = new Float64Array(states);
  const slope = new Float64Array(states + 1);
  const gather = (labels: ArrayLike<number>, shares: Float64Array, each: number): void => {
    shares.forEach((p, n) => {
      slope[states] += each * p * (1 - p);
      if (labels[n] < 0) return;
      weight[labels[n]] += each * p;
      slope[labels[n]] += each * p * (1 - p);
    });
  };
  chains.forEach((chain, c) => {
    gather(chain.labels, chainShares[c], nu);
  });
  gather(flow.labels, flowShares, 1);

  // ψ, the terms of the equation for ln Z, whose fluctuation moves it by −Σψ / a.
  const error = (
    ofChain: (p: number, label: number) => number,
    ofFlow: (p: number, label: number) => number,
  ): number | undefined => {
    const series = chains.map(({ labels }, c) =>
      chainShares[c].map((p, n) => ofChain(p, labels[n])),
    );
    const mean = chainMean(series);
    if (mean === undefined) return undefined;
    const fromChain = mean.standardError * pooled.length;
    return Math.hypot(fromChain, spreadOfSum(flowShares.map((p, n) => ofFlow(p, flow.labels[n]))));
  };
  const all = slope[states];
  const logZError = error(
    (p) => (-nu * (1 - p)) / all,
    (p) => p / all,
  );
  if (logZError === undefined) return undefined;

  const differences = Array.from({ length: states - 1 }, (_, k): Estimate | undefined => {
    const i = k + 1;
    if (!(weight[i] > 0 && weight[0] > 0)) return undefined;
    const carried = (slope[i] / weight[i] - slope[0] / weight[0]) / all;
    const own = (label: number): number =>
      label === i ? 1 / weight[i] : label === 0 ? -1 / weight[0] : 0;
    const standardError = error(
      (p, label) => -nu * p * own(label) - carried * nu * (1 - p),
      (p, label) => -p * own(label) + carried * p,
    );
    if (standardError === undefined) return undefined;
    return { value: -Math.log(weight[i] / weight[0]), standardError };
  });
  return { differences, logZ: { value: logZ, standardError: logZError }, autocorrelationTime: tau };
}

/** The longest autocorrelation time of any state's indicator, records; undefined where none changes. */
function slowestTime(chains: readonly WeightedStates[], states: number): number | undefined {
  let slowest: number | undefined;
  for (let i = 0; i < states; i++) {
    const tau = integratedAutocorrelationTime(
      chains.map(({ labels }) => Float64Array.from(labels, (s) => (s === i ? 1 : 0))),
    );
    if (tau !== undefined) slowest = Math.max(slowest ?? 1, tau);
  }
  return slowest;
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

/** The standard error of a sum of independent terms, √(N s²). */
function spreadOfSum(terms: Float64Array): number {
  let mean = 0;
  for (const x of terms) mean += x / terms.length;
  let squares = 0;
  for (const x of terms) squares += (x - mean) ** 2;
  return Math.sqrt((squares * terms.length) / (terms.length - 1));
}
