import { escapeHtml } from '../html.ts';
import { type ColourName, colour } from '../palette.ts';
import type { ParticleFrame, ParticlePicturesData } from '../reportData.ts';
import { plainLabel } from './axisLabel.ts';
import { compose } from './compose.ts';
import { legend } from './legend.ts';
import type { Panel } from './panel.ts';

/** What the pictures are called. */
export interface ParticleLabels {
  /** The scenario's coordinate. */
  readonly coordinate: string;
  /** `flow draw`, or `annealed draw`. */
  readonly draw: string;
}

const GAP = 12;
/** Of the line of text below a picture, px. */
const LINE = 20;

/** Of the kinds of particles from the largest on; the smaller ones have a heavier outline as well. */
const kindColours = [
  'height7',
  'flow',
  'hybrid',
  'md',
  'tempering',
] as const satisfies readonly ColourName[];

/** A piece of the plane that a picture shows. */
interface View {
  readonly left: number;
  readonly top: number;
  readonly wide: number;
  readonly high: number;
}

/**
 * Particles in the plane as discs: before and after flow moves that changed the state, then in each state
 * a record of molecular dynamics beside a draw of the flow. All pictures have one scale.
 */
export function particlesFigure(
  data: ParticlePicturesData,
  labels: ParticleLabels,
  width: number,
): string {
  const columns = width < 480 ? 2 : 4;
  const size = (width - (columns - 1) * GAP) / columns;
  const view = viewOf(data);
  const cells = pictures(data, labels).map(({ heading, frame }) => ({
    heading,
    panel: picture(data, frame, labels.coordinate, view, size),
  }));
  const kinds = bySize(data);
  return compose({
    name: 'particles',
    title: 'Configurations of particles, drawn as discs',
    description: describe(data, labels),
    width,
    legends: [
      legend(
        [
          ...kinds.map(({ length }, k) => ({
            kind: 'symbol' as const,
            symbol: 'circle' as const,
            label: `${length} particles that are alike`,
            colour: colour(kindColours[k % kindColours.length]),
          })),
          ...(data.walls === null
            ? []
            : [{ kind: 'line' as const, label: 'walls', colour: colour('muted'), dash: '3 3' }]),
        ],
        width,
      ),
    ],
    rows: Array.from({ length: Math.ceil(cells.length / columns) }, (_, r) =>
      cells.slice(r * columns, (r + 1) * columns),
    ),
  });
}

/** The pictures in their order, two and two. */
function pictures(
  { moves, pairs }: ParticlePicturesData,
  { draw }: ParticleLabels,
): { readonly heading: string; readonly frame: ParticleFrame | null }[] {
  return [
    ...moves.flatMap(({ from, to, before, after }) => [
      { heading: `Before: ${from}`, frame: before },
      { heading: `After: ${to}`, frame: after },
    ]),
    ...pairs.flatMap(({ state, local, drawn }) => [
      { heading: `MD: ${state}`, frame: local },
      { heading: `${draw[0].toUpperCase()}${draw.slice(1)}: ${state}`, frame: drawn },
    ]),
  ];
}

function describe({ moves, pairs }: ParticlePicturesData, labels: ParticleLabels): string {
  const at = (frame: ParticleFrame | null): string =>
    frame === null ? 'none' : `${plainLabel(labels.coordinate)} = ${frame.coordinate}`;
  return [
    ...moves.map(
      ({ from, to, before, after }) =>
        `a flow move from ${from} (${at(before)}) to ${to} (${at(after)})`,
    ),
    ...pairs.map(
      ({ state, local, drawn }) =>
        `${state}: a record of molecular dynamics (${at(local)}) beside a ${labels.draw} (${at(drawn)})`,
    ),
  ].join('; ');
}

/** The kinds, the largest first. */
function bySize({ kinds }: ParticlePicturesData): (readonly number[])[] {
  return kinds.toSorted((a, b) => b.length - a.length);
}

