import * as Plot from '@observablehq/plot';
import { colour } from '../palette.ts';
import type { EnergyHistograms } from '../reportData.ts';
import { compose } from './compose.ts';
import { legend } from './legend.ts';
import { panel } from './panel.ts';

const looks = {
  seeds: {
    label: 'MD seeds, equal shares of the states',
    colour: colour('md'),
    dash: '1 3',
    width: 2,
  },
  flow: { label: 'as drawn', colour: colour('flow'), dash: '7 4', width: 1.6 },
  reweighted: {
    label: 'reweighted',
    colour: colour('tempering'),
    dash: '10 3 2 3',
    width: 1.6,
  },
  production: { label: 'hybrid chain', colour: colour('hybrid'), dash: undefined, width: 1.6 },
} as const;

/**
 * Energies in every ensemble of the run: the reweighted draws and the chain must agree.
 * @param chainName What the chain of the run is called. @param draws What the flow's draws are.
 */
export function energiesFigure(
  energies: EnergyHistograms,
  width: number,
  chainName = 'hybrid chain',
  draws = 'flow draws',
): string {
  const { edges, series } = energies;
  const labelOf = (source: keyof typeof looks): string =>
    source === 'production'
      ? chainName
      : source === 'seeds'
        ? looks.seeds.label
        : `${draws}, ${looks[source].label}`;
  const top = 1.05 * tallest(series);
  const lines = series.map(({ source, density }) => ({
    source,
    points: density.flatMap((p, k) => {
      const value = Math.min(p, top);
      return [
        { at: edges[k], value },
        { at: edges[k + 1], value },
      ];
    }),
  }));
  const chain = lines.find(({ source }) => source === 'production');
  const drawn = panel({
    width,
    height: width < 480 ? 240 : 280,
    x: { domain: [edges[0], edges[edges.length - 1]], label: 'U (kT)' },
    y: { domain: [0, top], label: 'probability per kT', grid: true },
    marks: [
      ...(chain === undefined
        ? []
        : [
            Plot.areaY(chain.points, {
              x: 'at',
              y1: 0,
              y2: 'value',
              fill: looks.production.colour,
              fillOpacity: 0.15,
            }),
          ]),
      ...[...lines].reverse().map(({ source, points }) => {
        const { colour: stroke, width: strokeWidth, dash } = looks[source];
        return Plot.lineY(points, {
          x: 'at',
          y: 'value',
          stroke,
          strokeWidth,
          ...(dash === undefined ? {} : { strokeDasharray: dash }),
        });
      }),
      Plot.ruleY([0]),
    ],
  });
  return compose({
    name: 'energies',
    title: `Energies of ${series.map(({ source }) => labelOf(source)).join('; ')}`,
    description: series
      .map(
        ({ source, above, refused }) =>
          `${labelOf(source)}: ${(100 * above).toFixed(1)} per cent beyond the axis` +
          (refused > 0 ? `, ${(100 * refused).toFixed(1)} per cent refused` : ''),
      )
      .join('; '),
    width,
    legends: [
      legend(
        series.map(({ source }) => {
          const { colour: own, dash } = looks[source];
          return {
            kind: 'line',
            label: labelOf(source),
            colour: own,
            ...(dash === undefined ? {} : { dash }),
            band: source === 'production',
          } as const;
        }),
        width,
      ),
    ],
    rows: [[{ panel: drawn }]],
  });
}

/** How high the axis is: a few reweighted draws with most of the weight may stand out of it. */
export function tallest(series: EnergyHistograms['series']): number {
  const top = (own: typeof series): number => Math.max(0, ...own.flatMap(({ density }) => density));
  const others = top(series.filter(({ source }) => source !== 'reweighted'));
  return others > 0 ? Math.min(top(series), 1.5 * others) : Math.max(top(series), 1e-3);
}
