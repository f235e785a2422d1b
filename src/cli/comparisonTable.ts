import Table from 'cli-table3';
import { duration } from '../report/progressLine.ts';
import { listed } from '../scenario/collapsed.ts';
import { methodNames } from '../scenario/compare/ranking.ts';
import { amountOf } from '../scenario/compare/winnerSentence.ts';
import type { Comparison, MethodComparison, MethodName, Spread } from '../scenario/comparison.ts';
import type { Figure } from '../scenario/result.ts';

/** The methods side by side on a terminal: the answer, the figures, what they rest on. Plain text. */
export function comparisonTable(comparison: Comparison): string {
  const { budget, seeds } = comparison;
  return [
    `${comparison.scenario}: ${amountOf(budget)} for every method and seed (${budget.rule}), seeds ${seeds.join(', ')}`,
    figures(comparison),
    comparison.winner.sentence,
    remarks(comparison),
    comparison.notes.map((note) => `- ${note}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const title: Readonly<Record<MethodName, string>> = {
  md: 'plain MD',
  tempering: 'tempering',
  reweighting: 'flow alone',
  hybrid: 'hybrid',
};

function figures(comparison: Comparison): string {
  const methods = methodNames.flatMap((name) => {
    const own = comparison.methods[name];
    return own === undefined ? [] : [{ name, own }];
  });
  const table = new Table({
    head: ['', ...methods.map(({ name }) => title[name])],
    colAligns: ['left', ...methods.map(() => 'right' as const)],
    style: { head: [], border: [], compact: true },
  });
  const row = (name: string, cell: (own: MethodComparison) => string): void => {
    table.push([name, ...methods.map(({ own }) => cell(own))]);
  };
  const { reference, tolerance, states } = comparison;
  const expected = reference === null ? undefined : listed(reference.value);
  states.slice(1).forEach((state, i) => {
    row(`F(${state.name}) − F(${states[0].name}), kT`, (own) => difference(own.mean.difference, i));
    if (expected !== undefined) row('  expected', () => expected[i].toFixed(3));
  });
  if (comparison.seeds.length > 1) row('seeds withheld', (own) => String(own.mean.withheld));
  if (reference !== null) row('error at the end, kT', (own) => middle(own.mean.error, short));
  row('transitions', (own) => middle(own.mean.transitions, count));
  row('useful acceptance', (own) => middle(own.mean.usefulAcceptance, short));
  row('ESS per 1000 evaluations', (own) =>
    middle(own.mean.essPerEvaluation, (value) => short(1000 * value)),
  );
  row('ESS per second', (own) => middle(own.mean.essPerSecond, count));
  if (reference !== null) {
    const cost = (own: MethodComparison) => own.mean.costToTolerance;
    row(`evaluations to ${tolerance} kT`, (own) => middle(cost(own).evaluations, count, 'never'));
    row(`seconds to ${tolerance} kT`, (own) => middle(cost(own).seconds, short, 'never'));
  }
  row('first passage, evaluations', (own) => middle(own.mean.firstPassage, count, 'never'));
  row('round trip, evaluations', (own) => middle(own.mean.roundTrip, count, 'never'));
  row('evaluations spent', (own) => middle(own.mean.evaluations, count));
  row('wall-clock time', (own) => middle(own.mean.wallSeconds, duration));
  return table.toString();
}

function difference(figure: Figure, i: number): string {
  if (figure.value === null) return 'withheld';
  return `${listed(figure.value)[i].toFixed(3)} ± ${listed(figure.standardError)[i].toFixed(3)}`;
}

/** The median over the seeds with its range; a dash where the method has no such figure. */
function middle(
  spread: Spread | null,
  shown: (value: number) => string,
  missing = 'withheld',
): string {
  if (spread === null) return '–';
  if (spread.median === null) return missing;
  const [low, high] = [spread.low, spread.high].map((end) => (end === null ? missing : shown(end)));
  const median = shown(spread.median);
  // The range on a line of its own, so that four methods fit beside each other.
  return low === median && high === median ? median : `${median}\n${low} – ${high}`;
}

/** What each method was, and what went otherwise than it should. */
function remarks(comparison: Comparison): string {
  return methodNames
    .flatMap((name) => {
      const own = comparison.methods[name];
      if (own === undefined) return [];
      const ladders = own.runs
        .flatMap(({ ladder }) => ladder ?? [])
        .filter(({ swaps }) => swaps.length > 0)
        .slice(0, 1);
      return [
        `${title[name]}: ${own.description}`,
        ...ladders.map(
          ({ swaps, roundTrips }) =>
            `  swaps accepted ${swaps.map(short).join(', ')}; ${roundTrips} round trips of the ladder (first seed)`,
        ),
        ...bySeeds(own).map((line) => `  ${line}`),
      ];
    })
    .join('\n');
}

/** What is to be said of single runs, seeds with the same to say together. */
function bySeeds({ runs }: MethodComparison): string[] {
  const seeds = new Map<string, number[]>();
  for (const { seed, difference: own, warnings } of runs) {
    const reason = own.value === null ? own.withheld.reason : undefined;
    const withheld =
      own.value === null ? [`withheld: ${own.withheld.reason}; ${own.withheld.advice}`] : [];
    for (const line of [...withheld, ...warnings.filter((warning) => warning !== reason)]) {
      seeds.set(line, [...(seeds.get(line) ?? []), seed]);
    }
  }
  return Array.from(
    seeds,
    ([line, own]) => `${own.length === 1 ? 'seed' : 'seeds'} ${own.join(', ')}: ${line}`,
  );
}

/** Thousands and millions with three digits: `439 k`, `1.79 M`. */
function count(value: number): string {
  if (value >= 1e6) return `${short(value / 1e6)} M`;
  if (value >= 1e4) return `${short(value / 1e3)} k`;
  return short(value);
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
