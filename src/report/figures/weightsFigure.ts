import * as Plot from '@observablehq/plot';
import { colour } from '../palette.ts';
import type { WeightHistogram } from '../reportData.ts';
import { compose } from './compose.ts';
import { legend } from './legend.ts';
import { panel } from './panel.ts';

/** How far from equal the importance weights are, and which of them carry the estimate. */
export function weightsFigure(weights: WeightHistogram, width: number): string {
  const { edges } = weights;
  const total = weights.draws.reduce((a, b) => a + b, 0) + weights.below + weights.zero;
  const bins = weights.draws.map((count, k) => ({
    from: edges[k],
    to: edges[k + 1],
    draws: count / total / (edges[k + 1] - edges[k]),
    weight: weights.weight[k] / (edges[k + 1] - edges[k]),
  }));
  const drawn = panel({
    width,
    height: width < 480 ? 230 : 260,
    x: { label: 'ln (weight / mean weight)' },
    y: { label: 'density', grid: true },
    marks: [
      Plot.rectY(bins, {
        x1: 'from',
        x2: 'to',
        y1: 0,
        y2: 'draws',
        fill: colour('flow'),
        fillOpacity: 0.35,
      }),
      Plot.lineY(steps(bins, 'weight'), {
        x: 'at',
        y: 'value',
        stroke: colour('hybrid'),
        strokeWidth: 1.8,
      }),
      Plot.ruleX([0], { stroke: colour('ink'), strokeDasharray: '2 3' }),
      Plot.ruleY([0]),
    ],
  });
  return compose({
    name: 'weights',
    title: 'Importance weights of the flow draws',
    description: `Histogram of ln(weight/mean weight) over ${total} draws, and of the share of weight that each bin carries.`,
    width,
    legends: [
      legend(
        [
          { kind: 'swatch', label: 'draws', colour: colour('flow') },
          { kind: 'line', label: 'the weight they carry', colour: colour('hybrid') },
          {
            kind: 'line',
            label: 'all weights equal',
            colour: colour('ink'),
            dash: '2 3',
            thick: 1.2,
          },
        ],
        width,
      ),
    ],
    rows: [[{ panel: drawn }]],
  });
}

function steps<K extends string>(
  bins: readonly ({ readonly from: number; readonly to: number } & Readonly<Record<K, number>>)[],
  field: K,
): { at: number; value: number }[] {
  return bins.flatMap((bin) => [
    { at: bin.from, value: bin[field] },
    { at: bin.to, value: bin[field] },
  ]);
}
