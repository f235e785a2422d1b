import type { Figure, Result, Stated } from '../scenario/result.ts';
import { counted } from './formatNumber.ts';

/** One free-energy estimate of a run, with what it rests on. */
export interface EstimateRow {
  readonly name: string;
  readonly figure: Figure;
  readonly restsOn: string;
}

/** The estimates of a run, the one to quote first. */
export function estimateRows(result: Result): EstimateRow[] {
  const { freeEnergy, reweighted, combined, hybrid, tempering, plainMd } = result;
  const ofChain = (name: string, transitions: number): EstimateRow => ({
    name,
    figure: freeEnergy.difference,
    restsOn: `${counted(hybrid.ess, 'effective sample')}, ${counted(transitions, 'transition')}`,
  });
  const rows: EstimateRow[] =
    tempering !== null
      ? [ofChain(chainName(result), tempering.transitions)]
      : [
          {
            name: 'combined',
            figure: combined.difference,
            restsOn: `${combined.method} of both below`,
          },
          ofChain(chainName(result), hybrid.transitions),
          {
            name: 'reweighted flow',
            figure: reweighted.difference,
            restsOn: `${counted(reweighted.samples, 'draw')}, ESS fraction ${reweighted.essFraction.toFixed(2)}`,
          },
        ];
  if (plainMd !== null) {
    rows.push({
      name: 'plain MD, for comparison',
      figure: plainMd.difference,
      restsOn: `${counted(plainMd.transitions, 'transition')}, as many evaluations`,
    });
  }
  return rows;
}

/** What the chain of a run is called. */
export function chainName({ tempering }: Pick<Result, 'tempering'>): string {
  if (tempering === null) return 'hybrid chain';
  return tempering.ladder.length === 1 ? 'local moves' : 'parallel tempering';
}

/** The estimate to quote: the first of the run's own that was not withheld. */
export function headline(
  result: Result,
): { readonly name: string; readonly figure: Stated } | null {
  for (const { name, figure } of estimateRows(result)) {
    if (figure.value !== null && !name.startsWith('plain MD')) return { name, figure };
  }
  return null;
}

/** The entries of a figure, one a state after the first. */
export function entries(
  figure: Stated,
): { readonly value: number; readonly standardError: number }[] {
  const list = (value: number | readonly number[]): readonly number[] =>
    typeof value === 'number' ? [value] : value;
  const errors = list(figure.standardError);
  return list(figure.value).map((value, i) => ({ value, standardError: errors[i] }));
}
