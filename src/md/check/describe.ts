import { formatCoordinates } from '../../core/errors.ts';
import type { FoundMinimum } from './distinctMinima.ts';
import type { Bottoms } from './explore.ts';
import { type Finding, finding, shown } from './finding.ts';
import type { Guarded, Incident } from './guarded.ts';

type Incidents = ReturnType<Guarded['takeIncidents']>;

/** Whether U and its gradient are numbers wherever the temperature leads, and on the way there. */
export function describeFinite(reached: Incidents, onTheWay: Incidents): Finding {
  const figures = { notFinite: reached.count, notFiniteOnTheWay: onTheWay.count };
  if (reached.first !== undefined) {
    return finding(
      'finite at temperature',
      'failed',
      `${said(reached.first)}, one step from where the temperature leads (${reached.count} times). ` +
        'Return Infinity for a configuration that is forbidden',
      figures,
    );
  }
  if (onTheWay.first !== undefined) {
    return finding(
      'finite at temperature',
      'warned',
      `${said(onTheWay.first)}, though only on the way downhill (${onTheWay.count} times)`,
      figures,
    );
  }
  return finding('finite at temperature', 'passed', 'finite wherever kT and 2 kT lead', figures);
}

function said({ energy, coordinate, x }: Incident): string {
  const what =
    coordinate === undefined
      ? `U is ${energy}`
      : `component ${coordinate} of the gradient is not finite (U ${shown(energy)})`;
  return `${what} at ${formatCoordinates(x)}`;
}

/** What lies at the bottom, and whether there is one. */
export function describeMinima(
  minima: readonly FoundMinimum[],
  { endless }: Bottoms,
  kT: number,
): Finding {
  const [lowest] = minima;
  const figures = { minima: minima.length, endless: endless.length };
  const [hole] = endless;
  if (hole !== undefined) {
    return finding(
      'minima',
      'failed',
      `U has no lower bound: ${endless.length} descents went on to U = ${shown(hole.energy)} at ` +
        `${formatCoordinates(hole.x)}, so that no Boltzmann distribution exists`,
      figures,
    );
  }
  if (lowest === undefined) {
    return finding('minima', 'failed', 'no descent came to an end', figures);
  }
  const listed = minima
    .slice(0, 6)
    .map(
      (one, m) =>
        `${shown(one.energy, 6)}${m === 0 ? '' : ` (+${shown((one.energy - lowest.energy) / kT)} kT)`} ` +
        `at ${formatCoordinates(one.x)}`,
    );
  const more = minima.length > 6 ? ` and ${minima.length - 6} more` : '';
  return finding(
    'minima',
    minima.length === 1 ? 'warned' : 'passed',
    minima.length === 1
      ? `only one was found: U = ${listed[0]}`
      : `${minima.length} found: U = ${listed.join('; ')}${more}`,
    { ...figures, lowest: lowest.energy },
  );
}
