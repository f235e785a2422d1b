import * as Plot from '@observablehq/plot';
import { colour } from '../palette.ts';
import type { PairDistances } from '../reportData.ts';
import { compose } from './compose.ts';
import { legend } from './legend.ts';
import { type Panel, panel } from './panel.ts';

const looks = {
  local: { colour: colour('md'), dash: undefined },
  drawn: { colour: colour('flow'), dash: '7 4' },
  reweighted: { colour: colour('tempering'), dash: '10 3 2 3' },
} as const;

const GAP = 12;

/** What axis and draws are called. */
export interface PairLabels {
  /** Of a length: `nm`; null in reduced units. */
  readonly unit: string | null;
  /** `flow draws`, or `annealed draws`. */
  readonly draws: string;
}

/** How often two particles are how far apart: molecular dynamics, the draws, and the draws reweighted. */
export function pairDistancesFigure(
  distances: PairDistances,
  { unit, draws }: PairLabels,
  width: number,
): string {
  const { panels } = distances;
  const labels = {
    local: 'local moves of production (MD)',
    drawn: `${draws}, as drawn`,
    reweighted: `${draws}, reweighted`,
  } as const;
  const columns = width < 480 ? 1 : Math.min(2, panels.length);
  const size = (width - (columns - 1) * GAP) / columns;
  const found = (['local', 'drawn', 'reweighted'] as const).filter((source) =>
    panels.some(({ series }) => series.some((one) => one.source === source)),
  );
  const cells = panels.map((one) => ({
    heading: `${one.state}: ${pairName(one)}`,
    panel: densityPanel(distances, one, unit, size),
  }));
  return compose({
    name: 'pair-distances',
    title: 'Pair distance distributions',
    description: panels
      .map(
        (one) =>
          `${one.state}, ${pairName(one)}: ${one.series
            .map(({ source, density }) => `${labels[source]} ${highest(distances.edges, density)}`)
            .join(', ')}`,
      )
      .join('; '),
    width,
    legends: [
      legend(
        found.map((source) => {
          const { colour: own, dash } = looks[source];
          return {
            kind: 'line',
            label: labels[source],
            colour: own,
            ...(dash === undefined ? {} : { dash }),
            band: source === 'local',
          } as const;
        }),
        width,
      ),
    ],
    rows: Array.from({ length: Math.ceil(cells.length / columns) }, (_, r) =>
      cells.slice(r * columns, (r + 1) * columns),
    ),
  });
}

function pairName({ kinds, isWithin }: PairDistances['panels'][number]): string {
  return isWithin ? `among the ${kinds[0]}` : `the ${kinds[0]} with the ${kinds[1]}`;
}

function highest(edges: readonly number[], density: readonly number[]): string {
  const top = density.indexOf(Math.max(...density));
  return `is highest at ${((edges[top] + edges[top + 1]) / 2).toPrecision(2)}`;
}

function densityPanel(
  { edges, panels }: PairDistances,
  { kinds, isWithin, series }: PairDistances['panels'][number],
  unit: string | null,
  width: number,
): Panel {
  // One scale for the same pairs in every state.
  const alike = panels.filter(
    (one) => one.isWithin === isWithin && one.kinds.every((size, k) => size === kinds[k]),
  );
  const top = Math.max(
    ...alike.flatMap((one) => one.series.flatMap(({ density }) => Math.max(...density))),
  );
  const lines = series.map(({ source, density }) => ({
    source,
    points: density.flatMap((value, k) => [
      { at: edges[k], value },
      { at: edges[k + 1], value },
    ]),
  }));
  return panel({
    width,
    height: 210,
    x: {
      domain: [edges[0], edges[edges.length - 1]],
      label: unit === null ? 'distance' : `distance (${unit})`,
    },
    y: { domain: [0, 1.05 * top], label: 'probability density', grid: true, ticks: 5 },
    marks: [
      ...lines
        .filter(({ source }) => source === 'local')
        .map(({ points }) =>
          Plot.areaY(points, {
            x: 'at',
            y1: 0,
            y2: 'value',
            fill: looks.local.colour,
            fillOpacity: 0.2,
          }),
        ),
      ...lines.map(({ source, points }) => {
        const { colour: stroke, dash } = looks[source];
        return Plot.lineY(points, {
          x: 'at',
          y: 'value',
          stroke,
          strokeWidth: 1.5,
          ...(dash === undefined ? {} : { strokeDasharray: dash }),
        });
      }),
      Plot.ruleY([0]),
    ],
  });
}
