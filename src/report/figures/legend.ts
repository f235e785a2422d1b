import { escapeHtml } from '../html.ts';
import { type SymbolName, symbolPath } from './symbols.ts';
import { fitText, textWidth } from './textWidth.ts';

/** One entry of a legend: what it looks like, and what it is. */
export type LegendItem = { readonly label: string; readonly colour: string } & (
  | {
      readonly kind: 'line';
      readonly dash?: string;
      readonly thick?: number;
      readonly band?: boolean;
    }
  | { readonly kind: 'symbol'; readonly symbol: SymbolName; readonly hollow?: boolean }
  | { readonly kind: 'arrow' }
  | { readonly kind: 'cross' }
  | { readonly kind: 'swatch' }
);

export interface Legend {
  readonly markup: string;
  /** px */
  readonly height: number;
}

const FONT = 12;
const ROW = 20;
const KEY = 26;
const GAP = 16;

/** A legend in rows as wide as the figure; nothing at all for no items. */
export function legend(items: readonly LegendItem[], width: number): Legend {
  if (items.length === 0) return { markup: '', height: 0 };
  let x = 0;
  let row = 0;
  const parts = items.map((item) => {
    const label = fitText(item.label, width - KEY, FONT);
    const itemWidth = KEY + textWidth(label, FONT);
    if (x > 0 && x + itemWidth > width) {
      x = 0;
      row++;
    }
    const at = `translate(${x.toFixed(1)},${row * ROW + ROW / 2})`;
    x += itemWidth + GAP;
    return (
      `<g transform="${at}">${key(item)}` +
      `<text x="${KEY}" y="0.34em" fill="currentColor">${escapeHtml(label)}</text></g>`
    );
  });
  return {
    markup: `<g class="legend" font-size="${FONT}">${parts.join('')}</g>`,
    height: (row + 1) * ROW + 4,
  };
}

/** Steps of a scale, from low to high, with the number between each two of them. */
export function stepsLegend(
  title: string,
  colours: readonly string[],
  bounds: readonly string[],
  width: number,
): Legend {
  const titleWidth = textWidth(title, FONT) + 10;
  const below = titleWidth + colours.length * 22 > width;
  const left = below ? 0 : titleWidth;
  const top = below ? ROW : 0;
  const step = Math.min(34, (width - left) / colours.length);
  const swatches = colours.map(
    (fill, i) =>
      `<rect x="${(left + i * step).toFixed(1)}" y="${top + 3}" width="${step.toFixed(1)}" height="10" ` +
      `fill="${fill}" stroke="${'var(--muted)'}" stroke-width="0.5"/>`,
  );
  const labels = bounds.map(
    (bound, i) =>
      `<text x="${(left + (i + 1) * step).toFixed(1)}" y="${top + 25}" text-anchor="middle" ` +
      `font-size="11">${escapeHtml(bound)}</text>`,
  );
  return {
    markup:
      `<g class="legend" font-size="${FONT}" fill="currentColor">` +
      `<text x="0" y="12">${escapeHtml(title)}</text>${swatches.join('')}${labels.join('')}</g>`,
    height: top + 34,
  };
}

function key(item: LegendItem): string {
  const stroke = `stroke="${item.colour}"`;
  switch (item.kind) {
    case 'line': {
      const band =
        item.band === true
          ? `<rect x="0" y="-6" width="20" height="12" fill="${item.colour}" fill-opacity="0.2"/>`
          : '';
      const dash = item.dash === undefined ? '' : ` stroke-dasharray="${item.dash}"`;
      return `${band}<path d="M0,0H20" ${stroke} stroke-width="${item.thick ?? 2}"${dash}/>`;
    }
    case 'symbol': {
      const fill = item.hollow === true ? 'none' : item.colour;
      return `<path transform="translate(12,0)" d="${symbolPath(item.symbol, 4)}" fill="${fill}" ${stroke}/>`;
    }
    case 'arrow':
      return `<path d="M1,4Q9,-5 17,1M12,1.5L17,1L14.5,-4" ${stroke} stroke-width="1.5" fill="none"/>`;
    case 'cross':
      return `<path d="M8,-4L16,4M8,4L16,-4" ${stroke} stroke-width="1.6"/>`;
    case 'swatch':
      return `<rect x="2" y="-6" width="16" height="12" fill="${item.colour}" fill-opacity="0.8"/>`;
  }
}
