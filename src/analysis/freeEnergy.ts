import type { Key } from '../core/rng.ts';
import { chainMean } from './autocorrelation.ts';
import {
  type BlockBootstrapOptions,
  type BootstrapEstimate,
  blockBootstrap,
} from './blockBootstrap.ts';
import { essPerState } from './effectiveSampleSize.ts';
import type { Estimate } from './estimate.ts';
import { relativeWeights } from './relativeWeights.ts';

/** The states that one chain went through. */
export interface LabelledChain {
  /** The state of each record, `[n]`; −1 for none. Repeats after a rejection are records too. */
  readonly labels: ArrayLike<number>;
  /** log-weight of each record, `[n]`, with one constant for all chains; equal weights where left out. */
  readonly logWeights?: Float64Array;
}

/**
 * Free-energy differences of states from correlated chains, in kT, `[states − 1]`:
 *
 *     Fᵢ − F₀ = −ln(Pᵢ/P₀),   Pᵢ = Σ w 1ᵢ / Σ w,   i = 1, 2 …
 *
 * The standard error is the delta method's: that of the mean of g = w (1ᵢ/Pᵢ − 1₀/P₀) over all chains, by
 * its autocorrelation and by the disagreement between chains. It is blind to what no chain has seen;
 * below ten transitions each way do not use it (design rule 11).
 * Undefined for a state without records.
 * @throws {ShapeError} where the chains differ in length.
 */
export function chainFreeEnergies(
  chains: readonly LabelledChain[],
  states: number,
): (Estimate | undefined)[] {
  const weights = weightsOf(chains);
  const totals = stateTotals(chains, weights, states);
  const records = chains.length * (weights[0]?.length ?? 0);
  return differences(totals, (i, value) => {
    const series = chains.map(({ labels }, c) =>
      weights[c].map((w, n) => {
        if (labels[n] === i) return (w * records) / totals[i];
        return labels[n] === 0 ? (-w * records) / totals[0] : 0;
      }),
    );
    const mean = chainMean(series);
    return mean && { value, standardError: mean.standardError };
  });
}

/**
 * The same differences with errors by the moving-block bootstrap: slower, and with an interval.
 * See `blockBootstrap` for the options and for when an entry is undefined.
 */
export function bootstrapChainFreeEnergies(
  chains: readonly LabelledChain[],
  states: number,
  key: Key,
  options: BlockBootstrapOptions = {},
): (BootstrapEstimate | undefined)[] {
  const weights = weightsOf(chains);
  const totals = stateTotals(chains, weights, states);
  return differences(totals, (i) =>
    blockBootstrap(
      chains.map(({ labels }, c) => [
        weights[c].map((w, n) => (labels[n] === 0 ? w : 0)),
        weights[c].map((w, n) => (labels[n] === i ? w : 0)),
      ]),
      ([first, other]) => -Math.log(other / first),
      key,
      options,
    ),
  );
}

/**
 * Free-energy differences of states from independent weighted draws, in kT, `[states − 1]`:
 *
 *     Fᵢ − F₀ = −ln(Σᵢ w / Σ₀ w),   SE = √(1/ESSᵢ + 1/ESS₀)
 *
 * with Kish's ESS within each state, to which the delta method reduces because no draw is in two states.
 * Draws of weight 0 change neither. Undefined for a state without weight.
 * @param labels The state of each draw, `[N]`; −1 for none.
 * @param logWeights log w, `[N]`, up to a common constant.
 */
export function reweightedFreeEnergies(
  labels: ArrayLike<number>,
  logWeights: Float64Array,
  states: number,
): (Estimate | undefined)[] {
  const chains = [{ labels, logWeights }];
  const totals = stateTotals(chains, weightsOf(chains), states);
  const coverage = essPerState(logWeights, labels, states);
  return differences(totals, (i, value) => ({
    value,
    standardError: Math.sqrt(1 / coverage[i].ess + 1 / coverage[0].ess),
  }));
}

/** The same differences with errors by the bootstrap of independent draws. */
export function bootstrapReweightedFreeEnergies(
  labels: ArrayLike<number>,
  logWeights: Float64Array,
  states: number,
  key: Key,
  options: BlockBootstrapOptions = {},
): (BootstrapEstimate | undefined)[] {
  const independent = { ...options, autocorrelationTime: 1 };
  return bootstrapChainFreeEnergies([{ labels, logWeights }], states, key, independent);
}

function weightsOf(chains: readonly LabelledChain[]): Float64Array[] {
  return relativeWeights(
    chains.map((chain) => chain.labels.length),
    chains.map((chain) => chain.logWeights),
  );
}

/** Σ w over the records in each state, `[states]`. */
function stateTotals(
  chains: readonly LabelledChain[],
  weights: readonly Float64Array[],
  states: number,
): Float64Array {
  const totals = new Float64Array(states);
  chains.forEach(({ labels }, c) => {
    for (let n = 0; n < labels.length; n++) if (labels[n] >= 0) totals[labels[n]] += weights[c][n];
  });
  return totals;
}

function differences<E extends Estimate>(
  totals: Float64Array,
  estimate: (state: number, value: number) => E | undefined,
): (E | undefined)[] {
  return Array.from(totals.subarray(1), (total, k) =>
    total > 0 && totals[0] > 0 ? estimate(k + 1, -Math.log(total / totals[0])) : undefined,
  );
}
