import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** One drawn plot, to be put into a figure. */
export interface Panel {
  readonly svg: string;
  /** px */
  readonly width: number;
  readonly height: number;
}

export type PanelOptions = Omit<Plot.PlotOptions, 'document'> & {
  readonly width: number;
  readonly height: number;
};

/** Text size of every figure, px. */
export const FONT_SIZE = 12;

const MARGINS = { marginTop: 26, marginLeft: 46, marginBottom: 40, marginRight: 12 } as const;

/** The height at which a panel of this width has a square frame, px. */
export function squareHeight(width: number): number {
  return (
    width - MARGINS.marginLeft - MARGINS.marginRight + MARGINS.marginTop + MARGINS.marginBottom
  );
}

/**
 * Draws one plot with Observable Plot on a document of its own.
 *
 * Raster marks and continuous colour legends need a canvas, which there is none of here.
 */
export function panel(options: PanelOptions): Panel {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const drawn = Plot.plot({
    ...MARGINS,
    style: { fontSize: `${FONT_SIZE}px` },
    ...options,
    document,
  });
  return { svg: slim(drawn.outerHTML), width: options.width, height: options.height };
}

const NUMERIC_ATTRIBUTES = /\b(d|transform|x|y|x1|x2|y1|y2|cx|cy|r|width|height)="([^"]*)"/g;

/** Hundredths of a pixel are enough, and style sheets of pages need not be repeated in each plot. */
function slim(svg: string): string {
  return svg
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(NUMERIC_ATTRIBUTES, (_, name: string, value: string) => {
      const rounded = value.replace(/-?\d+\.\d{3,}(?:e[-+]?\d+)?/g, (number) =>
        String(Math.round(Number(number) * 100) / 100),
      );
      return `${name}="${rounded}"`;
    });
}
