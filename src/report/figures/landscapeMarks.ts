import * as Plot from '@observablehq/plot';
import { colour } from '../palette.ts';
import type { Landscape, Point } from '../reportData.ts';
import { type Legend, stepsLegend } from './legend.ts';

/** Contour lines, kT above the lowest point. */
const levels = [1, 2, 4, 6, 8, 12, 18, 30] as const;

const fills = [
  colour('height0'),
  colour('height1'),
  colour('height2'),
  colour('height3'),
  colour('height4'),
  colour('height5'),
  colour('height6'),
  colour('height7'),
  colour('height8'),
];

/** U as filled contours: basins clear, heights in fog. */
export function landscapeMarks(landscape: Landscape): Plot.Markish[] {
  const { x, y, columns, rows, heights } = landscape;
  const grid = {
    width: columns,
    height: rows,
    x1: x[0],
    x2: x[1],
    y1: y[0],
    y2: y[1],
    interpolate: 'none',
  } as const;
  return [
    Plot.contour(heights, {
      ...grid,
      value: Plot.identity,
      fill: 'value',
      // One level below all others, so that the lowest basin is painted too.
      thresholds: [-1, ...levels],
      stroke: colour('muted'),
      strokeOpacity: 0.55,
      strokeWidth: 0.6,
      clip: true,
    }),
    Plot.frame({ stroke: colour('muted'), strokeOpacity: 0.55, strokeWidth: 0.6 }),
  ];
}

/** The colour scale that `landscapeMarks` needs. */
export const landscapeColours: Plot.ScaleOptions = {
  type: 'threshold',
  domain: [...levels],
  range: fills,
};

export function landscapeLegend(width: number): Legend {
  return stepsLegend('U above its minimum (kT)', fills, levels.map(String), width);
}

/** The part of the grid that is shown: contours are cut at an angle in its outermost cells. */
export function shownRegion({ x, y, columns, rows }: Landscape): Region {
  const inside = ([from, to]: Point, points: number): Point => {
    const cells = (1.5 * (to - from)) / (points - 1);
    return [from + cells, to - cells];
  };
  return { x: inside(x, columns), y: inside(y, rows) };
}

export interface Region {
  readonly x: Point;
  readonly y: Point;
}

/** Whether a point lies on the picture. */
export function isInside(region: Region, [x, y]: Point): boolean {
  return x >= region.x[0] && x <= region.x[1] && y >= region.y[0] && y <= region.y[1];
}
