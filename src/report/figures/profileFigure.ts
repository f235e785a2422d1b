import * as Plot from '@observablehq/plot';
import { colour } from '../palette.ts';
import type { ProfileCurve, ProfileData } from '../reportData.ts';
import { rightAngles, variableLabel } from './axisLabel.ts';
import { compose } from './compose.ts';
import { type LegendItem, legend } from './legend.ts';
import { type Panel, panel } from './panel.ts';

const looks = {
  exact: { colour: colour('ink'), dash: '2 3' },
  hybrid: { colour: colour('hybrid'), dash: undefined },
  reweighted: { colour: colour('flow'), dash: '7 4' },
} as const;

const labelsOf = {
  exact: 'exact (quadrature)',
  hybrid: 'hybrid chain',
  reweighted: 'reweighted flow draws',
} as const;

/** Bands and bars are this many standard errors. */
const BAND = 2;

/**
 * The free-energy profile with its error bands; below it, where an exact one is known, how far each
 * estimate is from it.
 * @param chain What the chain of the run is called.
 */
export function profileFigure(profile: ProfileData, width: number, chain = 'hybrid chain'): string {
  const labels = { ...labelsOf, hybrid: chain };
  const exact = profile.curves.find((curve) => curve.source === 'exact');
  const rows = [[{ panel: curvesPanel(profile, width) }]];
  if (exact !== undefined) rows.push([{ panel: residualPanel(profile, exact, width) }]);
  return compose({
    name: 'profile',
    title: 'Free-energy profile',
    description:
      `Free energy in kT along ${variableLabel({ ...profile, name: profile.coordinate })} from ${profile.min} to ${profile.max}: ` +
      profile.curves.map((curve) => labels[curve.source]).join(', '),
    width,
    legends: [
      legend(
        profile.curves.map((curve) => legendItem(curve, labels[curve.source])),
        width,
      ),
    ],
    rows,
  });
}

function legendItem({ source }: ProfileCurve, label: string): LegendItem {
  const { colour: stroke, dash } = looks[source];
  return {
    kind: 'line',
    label: source === 'exact' ? label : `${label} ± ${BAND} standard errors`,
    colour: stroke,
    ...(dash === undefined ? {} : { dash }),
    band: source !== 'exact',
  };
}

function curvesPanel(profile: ProfileData, width: number): Panel {
  const highest = Math.max(
    ...profile.curves.flatMap(({ points }) => points.map((p) => p.freeEnergy ?? 0)),
  );
  return panel({
    width,
    height: width < 480 ? 240 : 300,
    x: coordinateAxis(profile),
    // Room above, so that bands of rarely visited bins are seen to be wide.
    y: { domain: [0, highest * 1.06 + 0.2], label: 'F (kT)', grid: true },
    marks: [
      ...profile.curves
        .filter((curve) => curve.source !== 'exact')
        .map(({ source, points }) =>
          Plot.areaY(bands(points), {
            x: 'at',
            y1: 'low',
            y2: 'high',
            fill: looks[source].colour,
            fillOpacity: 0.2,
            clip: true,
          }),
        ),
      ...inDrawingOrder(profile.curves).map(({ source, points }) =>
        Plot.lineY(points, {
          x: 'at',
          // A bin too rarely visited to have an error has no line either.
          y: (point: ProfileCurve['points'][number]) =>
            point.standardError === null ? Number.NaN : point.freeEnergy,
          stroke: looks[source].colour,
          strokeWidth: source === 'exact' ? 2 : 1.6,
          ...dashed(looks[source].dash),
        }),
      ),
    ],
  });
}

/** Distances are clamped to this many standard errors. */
const FARTHEST = 6;
/** A larger error, of fewer than ten effective counts, is itself too uncertain to measure with. */
const LARGEST_ERROR = 1 / Math.sqrt(10);

function coordinateAxis({ coordinate, isAngle, min, max }: ProfileData) {
  return {
    domain: [min, max],
    label: variableLabel({ name: coordinate, isAngle }),
    ...(isAngle ? { ticks: rightAngles(min, max) } : {}),
  };
}

function residualPanel(profile: ProfileData, exact: ProfileCurve, width: number): Panel {
  const series = profile.curves
    .filter((curve) => curve.source !== 'exact')
    .map(({ source, points }) => ({
      source,
      points: points.flatMap(({ at, freeEnergy, standardError }, k) => {
        const truth = exact.points[k].freeEnergy;
        if (freeEnergy === null || truth === null || standardError === null) return [];
        if (standardError > LARGEST_ERROR) return [];
        const distance = (freeEnergy - truth) / standardError;
        return [{ at, distance: Math.max(-FARTHEST, Math.min(FARTHEST, distance)) }];
      }),
    }));
  const reach = Math.max(
    3.2,
    ...series.flatMap(({ points }) => points.map(({ distance }) => Math.abs(distance) * 1.05)),
  );
  return panel({
    width,
    height: width < 480 ? 190 : 180,
    x: coordinateAxis(profile),
    y: {
      domain: [-reach, reach],
      label: width < 480 ? '(estimate − exact) / SE' : '(estimate − exact) / standard error',
      ticks: [-6, -4, -2, 0, 2, 4, 6].filter((tick) => Math.abs(tick) <= reach),
    },
    marks: [
      Plot.rect([{ from: -BAND, to: BAND }], {
        x1: profile.min,
        x2: profile.max,
        y1: 'from',
        y2: 'to',
        fill: colour('panel'),
      }),
      Plot.ruleY([0], { stroke: looks.exact.colour, strokeDasharray: looks.exact.dash }),
      ...series.map(({ source, points }) =>
        Plot.dot(points, {
          x: 'at',
          y: 'distance',
          r: width < 480 ? 1.7 : 2.6,
          fill: looks[source].colour,
          symbol: source === 'hybrid' ? 'circle' : 'diamond',
        }),
      ),
    ],
  });
}

/** The exact curve last: its dots lie on the others. */
function inDrawingOrder(curves: readonly ProfileCurve[]): ProfileCurve[] {
  return [...curves].sort((a, b) => Number(a.source === 'exact') - Number(b.source === 'exact'));
}

function bands(points: ProfileCurve['points']) {
  return points.map(({ at, freeEnergy, standardError }) =>
    freeEnergy === null || standardError === null
      ? { at, low: Number.NaN, high: Number.NaN }
      : { at, low: freeEnergy - BAND * standardError, high: freeEnergy + BAND * standardError },
  );
}

function dashed(dash: string | undefined): { strokeDasharray?: string } {
  return dash === undefined ? {} : { strokeDasharray: dash };
}
