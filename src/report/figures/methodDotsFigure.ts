import * as Plot from '@observablehq/plot';
import type { MethodName } from '../../scenario/comparison.ts';
import { compact } from '../formatNumber.ts';
import { methodLook } from '../methodLook.ts';
import { colour } from '../palette.ts';
import { compose } from './compose.ts';
import { logTicks } from './logTicks.ts';
import { FONT_SIZE, type Panel, panel } from './panel.ts';
import { textWidth } from './textWidth.ts';

/** One quantity for every method: a value a seed, and the median. */
export interface MethodDots {
  readonly heading: string;
  readonly axis: string;
  readonly rows: readonly {
    readonly method: MethodName;
    /** Null where a seed has none. */
    readonly values: readonly (number | null)[];
    readonly median: number | null;
    /** Said in place of a median. */
    readonly otherwise: string;
  }[];
}

/** Quantities side by side, each on a logarithmic axis of its own: a dot a seed, a bar the median. */
export function methodDotsFigure(
  figure: {
    readonly name: string;
    readonly title: string;
    readonly quantities: readonly MethodDots[];
  },
  width: number,
): string {
  return compose({
    name: figure.name,
    title: figure.title,
    description: figure.quantities
      .map(
        ({ heading, rows }) =>
          `${heading}: ${rows.map(({ method, median, otherwise }) => `${methodLook[method].label} ${median === null ? otherwise : compact(median)}`).join(', ')}`,
      )
      .join('; '),
    width,
    legends: [],
    rows: figure.quantities.map((quantity) => [
      { panel: dots(quantity, width), heading: quantity.heading },
    ]),
  });
}

function dots({ axis, rows }: MethodDots, width: number): Panel {
  const values = rows.flatMap((row) => row.values.filter((value) => value !== null && value > 0));
  const known = values.length > 0;
  const low = known ? Math.min(...values.map(Number)) / 1.5 : 1;
  const high = known ? Math.max(...values.map(Number)) * 1.5 : 10;
  const names = rows.map(({ method }) => methodLook[method].label);
  const marginLeft = Math.max(...names.map((name) => textWidth(name, FONT_SIZE))) + 12;
  return panel({
    width,
    height: 50 + rows.length * 26,
    marginLeft,
    marginTop: 6,
    x: {
      type: 'log',
      domain: [low, high],
      label: axis,
      grid: true,
      ticks: logTicks(low, high),
      tickFormat: compact,
    },
    y: { domain: names, label: null, tickSize: 0, padding: 0.3 },
    marks: rows.flatMap(({ method, values: own, median, otherwise }) => {
      const { label, colour: fill, symbol } = methodLook[method];
      const seeds = own.flatMap((value) =>
        value === null || !(value > 0) ? [] : [{ at: value, label }],
      );
      const leftIsFree = seeds.every(({ at }) => at * at > low * high);
      return [
        Plot.dot(seeds, { x: 'at', y: 'label', fill, symbol, r: 4, fillOpacity: 0.7 }),
        median !== null && median > 0
          ? Plot.tickX([{ at: median, label }], {
              x: 'at',
              y: 'label',
              stroke: colour('ink'),
              strokeWidth: 2,
            })
          : Plot.text([{ at: leftIsFree ? low : high, label }], {
              x: 'at',
              y: 'label',
              text: () => otherwise,
              textAnchor: leftIsFree ? 'start' : 'end',
              dx: leftIsFree ? 6 : -6,
              fill: colour('muted'),
            }),
      ];
    }),
  });
}
