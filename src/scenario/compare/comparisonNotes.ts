import type { Budget, MethodName } from '../comparison.ts';
import { WARM_UP } from './samples.ts';

/** What was held equal between the methods and how, in sentences. */
export function comparisonNotes(methods: readonly MethodName[], { unit }: Budget): string[] {
  const hasFlow = methods.includes('hybrid') || methods.includes('reweighting');
  const hasChains = methods.some((method) => method !== 'reweighting');
  return [
    'All methods begin at the same starts, the known states’ own, in equal shares.',
    'A cost holds everything: seeding, training, pilots, step and ladder tuning, warm-up and sampling. The reference is not booked.',
    ...(hasChains
      ? [
          `Every estimate from chains leaves out the first ${WARM_UP * 100} % of the records so far as warm-up.`,
        ]
      : []),
    ...(hasFlow && methods.includes('hybrid')
      ? [
          'The hybrid spends all that is left after training on production: its estimate is the chain’s own, and no budget goes to reweighting.',
        ]
      : []),
    ...(methods.includes('hybrid') && methods.includes('reweighting')
      ? ['The hybrid and the flow alone share one training a seed, charged to both in full.']
      : []),
    'An estimate that would be withheld (fewer than ten transitions each way, bad weights) counts as not there yet, however near it is.',
    unit === 'seconds'
      ? 'The clock ended every run; the evaluations of each are stated, and a repetition with as many gives the same numbers.'
      : 'Seconds were measured on this machine and decided nothing.',
  ];
}
