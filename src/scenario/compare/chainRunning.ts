import { relativeWeights } from '../../analysis/relativeWeights.ts';
import { withholdChain } from '../../analysis/weightQuality.ts';
import { largestError, type RunningEstimate } from './runningEstimate.ts';
import { type ChainSamples, firstCounted } from './samples.ts';

/**
 * What chains would have answered, had they been stopped after each of their records: from the records of
 * all chains so far but the first tenth of them. Withheld with fewer than ten transitions each way so far.
 * @param reference Fᵢ − F₀, kT, `[K − 1]`. @param names Of the states, `[K]`.
 */
export function chainRunning(
  samples: ChainSamples,
  reference: readonly number[] | undefined,
  names: readonly string[],
): RunningEstimate {
  const { states, cores, logWeights, evaluations, seconds } = samples;
  const weights = relativeWeights(
    states.map((own) => own.length),
    states.map((_, c) => logWeights?.[c]),
  );
  const records = evaluations.length;
  const size = names.length;
  // Weighted visits among the first n records in row n, so that any stretch is the difference of two rows.
  const visits = new Float64Array((records + 1) * size);
  const last = new Int8Array(cores.length).fill(-1);
  const transitions = names.map(() => new Array<number>(size).fill(0));
  const error = new Float64Array(records);
  const withheld = new Uint8Array(records);
  for (let n = 0; n < records; n++) {
    const row = (n + 1) * size;
    visits.copyWithin(row, n * size, row);
    states.forEach((own, c) => {
      if (own[n] >= 0) visits[row + own[n]] += weights[c][n];
    });
    cores.forEach((own, c) => {
      const core = own[n];
      if (core < 0) return;
      if (last[c] >= 0 && last[c] !== core) transitions[last[c]][core]++;
      last[c] = core;
    });
    const discarded = firstCounted(n + 1) * size;
    const populations = names.map((_, s) => visits[row + s] - visits[discarded + s]);
    error[n] = largestError(populations, reference);
    withheld[n] = withholdChain(transitions, names) === undefined ? 0 : 1;
  }
  return { evaluations, seconds, error, withheld };
}
