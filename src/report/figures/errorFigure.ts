import * as Plot from '@observablehq/plot';
import type { Comparison, MethodName, Spread } from '../../scenario/comparison.ts';
import { compact } from '../formatNumber.ts';
import { methodLook } from '../methodLook.ts';
import { colour } from '../palette.ts';
import { compose } from './compose.ts';
import { legend } from './legend.ts';
import { logTicks } from './logTicks.ts';
import { panel } from './panel.ts';

/** Smaller errors are drawn here, kT: a lucky zero has no place on a logarithmic axis. */
const SMALLEST = 1e-3;

/** |ΔF − reference| of every method against what it had spent, both on logarithmic axes. */
export function errorFigure(comparison: Comparison, width: number): string {
  const { budget, tolerance } = comparison;
  const methods = comparisonMethods(comparison);
  const tenths = Array.from({ length: 10 }, (_, i) => ((i + 1) * budget.amount) / 10);
  const errors = methods.flatMap(([, { runs }]) =>
    runs.flatMap((run) => run.errorVsBudget.flatMap((error) => (error === null ? [] : [error]))),
  );
  const top = Math.max(...errors, tolerance) * 1.6;
  const bottom = Math.max(SMALLEST, Math.min(...errors, tolerance) / 1.6);
  const onAxis = (error: number): number => Math.min(top, Math.max(bottom, error));
  const narrow = width < 480;
  const drawn = panel({
    width,
    height: narrow ? 300 : 360,
    marginLeft: 52,
    x: {
      type: 'log',
      domain: [tenths[0] * 0.94, budget.amount * 1.06],
      label: budget.unit === 'evaluations' ? 'energy evaluations' : 'seconds',
      ticks: logTicks(tenths[0], budget.amount),
      tickFormat: compact,
    },
    y: {
      type: 'log',
      domain: [bottom, top],
      label: 'error of the free-energy difference (kT)',
      ticks: logTicks(bottom, top),
      tickFormat: compact,
      grid: true,
    },
    marks: [
      Plot.ruleY([tolerance], { stroke: colour('ink'), strokeDasharray: '2 3' }),
      ...methods.map(([name, { mean }]) =>
        Plot.areaY(band(tenths, mean.errorVsBudget, onAxis, top), {
          x: 'at',
          y1: 'low',
          y2: 'high',
          fill: methodLook[name].colour,
          fillOpacity: 0.14,
        }),
      ),
      ...methods.map(([name, { mean }]) =>
        Plot.lineY(
          mean.errorVsBudget.map(({ median }, i) => ({
            at: tenths[i],
            error: median === null ? Number.NaN : onAxis(median),
          })),
          {
            x: 'at',
            y: 'error',
            stroke: methodLook[name].colour,
            strokeWidth: 2.2,
            ...dashed(methodLook[name].dash),
          },
        ),
      ),
      ...methods.map(([name, { runs }]) => {
        const points = runs.flatMap((run) =>
          run.errorVsBudget.flatMap((error, i) =>
            error === null
              ? []
              : [{ at: tenths[i], error: onAxis(error), withheld: run.withheldVsBudget[i] }],
          ),
        );
        const look = { x: 'at', y: 'error', symbol: methodLook[name].symbol, r: 2.6 } as const;
        return [
          Plot.dot(
            points.filter(({ withheld }) => !withheld),
            { ...look, fill: methodLook[name].colour, fillOpacity: 0.75 },
          ),
          Plot.dot(
            points.filter(({ withheld }) => withheld),
            { ...look, stroke: methodLook[name].colour, strokeWidth: 1 },
          ),
        ];
      }),
    ],
  });
  return compose({
    name: 'error',
    title: 'Error against budget',
    description: methods
      .map(([name, { mean }]) => {
        const last = mean.errorVsBudget.at(-1)?.median ?? null;
        return `${methodLook[name].label}: ${last === null ? 'no value' : `${last.toPrecision(2)} kT`} at the end`;
      })
      .join('; '),
    width,
    legends: [
      legend(
        [
          ...methods.map(([name]) => {
            const { label, colour: stroke, dash } = methodLook[name];
            return {
              kind: 'line',
              label,
              colour: stroke,
              ...(dash === undefined ? {} : { dash }),
              band: true,
            } as const;
          }),
          {
            kind: 'line',
            label: `${tolerance} kT`,
            colour: colour('ink'),
            dash: '2 3',
            thick: 1.2,
          },
          {
            kind: 'symbol',
            label: 'one seed, withheld by the rules',
            colour: colour('ink'),
            symbol: 'circle',
            hollow: true,
          },
        ],
        width,
      ),
    ],
    rows: [[{ panel: drawn }]],
  });
}

/** The methods that were run, with their names. */
export function comparisonMethods(comparison: Pick<Comparison, 'methods'>) {
  const names: readonly MethodName[] = ['md', 'tempering', 'reweighting', 'hybrid'];
  return names.flatMap((name) => {
    const method = comparison.methods[name];
    return method === undefined ? [] : [[name, method] as const];
  });
}

/** Smallest to largest error over the seeds; up to the top where a seed has no value yet. */
function band(
  tenths: readonly number[],
  spreads: readonly Spread[],
  onAxis: (error: number) => number,
  top: number,
) {
  return spreads.map(({ low, high }, i) => ({
    at: tenths[i],
    low: low === null ? Number.NaN : onAxis(low),
    high: low === null ? Number.NaN : high === null ? top : onAxis(high),
  }));
}

function dashed(dash: string | undefined): { strokeDasharray?: string } {
  return dash === undefined ? {} : { strokeDasharray: dash };
}
