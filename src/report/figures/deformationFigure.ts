import * as Plot from '@observablehq/plot';
import type { PotentialUnits } from '../../core/potential.ts';
import { colour } from '../palette.ts';
import type { Deformation, DeformedLine, Landscape, Point } from '../reportData.ts';
import { coordinateLabel } from './axisLabel.ts';
import { compose } from './compose.ts';
import {
  isInside,
  landscapeColours,
  landscapeMarks,
  type Region,
  shownRegion,
} from './landscapeMarks.ts';
import { legend } from './legend.ts';
import { type Panel, panel, squareHeight } from './panel.ts';

const looks = {
  horizontal: { stroke: colour('hybrid'), strokeWidth: 0.9 },
  vertical: { stroke: colour('md'), strokeWidth: 0.9, strokeDasharray: '4 2' },
  circle: { stroke: colour('flow'), strokeWidth: 1.8 },
} as const;

/** A grid in latent space beside its image: what the flow has learned, seen as a bent sheet. */
export function deformationFigure(
  data: {
    readonly deformation: Deformation;
    readonly landscape: Landscape;
    readonly units: PotentialUnits;
  },
  width: number,
): string {
  const { deformation, landscape, units } = data;
  const narrow = width < 480;
  const each = narrow ? width : (width - 12) / 2;
  const height = squareHeight(each);
  const region = shownRegion(landscape);
  const latent: Panel = panel({
    width: each,
    height,
    x: { label: coordinateLabel(0, { ...units, length: 'reduced' }, 'z') },
    y: { label: coordinateLabel(1, { ...units, length: 'reduced' }, 'z') },
    marks: deformation.lines.map((line) => lineMark(line, [line.latent])),
  });
  const image: Panel = panel({
    width: each,
    height,
    x: { domain: region.x, label: coordinateLabel(0, units) },
    y: { domain: region.y, label: coordinateLabel(1, units) },
    color: landscapeColours,
    marks: [
      ...landscapeMarks(landscape),
      ...deformation.lines.map((line) => lineMark(line, piecesInside(line.image, region))),
    ],
  });
  const cells = [
    { panel: latent, heading: 'Latent space' },
    { panel: image, heading: 'Configuration space' },
  ];
  return compose({
    name: 'deformation',
    title: 'A latent grid and its image under the flow',
    description:
      'A square grid with the circles of one, two and three standard deviations of the prior, ' +
      'beside what the flow makes of it on the energy landscape.',
    width,
    legends: [
      legend(
        [
          { kind: 'line', label: 'z₁ constant', colour: looks.horizontal.stroke },
          { kind: 'line', label: 'z₀ constant', colour: looks.vertical.stroke, dash: '4 2' },
          { kind: 'line', label: '1, 2, 3 standard deviations', colour: looks.circle.stroke },
        ],
        width,
      ),
    ],
    rows: narrow ? cells.map((cell) => [cell]) : [cells],
  });
}

function lineMark(line: DeformedLine, pieces: readonly (readonly Point[])[]): Plot.Markish {
  // A point without a value ends one piece and begins the next.
  const points = pieces.flatMap((piece) => [...piece, [Number.NaN, Number.NaN] as const]);
  return Plot.line(points, looks[line.kind]);
}

/** The runs of a line that lie on the picture. */
function piecesInside(points: readonly Point[], region: Region): Point[][] {
  const pieces: Point[][] = [];
  let open: Point[] = [];
  for (const point of points) {
    if (isInside(region, point)) open.push(point);
    else if (open.length > 0) {
      pieces.push(open);
      open = [];
    }
  }
  if (open.length > 0) pieces.push(open);
  return pieces;
}
