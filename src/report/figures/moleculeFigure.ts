import { escapeHtml } from '../html.ts';
import { type ColourName, colour } from '../palette.ts';
import type { MoleculeFrames } from '../reportData.ts';
import { compose } from './compose.ts';
import { type LegendItem, legend } from './legend.ts';

/** Hydrogens of larger molecules are left out, and atoms are joints of their bonds only. */
const SMALL = 60;
/** Å of room about the atoms. */
const MARGIN = 0.9;

const elementColours: Readonly<Record<string, ColourName>> = {
  C: 'atomC',
  H: 'atomH',
  N: 'atomN',
  O: 'atomO',
  S: 'atomS',
};

/** The palette's colour of an element, in flat pictures and in the 3-D view alike. */
export function elementColourName(element: string): ColourName {
  return Object.hasOwn(elementColours, element) ? elementColours[element] : 'atomX';
}

/** One drawn atom: px, and the depth in Å, nearer is larger. */
interface Drawn {
  readonly element: string;
  readonly x: number;
  readonly y: number;
  readonly depth: number;
}

/**
 * The first frame as a flat picture, for paper and for browsers without WebGL: bonds and atoms by their
 * element, what is behind first.
 */
export function moleculeFigure(molecule: MoleculeFrames, width: number): string {
  const { elements, bonds } = molecule;
  const isSmall = elements.length <= SMALL;
  const shown = elements.flatMap((element, i) => (isSmall || element !== 'H' ? [i] : []));
  const { place, height } = projection(firstFrame(molecule), shown, width);
  const drawn = elements.map((element, i) => ({ element, ...place(i) }));
  const visible = new Set(shown);
  const marks = [
    ...bonds.flatMap(([i, j]) =>
      visible.has(i) && visible.has(j) ? bondMarks(drawn[i], drawn[j], isSmall) : [],
    ),
    ...(isSmall ? shown.map((i) => atomMark(drawn[i])) : []),
  ].sort((a, b) => a.depth - b.depth);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}"><g stroke-linecap="${isSmall ? 'butt' : 'round'}" text-anchor="middle" ` +
    `font-size="11">${marks.map(({ markup }) => markup).join('')}</g></svg>`;
  const found = [...new Set(shown.map((i) => elements[i]))].sort();
  return compose({
    name: 'molecule',
    title: molecule.name,
    description: `The first frame, ${elements.length} atoms, seen from the side on which it is widest`,
    width,
    legends: [legend(found.map(legendItem), width)],
    rows: [[{ panel: { svg, width, height } }]],
  });
}

function legendItem(element: string): LegendItem {
  return {
    kind: 'symbol',
    symbol: 'circle',
    label: element === '' ? 'site without element' : element,
    colour: colour(elementColourName(element)),
  };
}

/** Where each atom comes to lie in a picture `width` px wide, and how high that is. */
function projection(x: Float32Array, shown: readonly number[], width: number) {
  const along = (axis: number): number[] => shown.map((i) => x[3 * i + axis]);
  const [low, high] = [0, 1].reduce<[number[], number[]]>(
    ([lows, highs], axis) => {
      const all = along(axis);
      return [
        [...lows, all.reduce((a, b) => Math.min(a, b), Infinity) - MARGIN],
        [...highs, all.reduce((a, b) => Math.max(a, b), -Infinity) + MARGIN],
      ];
    },
    [[], []],
  );
  const scale = Math.min(width / (high[0] - low[0]), (0.75 * width) / (high[1] - low[1]), 60);
  const height = Math.ceil(scale * (high[1] - low[1]));
  const middle = (low[0] + high[0]) / 2;
  return {
    height,
    place: (i: number) => ({
      x: width / 2 + scale * (x[3 * i] - middle),
      y: scale * (high[1] - x[3 * i + 1]),
      depth: x[3 * i + 2],
    }),
  };
}

interface Mark {
  readonly depth: number;
  readonly markup: string;
}

/** Half of the bond in the colour of each end. */
function bondMarks(a: Drawn, b: Drawn, isSmall: boolean): Mark[] {
  const [mx, my] = [(a.x + b.x) / 2, (a.y + b.y) / 2];
  const half = (end: Drawn, other: Drawn): Mark => ({
    // Behind the atoms at both ends, whose letters have to be read.
    depth: isSmall ? Math.min(end.depth, other.depth) - 1e-3 : (3 * end.depth + other.depth) / 4,
    markup:
      `<path d="M${px(end.x)},${px(end.y)}L${px(mx)},${px(my)}" ` +
      `stroke="${colour(elementColourName(end.element))}" stroke-width="${isSmall ? 5 : 2}"/>`,
  });
  return [half(a, b), half(b, a)];
}

function atomMark({ element, x, y, depth }: Drawn): Mark {
  const r = element === 'H' ? 6 : 10;
  const disc =
    `<circle cx="${px(x)}" cy="${px(y)}" r="${r}" fill="${colour(elementColourName(element))}" ` +
    `stroke="${colour('paper')}" stroke-width="1.2"/>`;
  const letter =
    element === 'H' || element === 'C' || element === ''
      ? ''
      : `<text x="${px(x)}" y="${px(y + 4)}" font-weight="600" fill="${colour('paper')}">${escapeHtml(element)}</text>`;
  return { depth, markup: disc + letter };
}

function px(value: number): string {
  return value.toFixed(1);
}

/** Å, `[3N]`. */
function firstFrame({ coordinates, elements }: MoleculeFrames): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(coordinates, 'base64'));
  return new Float32Array(bytes.buffer, 0, 3 * elements.length);
}
