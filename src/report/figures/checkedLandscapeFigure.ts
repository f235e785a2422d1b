import * as Plot from '@observablehq/plot';
import { type Batch, row } from '../../core/batch.ts';
import type { PotentialUnits } from '../../core/potential.ts';
import type { PotentialCheck } from '../../md/check/checkPotential.ts';
import { colour } from '../palette.ts';
import type { Landscape, Point } from '../reportData.ts';
import { coordinateLabel } from './axisLabel.ts';
import { compose } from './compose.ts';
import {
  isInside,
  landscapeColours,
  landscapeLegend,
  landscapeMarks,
  shownRegion,
} from './landscapeMarks.ts';
import { legend } from './legend.ts';
import { panel, squareHeight } from './panel.ts';

/** The landscape of a checked potential: configurations reached, minima, and the top of the barrier. */
export function checkedLandscapeFigure(
  landscape: Landscape,
  check: PotentialCheck,
  units: PotentialUnits,
  width: number,
): string {
  const region = shownRegion(landscape);
  const inside = (points: readonly Point[]): Point[] =>
    points.filter((point) => isInside(region, point));
  const minima = check.minima.map(({ x }): Point => [x[0], x[1]]);
  const { barrier } = check;
  return compose({
    name: 'check',
    title: `Energy landscape of ${check.potential}`,
    description: `Contours of the potential, configurations reached at kT, and ${minima.length} minima`,
    width,
    legends: [
      landscapeLegend(width),
      legend(
        [
          { kind: 'symbol', symbol: 'circle', label: 'reached at kT', colour: colour('md') },
          { kind: 'symbol', symbol: 'square', label: 'minimum', colour: colour('hybrid') },
          { kind: 'cross', label: 'top of the barrier', colour: colour('flow') },
        ],
        width,
      ),
    ],
    rows: [
      [
        {
          panel: panel({
            width,
            height: squareHeight(width),
            x: { domain: region.x, label: coordinateLabel(0, units) },
            y: { domain: region.y, label: coordinateLabel(1, units) },
            color: landscapeColours,
            marks: [
              ...landscapeMarks(landscape),
              Plot.dot(inside(pointsOf(check.reached)), { fill: colour('md'), r: 1.6 }),
              Plot.dot(inside(minima), {
                fill: colour('hybrid'),
                stroke: colour('paper'),
                symbol: 'square',
                r: 4.5,
              }),
              ...(barrier === undefined
                ? []
                : [
                    Plot.dot(inside([[barrier.at[0], barrier.at[1]]]), {
                      symbol: 'times',
                      stroke: colour('flow'),
                      strokeWidth: 2,
                      r: 5,
                    }),
                  ]),
            ],
          }),
        },
      ],
    ],
  });
}

function pointsOf(x: Batch): Point[] {
  return Array.from({ length: x.count }, (_, b): Point => [row(x, b)[0], row(x, b)[1]]);
}
