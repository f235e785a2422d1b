import type { Result } from '../scenario/result.ts';
import { table } from './document.ts';
import { factor, percent, readableCount, significant } from './formatNumber.ts';
import type { Markup } from './html.ts';
import { duration } from './progressLine.ts';

/** How good the chain and the flow were, and what they cost. */
export function qualityTable(result: Result): Markup {
  const { hybrid, reweighted, tempering, plainMd, ledger, wallSeconds } = result;
  const ideal =
    hybrid.idealUsefulAcceptance === null
      ? ''
      : `an ideal sampler reaches ${percent(hybrid.idealUsefulAcceptance, 2)}`;
  const md =
    plainMd === null
      ? ''
      : `plain MD with ${readableCount(plainMd.evaluations)} evaluations: ${readableCount(plainMd.transitions)}` +
        (plainMd.predictedTransitions === null
          ? ''
          : ` (its rate predicts ${factor(plainMd.predictedTransitions)})`);
  const rows: (readonly [string, string, string])[] = [
    ...(tempering === null
      ? ([
          [
            'Acceptance of flow moves',
            percent(hybrid.acceptance),
            `of local moves ${percent(hybrid.localAcceptance)}`,
          ],
          ['Flow moves that change state', percent(hybrid.usefulAcceptance, 2), ideal],
          ['Transitions by flow moves', readableCount(hybrid.transitions), md],
        ] as const)
      : ([
          ['Acceptance of local moves', percent(hybrid.localAcceptance), 'all rungs together'],
          ...(tempering.ladder.length === 1
            ? []
            : [
                [
                  'Swaps accepted',
                  tempering.swapAcceptance.map((one) => percent(one, 0)).join(', '),
                  `${tempering.ladder.length} rungs up to kT ${significant(tempering.ladder[tempering.ladder.length - 1])}; ${readableCount(tempering.roundTrips)} round trips`,
                ] as const,
              ]),
          ['Transitions', readableCount(tempering.transitions), md],
        ] as const)),
    [
      'Effective samples',
      readableCount(hybrid.ess),
      `${hybrid.chains} chains of ${readableCount(hybrid.steps)} records; R-hat ${hybrid.rhat === null ? 'unknown' : hybrid.rhat.toFixed(4)}`,
    ],
    [
      'Effective samples per second',
      significant(hybrid.essPerSecond, 3),
      `${significant(hybrid.essPerSecondTotal, 3)} with seeding and training`,
    ],
    [
      'Effective samples per evaluation',
      significant(hybrid.essPerEvaluation, 3),
      `${significant(hybrid.essPerEvaluationTotal, 3)} with seeding and training`,
    ],
    ...(tempering !== null
      ? []
      : ([
          [
            'ESS fraction of flow draws',
            percent(reweighted.essFraction),
            `within each state ${reweighted.essFractionPerState.map((one) => percent(one, 0)).join(', ')}` +
              (reweighted.forwardEssFraction === null
                ? ''
                : `; from the chain's samples ${percent(reweighted.forwardEssFraction)}`),
          ],
          [
            'Pareto k of the weights',
            reweighted.paretoK === null ? 'unknown' : significant(reweighted.paretoK, 2),
            refusedDraws(reweighted),
          ],
        ] as const)),
    [
      'Energy evaluations',
      readableCount(ledger.total),
      `${readableCount(ledger.gradients)} with gradient; ${readableCount(ledger.flowPasses)} passes of the flow`,
    ],
    [
      'Wall-clock time',
      duration(wallSeconds.total),
      `seeding ${duration(wallSeconds.seeding)}, training ${duration(wallSeconds.training)}, sampling ${duration(wallSeconds.sampling)}`,
    ],
  ];
  return table(
    [{ head: 'What' }, { head: 'found', numeric: true }, { head: 'beside it' }],
    rows.map((cells) => ({ cells })),
  );
}

function refusedDraws({
  outsideDomain,
  notInvertible,
  notFinite,
  samples,
}: Result['reweighted']): string {
  const causes = [
    [outsideDomain, 'outside the domain'],
    [notInvertible, 'not invertible'],
    [notFinite, 'without a finite energy'],
  ] as const;
  const named = causes
    .filter(([count]) => count > 0)
    .map(([count, why]) => `${readableCount(count)} ${why}`);
  return named.length === 0
    ? `all ${readableCount(samples)} draws have a weight`
    : `weight 0: ${named.join(', ')}`;
}
