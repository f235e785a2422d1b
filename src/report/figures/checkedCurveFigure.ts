import * as Plot from '@observablehq/plot';
import { batch } from '../../core/batch.ts';
import type { Potential } from '../../core/potential.ts';
import type { PotentialCheck } from '../../md/check/checkPotential.ts';
import { colour } from '../palette.ts';
import { coordinateLabel } from './axisLabel.ts';
import { compose } from './compose.ts';
import { legend } from './legend.ts';
import { panel } from './panel.ts';

const POINTS = 400;
/** kT above the lowest point: higher is cut off. */
const HIGHEST = 30;

/** U/kT of one coordinate over the range that was reached, with the minima that were found. */
export function checkedCurveFigure(
  potential: Potential,
  check: PotentialCheck,
  width: number,
): string {
  const { reached, hot, kT, minima } = check;
  const all = [...reached.data, ...hot.data, ...minima.map(({ x }) => x[0])];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const margin = 0.2 * (high - low);
  const from = low - margin;
  const to = high + margin;
  const grid = Float64Array.from(
    { length: POINTS },
    (_, k) => from + ((to - from) * k) / (POINTS - 1),
  );
  const energies = potential.energy(batch(grid, 1));
  const lowest = energies.filter(Number.isFinite).reduce((a, b) => Math.min(a, b), Infinity);
  const curve = Array.from(energies, (u, k) => {
    const height = (u - lowest) / kT;
    return { at: grid[k], height: height <= HIGHEST ? height : Number.NaN };
  });
  const bottoms = minima.map(({ x, energy }) => ({ at: x[0], height: (energy - lowest) / kT }));
  return compose({
    name: 'check',
    title: `Energy of ${check.potential}`,
    description: `U in kT from ${from.toPrecision(3)} to ${to.toPrecision(3)}, with ${minima.length} minima`,
    width,
    legends: [
      legend(
        [
          { kind: 'line', label: 'U', colour: colour('ink') },
          { kind: 'symbol', symbol: 'square', label: 'minimum', colour: colour('hybrid') },
          { kind: 'symbol', symbol: 'circle', label: 'reached at kT', colour: colour('md') },
        ],
        width,
      ),
    ],
    rows: [
      [
        {
          panel: panel({
            width,
            height: 300,
            x: { domain: [from, to], label: coordinateLabel(0, potential.units) },
            y: { label: 'U above its minimum (kT)', grid: true },
            marks: [
              Plot.lineY(curve, { x: 'at', y: 'height', stroke: colour('ink') }),
              Plot.dot(reached.data, { x: (x: number) => x, y: 0, fill: colour('md'), r: 1.6 }),
              Plot.dot(bottoms, {
                x: 'at',
                y: 'height',
                fill: colour('hybrid'),
                symbol: 'square',
                r: 4.5,
              }),
            ],
          }),
        },
      ],
    ],
  });
}
