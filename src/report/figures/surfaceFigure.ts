import * as Plot from '@observablehq/plot';
import { type ColourName, colour } from '../palette.ts';
import type { SurfaceAxisData, SurfaceData } from '../reportData.ts';
import { rightAngles, variableLabel } from './axisLabel.ts';
import { compose } from './compose.ts';
import { legend, stepsLegend } from './legend.ts';
import { panel, squareHeight } from './panel.ts';
import { stateLook } from './symbols.ts';

const fills = [
  'surface0',
  'surface1',
  'surface2',
  'surface3',
  'surface4',
  'surface5',
  'surface6',
  'surface7',
  'surface8',
  'surface9',
  'surface10',
] as const satisfies readonly ColourName[];

/** A rectangle of one colour. */
interface Stretch {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
  readonly fill: string;
}

/** F over two variables in steps of 1 kT, with the starts of the states; paper where no chain was. */
export function surfaceFigure(surface: SurfaceData, width: number): string {
  const { x, y, starts } = surface;
  const plotWidth = Math.min(width, 520);
  const axis = (of: SurfaceAxisData) => ({
    domain: [of.edges[0], of.edges[of.edges.length - 1]],
    label: variableLabel(of),
    ...(of.isAngle ? { ticks: rightAngles(of.edges[0], of.edges[of.edges.length - 1]) } : {}),
  });
  return compose({
    name: 'surface',
    title: `Free energy over ${variableLabel(x)} and ${variableLabel(y)}`,
    description:
      'Free energy above its lowest cell in steps of 1 kT, cell by cell, with the starts of ' +
      starts.map(({ state }) => state).join(', '),
    width,
    legends: [
      stepsLegend(
        'F (kT)',
        fills.map((name) => colour(name)),
        fills.slice(1).map((_, k) => String(k + 1)),
        width,
      ),
      legend(
        starts.map(({ state }, s) => ({
          kind: 'symbol',
          symbol: stateLook(s).symbol,
          label: `start of ${state}`,
          colour: colour('ink'),
          hollow: true,
        })),
        width,
      ),
    ],
    rows: [
      [
        {
          panel: panel({
            width: plotWidth,
            height: squareHeight(plotWidth),
            marginRight: 18,
            x: axis(x),
            y: axis(y),
            marks: [
              Plot.rect(stretches(surface), {
                x1: 'x1',
                x2: 'x2',
                y1: 'y1',
                y2: 'y2',
                fill: 'fill',
                shapeRendering: 'crispEdges',
              }),
              Plot.frame({ stroke: colour('muted'), strokeOpacity: 0.55, strokeWidth: 0.6 }),
              ...starts.map(({ points }, s) =>
                Plot.dot(points, {
                  symbol: stateLook(s).symbol,
                  fill: colour('paper'),
                  stroke: colour('ink'),
                  strokeWidth: 1.2,
                  r: 4.5,
                }),
              ),
            ],
          }),
        },
      ],
    ],
  });
}

/** The cells, with neighbours of one colour in a row as one rectangle: a picture has to be small. */
function stretches({ x, y, freeEnergy }: SurfaceData): Stretch[] {
  const columns = x.edges.length - 1;
  const out: Stretch[] = [];
  for (let row = 0; row < y.edges.length - 1; row++) {
    let from = 0;
    for (let column = 0; column < columns; column++) {
      const here = fillOf(freeEnergy[row * columns + column]);
      const next = column + 1 < columns ? fillOf(freeEnergy[row * columns + column + 1]) : '';
      if (here === next) continue;
      if (here !== undefined) {
        out.push({
          x1: x.edges[from],
          x2: x.edges[column + 1],
          y1: y.edges[row],
          y2: y.edges[row + 1],
          fill: here,
        });
      }
      from = column + 1;
    }
  }
  return out;
}

function fillOf(f: number | null): string | undefined {
  return f === null ? undefined : colour(fills[Math.min(fills.length - 1, Math.floor(f))]);
}
