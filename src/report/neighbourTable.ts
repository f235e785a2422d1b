import type { CarriedFigure, Result } from '../scenario/result.ts';
import { chainName, entries } from './differences.ts';
import { table } from './document.ts';
import { percent, significant, withError } from './formatNumber.ts';
import { html, type Markup, nothing } from './html.ts';

/** What the same samples say about temperatures a little off theirs; nothing of an older run. */
export function neighbourTable(result: Result): Markup {
  const { neighbours, states, tempering } = result;
  if (neighbours.length === 0) return nothing;
  const rows = neighbours.flatMap(({ temperature, hybrid, reweighted, reference }) => {
    const known =
      reference === null
        ? ''
        : entries(reference)
            .map(({ value, standardError }) => withError(value, standardError))
            .join(', ');
    const row = (name: string, carried: CarriedFigure) => ({
      cells: [significant(temperature), name, ...cells(carried), known],
    });
    const chain = row(chainName(result), hybrid);
    return tempering === null ? [chain, row('flow draws', reweighted)] : [chain];
  });
  const names = states.slice(1).map(({ name }) => name);
  return html`<h3>At neighbouring temperatures</h3>
${table(
  [
    { head: 'Temperature', numeric: true },
    { head: 'carried from' },
    { head: `${names.join(', ')} (kT)`, numeric: true },
    { head: 'ESS fraction', numeric: true },
    { head: 'Pareto k', numeric: true },
    { head: 'known', numeric: true, aside: true },
  ],
  rows,
  'The same samples with the weights of another temperature, each set judged by its own ESS and Pareto k.',
)}`;
}

function cells({ difference, essFraction, paretoK }: CarriedFigure): string[] {
  const value =
    difference.value === null
      ? 'withheld'
      : entries(difference)
          .map((one) => withError(one.value, one.standardError))
          .join(', ');
  return [value, percent(essFraction), paretoK === null ? 'unknown' : significant(paretoK, 2)];
}
