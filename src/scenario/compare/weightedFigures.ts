import { essPerState } from '../../analysis/effectiveSampleSize.ts';
import { reweightedFreeEnergies } from '../../analysis/freeEnergy.ts';
import { paretoTail } from '../../analysis/paretoTail.ts';
import { withholdWeighted } from '../../analysis/weightQuality.ts';
import { figure } from '../withhold.ts';
import type { SampleFigures } from './methodRun.ts';
import type { WeightedSamples } from './samples.ts';
import { weightedRunning } from './weightedRunning.ts';

/** The figures of independent weighted draws: no chain, hence no transitions and no passage times. */
export function weightedFigures(
  samples: WeightedSamples,
  stateNames: readonly string[],
  reference: readonly number[] | undefined,
): SampleFigures {
  const { labels, logWeights } = samples;
  const size = stateNames.length;
  const coverage = essPerState(logWeights, labels, size);
  return {
    difference: figure(
      reweightedFreeEnergies(labels, logWeights, size),
      withholdWeighted({
        paretoK: paretoTail(logWeights).k,
        draws: logWeights.length,
        states: stateNames.map((name, s) => ({ name, draws: coverage[s].draws })),
      }),
    ),
    transitions: null,
    usefulAcceptance: null,
    ess: Math.min(...stateNames.map((_, s) => indicatorEss(labels, logWeights, s))),
    meanFirstPassage: null,
    meanRoundTrip: null,
    running: weightedRunning(samples, reference, stateNames),
  };
}

/**
 * The independent draws of the target that would know P(state) as well as these weighted ones:
 *
 *     ESS = p(1 − p) / Var(p̂),   Var(p̂) = Σ w² (1ₛ − p)² / (Σ w)²
 *
 * the counterpart of a chain's ESS of the same indicator. 0 where no draw, or every one, is in the state.
 */
export function indicatorEss(
  labels: ArrayLike<number>,
  logWeights: Float64Array,
  state: number,
): number {
  const largest = logWeights.reduce((most, w) => Math.max(most, w), -Infinity);
  let total = 0;
  let inside = 0;
  for (let i = 0; i < logWeights.length; i++) {
    if (logWeights[i] === -Infinity) continue;
    const w = Math.exp(logWeights[i] - largest);
    total += w;
    if (labels[i] === state) inside += w;
  }
  const p = inside / total;
  if (!(p > 0 && p < 1)) return 0;
  let variance = 0;
  for (let i = 0; i < logWeights.length; i++) {
    if (logWeights[i] === -Infinity) continue;
    const w = Math.exp(logWeights[i] - largest) / total;
    variance += (w * ((labels[i] === state ? 1 : 0) - p)) ** 2;
  }
  return (p * (1 - p)) / variance;
}