/** Walls and particles that molecular dynamics has been with, and a radius around them: one view for all. */
function viewOf({ diameter, walls, moves, pairs }: ParticlePicturesData): View {
  const trusted = [...moves.map(({ before }) => before), ...pairs.map(({ local }) => local)];
  const bounds = [0, 1].map((axis) => {
    const all = trusted.flatMap((frame) =>
      frame === null ? [] : frame.positions.filter((_, i) => i % 2 === axis),
    );
    const ends = walls === null ? all : [...all, ...walls[axis]];
    const room = 0.5 * diameter + 0.05 * diameter;
    return ends.length === 0
      ? ([-1, 1] as const)
      : ([Math.min(...ends) - room, Math.max(...ends) + room] as const);
  });
  const [[left, right], [bottom, top]] = bounds;
  return { left, top, wide: right - left, high: top - bottom };
}

function picture(
  data: ParticlePicturesData,
  frame: ParticleFrame | null,
  coordinate: string,
  view: View,
  size: number,
): Panel {
  const scale = size / view.wide;
  const height = view.high * scale;
  const text = (content: string): string =>
    `<text x="${px(size / 2)}" y="${px(height + 14)}" font-size="12" text-anchor="middle">${escapeHtml(content)}</text>`;
  const x = (value: number): number => (value - view.left) * scale;
  const y = (value: number): number => (view.top - value) * scale;
  const marks: string[] = [];
  if (data.walls !== null) {
    const [[left, right], [bottom, top]] = data.walls;
    marks.push(
      `<rect x="${px(x(left))}" y="${px(y(top))}" width="${px((right - left) * scale)}" height="${px((top - bottom) * scale)}" ` +
        `fill="none" stroke="${colour('muted')}" stroke-dasharray="3 3"/>`,
    );
  }
  let below = 'none in this run';
  if (frame !== null) {
    const { positions } = frame;
    const isInside = (p: number): boolean =>
      x(positions[2 * p]) > 0 &&
      x(positions[2 * p]) < size &&
      y(positions[2 * p + 1]) > 0 &&
      y(positions[2 * p + 1]) < height;
    const order = drawingOrder(data, positions.length / 2);
    const radius = px((data.diameter / 2) * scale);
    for (const { particle, look } of order) {
      if (!isInside(particle)) continue;
      marks.push(
        `<circle cx="${px(x(positions[2 * particle]))}" cy="${px(y(positions[2 * particle + 1]))}" r="${radius}" ${look}/>`,
      );
    }
    const outside = order.filter(({ particle }) => !isInside(particle)).length;
    below =
      `${plainLabel(coordinate)} = ${frame.coordinate.toPrecision(3)}` +
      (outside === 0 ? '' : `; ${outside} out of sight`);
  }
  const full = Math.ceil(height + LINE);
  return {
    svg:
      `<svg xmlns="http://www.w3.org/2000/svg" width="${px(size)}" height="${full}" viewBox="0 0 ${px(size)} ${full}">` +
      `<rect width="${px(size)}" height="${px(height)}" fill="${colour('panel')}"/>${marks.join('')}${text(below)}</svg>`,
    width: size,
    height: full,
  };
}

/** Every particle with its look, the smaller kinds last: they lie on the others. */
function drawingOrder(
  data: ParticlePicturesData,
  particles: number,
): { readonly particle: number; readonly look: string }[] {
  const kinds = bySize(data);
  const kindless = Array.from({ length: particles }, (_, p) => p).filter(
    (p) => !kinds.some((kind) => kind.includes(p)),
  );
  const looked = (fill: string, stroke: string, strokeWidth: number): string =>
    `fill="${fill}" fill-opacity="0.85" stroke="${stroke}" stroke-width="${strokeWidth}"`;
  return [
    ...kinds.flatMap((kind, k) =>
      kind.map((particle) => ({
        particle,
        look: looked(
          colour(kindColours[k % kindColours.length]),
          k === 0 ? colour('muted') : colour('ink'),
          k === 0 ? 0.8 : 1.6,
        ),
      })),
    ),
    ...kindless.map((particle) => ({
      particle,
      look: looked(colour('paper'), colour('ink'), 1.6),
    })),
  ];
}

function px(value: number): string {
  return String(Number(value.toFixed(1)));
}
