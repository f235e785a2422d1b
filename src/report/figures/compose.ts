import { escapeHtml } from '../html.ts';
import type { Legend } from './legend.ts';
import type { Panel } from './panel.ts';

/** What a figure is made of. */
export interface Composition {
  /** Prefix of the ids inside, unique within a page. */
  readonly name: string;
  readonly title: string;
  /** What a reader who sees no picture should know. */
  readonly description: string;
  /** px */
  readonly width: number;
  readonly legends: readonly Legend[];
  /** Rows of panels, from top to bottom, each with a heading of its own where it has one. */
  readonly rows: readonly (readonly { readonly panel: Panel; readonly heading?: string }[])[];
  /** A legend below the panels. */
  readonly closing?: Legend;
}

const HEADING = 22;
const SPACE = 12;

/** Legends and panels put together into one SVG, which stands alone but for its palette. */
export function compose(figure: Composition): string {
  const { name, title, description, width } = figure;
  let y = 0;
  const parts: string[] = [];
  for (const { markup, height } of figure.legends) {
    parts.push(`<g transform="translate(2,${y})">${markup}</g>`);
    y += height;
  }
  figure.rows.forEach((row, r) => {
    const heading = row.some((cell) => cell.heading !== undefined) ? HEADING : 0;
    let x = 0;
    let tallest = 0;
    for (const [c, cell] of row.entries()) {
      if (cell.heading !== undefined) {
        parts.push(
          `<text x="${x + 2}" y="${y + 15}" font-size="13" font-weight="600">${escapeHtml(cell.heading)}</text>`,
        );
      }
      parts.push(ownIds(placed(cell.panel.svg, x, y + heading), `${name}-${width}-${r}-${c}`));
      x += cell.panel.width + SPACE;
      tallest = Math.max(tallest, cell.panel.height);
    }
    y += heading + tallest + (r + 1 < figure.rows.length ? SPACE : 0);
  });
  if (figure.closing !== undefined) {
    y += 6;
    parts.push(`<g transform="translate(2,${y})">${figure.closing.markup}</g>`);
    y += figure.closing.height;
  }
  const id = `${name}-${width}`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="figure" role="img" aria-labelledby="${id}-title ${id}-desc" ` +
    `width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" fill="currentColor" ` +
    `font-family="system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', sans-serif">` +
    `<title id="${id}-title">${escapeHtml(title)}</title><desc id="${id}-desc">${escapeHtml(description)}</desc>` +
    `${withSubscripts(parts.join(''))}</svg>`
  );
}

function placed(svg: string, x: number, y: number): string {
  return svg.replace('<svg ', `<svg x="${x}" y="${y}" `);
}

/** Clip paths are numbered for the whole process; here they get names that depend on the figure alone. */
function ownIds(svg: string, prefix: string): string {
  const seen: string[] = [];
  return svg.replace(/plot-clip-\d+/g, (id) => {
    if (!seen.includes(id)) seen.push(id);
    return `${prefix}-clip${seen.indexOf(id)}`;
  });
}

/** Subscript digits as small lowered ones: few fonts have the characters. */
function withSubscripts(markup: string): string {
  return markup.replace(/(<text[^>]*>)([^<]*[₀-₉][^<]*)(?=<)/g, (_, open: string, text: string) => {
    const parts = text.split(/([₀-₉]+)/);
    return (
      open +
      parts
        .map((part, i) => {
          if (part === '') return '';
          if (i % 2 === 0) return i === 0 ? part : `<tspan dy="-3">${part}</tspan>`;
          const digits = [...part].map((digit) => '₀₁₂₃₄₅₆₇₈₉'.indexOf(digit)).join('');
          return `<tspan dy="3" font-size="0.75em">${digits}</tspan>`;
        })
        .join('')
    );
  });
}
