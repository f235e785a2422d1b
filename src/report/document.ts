import { createHash } from 'node:crypto';
import { html, type Markup, nothing, type Part, raw } from './html.ts';
import type { PageFigure } from './reportFigures.ts';
import { style } from './style.ts';

/** Widths that each figure is drawn for, px: a full text column, and a phone. */
export const WIDE = 680;
export const NARROW = 326;

/**
 * One self-contained HTML document. Its policy forbids every request, so that a page that opens at all
 * opens offline, and every script but `scripts`, which it knows by their hashes.
 */
export function htmlDocument(
  title: string,
  content: Part,
  scripts: readonly string[] = [],
): string {
  const hashes = scripts.map(
    (script) => ` 'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  const scriptPolicy = scripts.length === 0 ? '' : `; script-src${hashes.join('')}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:${raw(scriptPolicy)}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${raw(style)}</style>
</head>
<body>
<main>
${content}
</main>
${scripts.map((script) => raw(`<script>${script}</script>\n`))}</body>
</html>
`.markup;
}

/** A figure with its heading and caption, drawn for both widths. */
export function figureMarkup(figure: PageFigure): Markup {
  const sized = (width: number, kind: 'wide' | 'narrow'): Markup =>
    raw(figure.draw(width).replace('class="figure"', `class="figure ${kind}"`));
  return html`<figure id="${figure.name}">
<h3>${figure.title}</h3>
${figure.live ?? nothing}
${sized(WIDE, 'wide')}
${sized(NARROW, 'narrow')}
<figcaption>${figure.caption}</figcaption>
</figure>
`;
}

export interface Column {
  readonly head: string;
  /** Right-aligned digits. */
  readonly numeric?: boolean;
  /** Left out in narrow windows. */
  readonly aside?: boolean;
}

/** A table; the first cell of each row names it. */
export function table(
  columns: readonly Column[],
  rows: readonly { readonly cells: readonly Part[]; readonly quoted?: boolean }[],
  caption?: string,
): Markup {
  const classes = ({ numeric, aside }: Column): string =>
    [numeric === true ? 'number' : '', aside === true ? 'aside' : ''].filter(Boolean).join(' ');
  return html`<div class="scroll" tabindex="0"><table>${caption === undefined ? '' : html`<caption>${caption}</caption>`}
<thead><tr>${columns.map((column) => html`<th scope="col" class="${classes(column)}">${column.head}</th>`)}</tr></thead>
<tbody>
${rows.map(
  ({ cells, quoted }) => html`<tr class="${quoted === true ? 'quoted' : ''}">${cells.map(
    (cell, i) =>
      i === 0
        ? html`<th scope="row" class="${classes(columns[0])}">${cell}</th>`
        : html`<td class="${classes(columns[i])}">${cell}</td>`,
  )}</tr>
`,
)}</tbody></table></div>
`;
}
