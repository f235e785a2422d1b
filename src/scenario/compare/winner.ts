import type { Budget, MethodName, Winner } from '../comparison.ts';
import { byCost, type Methods, medianCost, present } from './ranking.ts';
import { winnerSentence } from './winnerSentence.ts';

/**
 * Who comes within the tolerance first, by the medians over the seeds, and by what factors.
 *
 * First is decided in the budget's own unit; the other unit stands beside it.
 * @param hasReference Whether there is anything to be within a tolerance of.
 */
export function winner(
  methods: Methods,
  budget: Budget,
  tolerance: number,
  hasReference: boolean,
): Winner {
  const [method = null] = byCost(methods, budget.unit);
  const [methodInSeconds = null] = byCost(methods, 'seconds');
  const others = present(methods).filter((other) => other !== method);
  const figures: Omit<Winner, 'sentence'> = {
    method,
    methodInSeconds,
    factors:
      method === null
        ? {}
        : Object.fromEntries(
            others.map((other) => [
              other,
              {
                evaluations: factor(methods, method, other, 'evaluations'),
                seconds: factor(methods, method, other, 'seconds'),
              },
            ]),
          ),
    from: method === null ? null : medianCost(methods, method, budget.unit),
  };
  return {
    ...figures,
    sentence: winnerSentence(methods, figures, budget, tolerance, hasReference),
  };
}

function factor(
  methods: Methods,
  method: MethodName,
  other: MethodName,
  unit: Budget['unit'],
): number | null {
  const own = medianCost(methods, method, unit);
  const theirs = medianCost(methods, other, unit);
  return own === null || theirs === null ? null : theirs / own;
}
