import * as Plot from '@observablehq/plot';
import type { PotentialUnits } from '../../core/potential.ts';
import { colour } from '../palette.ts';
import type { Jumps, Landscape, Walk } from '../reportData.ts';
import { coordinateLabel } from './axisLabel.ts';
import { compose } from './compose.ts';
import {
  isInside,
  landscapeColours,
  landscapeLegend,
  landscapeMarks,
  type Region,
  shownRegion,
} from './landscapeMarks.ts';
import { type LegendItem, legend } from './legend.ts';
import { type Panel, panel, squareHeight } from './panel.ts';

/** The landscape twice: with what MD does on it, and with what the flow does. */
export function landscapeFigure(
  data: {
    readonly landscape: Landscape;
    readonly walks: readonly Walk[];
    readonly jumps: Jumps | null;
    readonly units: PotentialUnits;
  },
  width: number,
): string {
  const { landscape, walks, jumps } = data;
  const narrow = width < 480;
  const each = narrow ? width : (width - 12) / 2;
  const region = shownRegion(landscape);
  const draw = (marks: readonly Plot.Markish[]): Panel =>
    panel({
      width: each,
      height: squareHeight(each),
      x: { domain: region.x, label: coordinateLabel(0, data.units) },
      y: { domain: region.y, label: coordinateLabel(1, data.units) },
      color: landscapeColours,
      marks: [...landscapeMarks(landscape), ...marks],
    });
  const cells = [{ panel: draw(walkMarks(walks, region)), heading: 'Molecular dynamics' }];
  if (jumps !== null) {
    cells.push({ panel: draw(jumpMarks(jumps, region)), heading: 'Flow moves' });
  }
  return compose({
    name: 'landscape',
    title: 'Energy landscape with MD walks and flow jumps',
    description:
      `Contours of the potential; ${walks.length} MD walks, one from each state; ` +
      (jumps === null
        ? 'no flow moves'
        : `${jumps.accepted.length} accepted flow jumps as arrows, ${jumps.rejected.length} rejected as crosses`),
    width,
    legends: [landscapeLegend(width), legend(keys(jumps), width)],
    rows: narrow ? cells.map((cell) => [cell]) : [cells],
  });
}

function keys(jumps: Jumps | null): LegendItem[] {
  const items: LegendItem[] = [
    { kind: 'line', label: 'MD walk', colour: colour('md'), thick: 1.4 },
    { kind: 'symbol', label: 'its start', colour: colour('md'), symbol: 'square' },
  ];
  if (jumps !== null) {
    items.push(
      { kind: 'arrow', label: 'jump to another state', colour: colour('hybrid') },
      { kind: 'line', label: 'jump within one', colour: colour('hybrid'), thick: 0.8 },
      { kind: 'cross', label: 'rejected proposal', colour: colour('flow') },
    );
  }
  return items;
}

function walkMarks(walks: readonly Walk[], region: Region): Plot.Markish[] {
  return walks.flatMap(({ points }) => {
    const seen = points.filter((point) => isInside(region, point));
    return [
      Plot.line(seen, { stroke: colour('md'), strokeWidth: 1, strokeOpacity: 0.75 }),
      Plot.dot(seen, { fill: colour('md'), r: 1.3 }),
      Plot.dot(seen.slice(0, 1), {
        fill: colour('md'),
        stroke: colour('paper'),
        symbol: 'square',
        r: 4.5,
      }),
    ];
  });
}

function jumpMarks({ accepted, rejected }: Jumps, region: Region): Plot.Markish[] {
  type Jump = Jumps['accepted'][number];
  const seen = accepted.filter(({ from, to }) => isInside(region, from) && isInside(region, to));
  const ends = {
    x1: ({ from }: Jump) => from[0],
    y1: ({ from }: Jump) => from[1],
    x2: ({ to }: Jump) => to[0],
    y2: ({ to }: Jump) => to[1],
  };
  return [
    Plot.link(
      seen.filter(({ crosses }) => !crosses),
      { ...ends, stroke: colour('hybrid'), strokeOpacity: 0.45, strokeWidth: 0.8 },
    ),
    Plot.arrow(
      seen.filter(({ crosses }) => crosses),
      { ...ends, stroke: colour('hybrid'), strokeWidth: 1.6, bend: 12, headLength: 7 },
    ),
    Plot.dot(
      rejected.filter((point) => isInside(region, point)),
      { symbol: 'times', stroke: colour('flow'), strokeWidth: 1.6, r: 4 },
    ),
  ];
}
