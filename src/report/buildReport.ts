import { WIDE } from './document.ts';
import { runPage } from './page.ts';
import { palette, withFixedColours } from './palette.ts';
import type { PngRenderer } from './pngRenderer.ts';
import type { ReportData } from './reportData.ts';
import { type PageFigure, reportFigures } from './reportFigures.ts';

/** A page and its pictures as files. */
export interface Report {
  /** One file that needs no other. */
  readonly html: string;
  readonly figures: readonly FigureFile[];
}

export interface FigureFile {
  readonly name: string;
  /** With fixed colours on white: for documents that know no style sheet. */
  readonly svg: string;
  /** Undefined where there is no renderer. */
  readonly png: Uint8Array | undefined;
}

/** The report of a run. Pure: equal data give equal bytes, pictures excepted, which depend on fonts. */
export function buildReport(data: ReportData, renderPng?: PngRenderer): Report {
  const figures = reportFigures(data);
  return { html: runPage(data, figures), figures: figureFiles(figures, renderPng) };
}

/** Figures as files of their own, at the width of a text column. */
export function figureFiles(
  figures: readonly PageFigure[],
  renderPng: PngRenderer | undefined,
): FigureFile[] {
  return figures.map(({ name, draw }) => {
    const svg = onPaper(withFixedColours(draw(WIDE)));
    return { name, svg, png: renderPng?.(svg) };
  });
}

const MARGIN = 12;

/** A figure on white paper with a margin. */
function onPaper(svg: string): string {
  const size = /width="(\d+(?:\.\d+)?)" height="(\d+(?:\.\d+)?)" viewBox="[^"]*"/.exec(svg);
  if (size === null) throw new RangeError('a figure without a size');
  const [whole, w, h] = size;
  const width = Number(w) + 2 * MARGIN;
  const height = Number(h) + 2 * MARGIN;
  const outer = `width="${width}" height="${height}" viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}"`;
  const paper = `<rect x="${-MARGIN}" y="${-MARGIN}" width="${width}" height="${height}" fill="${palette.paper.light}"/>`;
  return svg.replace(whole, outer).replace('</desc>', `</desc>${paper}`);
}
