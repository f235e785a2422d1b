import { paretoTail } from '../../analysis/paretoTail.ts';
import { withholdWeighted } from '../../analysis/weightQuality.ts';
import { largestError, type RunningEstimate } from './runningEstimate.ts';
import type { WeightedSamples } from './samples.ts';

/**
 * What the draws would have answered, had they been stopped after each block.
 *
 * Their weights are judged anew whenever there are a fifth more of them than at the last look, and at the
 * end: k̂ sorts all of them.
 * @param reference Fᵢ − F₀, kT, `[K − 1]`. @param names Of the states, `[K]`.
 */
export function weightedRunning(
  samples: WeightedSamples,
  reference: readonly number[] | undefined,
  names: readonly string[],
): RunningEstimate {
  const { labels, logWeights, draws, evaluations, seconds } = samples;
  const points = draws.length;
  const error = new Float64Array(points);
  const withheld = new Uint8Array(points);
  const weight = new Float64Array(names.length);
  const seen = new Float64Array(names.length);
  const largest = logWeights.reduce((most, w) => Math.max(most, w), -Infinity);
  let drawn = 0;
  let nextLook = 0;
  for (let p = 0; p < points; p++) {
    for (; drawn < draws[p]; drawn++) {
      if (labels[drawn] < 0 || logWeights[drawn] === -Infinity) continue;
      weight[labels[drawn]] += Math.exp(logWeights[drawn] - largest);
      seen[labels[drawn]]++;
    }
    error[p] = largestError(weight, reference);
    if (drawn < nextLook && p < points - 1) {
      withheld[p] = withheld[p - 1];
      continue;
    }
    nextLook = 1.2 * drawn;
    const verdict = withholdWeighted({
      paretoK: paretoTail(logWeights.subarray(0, drawn)).k,
      draws: drawn,
      states: names.map((name, s) => ({ name, draws: seen[s] })),
    });
    withheld[p] = verdict === undefined ? 0 : 1;
  }
  return { evaluations, seconds, error, withheld };
}
