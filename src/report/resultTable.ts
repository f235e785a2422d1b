import Table from 'cli-table3';
import type { Figure, Result } from '../scenario/result.ts';
import { chainName } from './differences.ts';
import { duration } from './progressLine.ts';

/** The end of a run on a terminal: answers first, then what they rest on. Plain text, no colours. */
export function resultTable(result: Result): string {
  return [answers(result), quality(result), checks(result), closing(result)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function answers(result: Result): string {
  const table = newTable(['free energy, kT', ...result.states.slice(1).map((s) => s.name), 'from']);
  const base = result.states[0].name;
  const row = (name: string, figure: Figure, source: string): void => {
    table.push([name, ...perState(figure, result.states.length - 1), source]);
  };
  const { reference } = result.freeEnergy;
  if (reference !== null) row('expected', reference, reference.source);
  const { tempering } = result;
  if (tempering === null) {
    row('hybrid', result.freeEnergy.difference, `${result.hybrid.flowMoves} flow moves`);
    row('reweighted', result.reweighted.difference, `${result.reweighted.samples} draws`);
    row('combined', result.combined.difference, result.combined.method);
  } else {
    row(chainName(result), result.freeEnergy.difference, `${tempering.transitions} transitions`);
  }
  if (result.plainMd !== null) {
    row('plain MD', result.plainMd.difference, `${result.plainMd.transitions} transitions`);
  }
  const states = result.states.map((s) => `${s.name}: ${s.definition}`).join('; ');
  const withheld = withheldReasons(result);
  return [
    `F relative to "${base}" (${states}), temperature ${result.temperature}`,
    table.toString(),
    ...withheld,
  ].join('\n');
}

function withheldReasons(result: Result): string[] {
  const figures: [string, Figure][] = [
    ...(result.tempering === null
      ? ([
          ['hybrid', result.freeEnergy.difference],
          ['reweighted', result.reweighted.difference],
          ['combined', result.combined.difference],
        ] satisfies [string, Figure][])
      : ([[chainName(result), result.freeEnergy.difference]] satisfies [string, Figure][])),
    ...(result.plainMd === null
      ? []
      : [['plain MD', result.plainMd.difference] satisfies [string, Figure]]),
  ];
  return figures.flatMap(([name, figure]) =>
    figure.value === null
      ? [`${name} withheld: ${figure.withheld.reason}. ${figure.withheld.advice}`]
      : [],
  );
}

function perState(figure: Figure, count: number): string[] {
  if (figure.value === null) return Array.from({ length: count }, () => 'withheld');
  const values = typeof figure.value === 'number' ? [figure.value] : figure.value;
  const errors =
    typeof figure.standardError === 'number' ? [figure.standardError] : figure.standardError;
  return values.map((value, i) =>
    errors[i] > 0 ? `${value.toFixed(4)} ± ${errors[i].toFixed(4)}` : value.toFixed(4),
  );
}

function quality(result: Result): string {
  const { hybrid, reweighted, tempering, plainMd } = result;
  const md = plainMd === null ? '' : mdTransitions(plainMd);
  const table = newTable(['how good', '', '']);
  const effective = [
    'effective samples',
    hybrid.ess.toFixed(0),
    `R-hat ${hybrid.rhat?.toFixed(4) ?? '–'}`,
  ];
  if (tempering !== null) {
    table.push(
      ['acceptance of local moves', hybrid.localAcceptance.toFixed(3), ''],
      ...(tempering.ladder.length === 1
        ? []
        : [
            [
              'swaps accepted',
              tempering.swapAcceptance.map((one) => one.toFixed(2)).join(' '),
              `${tempering.ladder.length} rungs, ${tempering.roundTrips} round trips`,
            ],
          ]),
      ['transitions', String(tempering.transitions), md],
      effective,
    );
  } else {
    table.push(
      [
        'acceptance of flow moves',
        hybrid.acceptance.toFixed(3),
        `local ${hybrid.localAcceptance.toFixed(3)}`,
      ],
      [
        'useful acceptance',
        hybrid.usefulAcceptance.toFixed(4),
        hybrid.idealUsefulAcceptance === null
          ? ''
          : `ideal sampler ${hybrid.idealUsefulAcceptance.toFixed(4)}`,
      ],
      ['transitions', String(hybrid.transitions), md],
      effective,
      [
        'flow ESS fraction',
        reweighted.essFraction.toFixed(3),
        `Pareto k ${reweighted.paretoK?.toFixed(2) ?? '–'}`,
      ],
    );
  }
  table.push([
    'energy evaluations',
    String(result.ledger.total),
    `training ${result.ledger.training}, seeding ${result.ledger.seeding}`,
  ]);
  return table.toString();
}

function mdTransitions(md: NonNullable<Result['plainMd']>): string {
  const predicted =
    md.predictedTransitions === null
      ? ''
      : ` (rate predicts ${md.predictedTransitions.toFixed(1)})`;
  return `plain MD, as many evaluations: ${md.transitions}${predicted}`;
}

function checks(result: Result): string {
  if (result.checks.length === 0) return '';
  const table = newTable(['check', 'expected', 'found', 'verdict', 'source']);
  for (const check of result.checks) {
    const expected =
      check.relation === 'about'
        ? `${round(check.expected)} ± ${round(check.tolerance)}`
        : `${check.relation} ${round(check.expected)}`;
    table.push([
      check.name,
      expected,
      check.found === null ? 'withheld' : round(check.found),
      check.passed ? 'ok' : 'MISSED',
      check.source,
    ]);
  }
  return table.toString();
}

function closing(result: Result): string {
  const { wallSeconds: wall, backend } = result;
  return (
    `verdict: ${result.verdict}   seed ${result.seed}   ` +
    `${duration(wall.total)} (seeding ${duration(wall.seeding)}, training ${duration(wall.training)}, ` +
    `sampling ${duration(wall.sampling)})   ${backend.name} ${backend.library}`
  );
}

function round(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function newTable(head: string[]): Table.Table {
  return new Table({ head, style: { head: [], border: [], compact: true } });
}
