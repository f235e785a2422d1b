import { chainEffectiveSampleSize } from '../../analysis/autocorrelation.ts';
import { chainFreeEnergies } from '../../analysis/freeEnergy.ts';
import {
  countTransitions,
  totalTransitions,
  usefulAcceptance,
} from '../../analysis/transitions.ts';
import { withholdChain } from '../../analysis/weightQuality.ts';
import { figure } from '../withhold.ts';
import { chainRunning } from './chainRunning.ts';
import type { SampleFigures } from './methodRun.ts';
import { type ChainSamples, firstCounted } from './samples.ts';

/**
 * The figures of correlated chains. Estimates leave out the first tenth of the records; transitions and
 * passage times are counted over all of them.
 */
export function chainFigures(
  samples: ChainSamples,
  stateNames: readonly string[],
  reference: readonly number[] | undefined,
): SampleFigures {
  const { states, cores, flowMoves, logWeights, evaluations, before } = samples;
  const records = evaluations.length;
  const size = stateNames.length;
  const transitions = countTransitions(cores, size, flowMoves);
  // Its average over the run: flow moves and local bursts do not cost the same.
  const perRecord = (evaluations[records - 1] - before) / (records * states.length);
  const inEvaluations = (times: readonly (readonly (number | undefined)[])[]) =>
    times.map((own) => own.map((time) => (time === undefined ? null : time * perRecord)));
  const counted = states.map((own) => own.subarray(firstCounted(records)));
  const sizes = stateNames.map((_, s) =>
    chainEffectiveSampleSize(counted.map((own) => indicator(own, s))),
  );
  return {
    difference: figure(
      chainFreeEnergies(
        counted.map((labels, c) => ({
          labels,
          ...(logWeights && { logWeights: logWeights[c].subarray(firstCounted(records)) }),
        })),
        size,
      ),
      withholdChain(transitions.counts, stateNames),
    ),
    transitions: totalTransitions(transitions.counts),
    usefulAcceptance: usefulAcceptance(transitions) ?? null,
    ess: sizes.reduce((least, own) =>
      least === undefined || own === undefined ? undefined : Math.min(least, own),
    ),
    meanFirstPassage: inEvaluations(transitions.meanFirstPassage),
    meanRoundTrip: inEvaluations(transitions.meanRoundTrip),
    running: chainRunning(samples, reference, stateNames),
  };
}

function indicator(labels: Int8Array, state: number): Float64Array {
  return Float64Array.from(labels, (label) => (label === state ? 1 : 0));
}
