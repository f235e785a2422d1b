import * as Plot from '@observablehq/plot';
import { LARGEST_ERROR } from '../../analysis/profileDeparture.ts';
import { colour } from '../palette.ts';
import type { ProfileCurve, ProfileData } from '../reportData.ts';
import { rightAngles, variableLabel } from './axisLabel.ts';
import { compose } from './compose.ts';
import { type LegendItem, legend } from './legend.ts';
import { type Panel, panel } from './panel.ts';

const looks = {
  exact: { colour: colour('ink'), dash: '2 3' },
  known: { colour: colour('ink'), dash: '2 3' },
  other: { colour: colour('tempering'), dash: '10 3 2 3' },
  hybrid: { colour: colour('hybrid'), dash: undefined },
  reweighted: { colour: colour('flow'), dash: '7 4' },
} as const;

const labelsOf = {
  exact: 'exact (quadrature)',
  known: 'known beforehand',
  other: 'known beforehand',
  hybrid: 'hybrid chain',
  reweighted: 'reweighted flow draws',
} as const;

const residualSymbols = {
  exact: 'circle',
  known: 'circle',
  other: 'square',
  hybrid: 'circle',
  reweighted: 'diamond',
} as const;

/** What the estimates of the run are compared with. */
function isReference({ source }: ProfileCurve): boolean {
  return source === 'exact' || source === 'known';
}

function isEstimate({ source }: ProfileCurve): boolean {
  return source === 'hybrid' || source === 'reweighted';
}

/** Bands and bars are this many standard errors. */
const BAND = 2;

/**
 * The free-energy profile with its error bands, beside what is known; below, how far each estimate is from
 * the first of that.
 * @param chain What the chain of the run is called.
 */
export function profileFigure(profile: ProfileData, width: number, chain = 'hybrid chain'): string {
  const labels = { ...labelsOf, hybrid: chain };
  const labelOf = ({ source, name }: ProfileCurve): string => name ?? labels[source];
  const reference = profile.curves.find(isReference);
  const rows = [[{ panel: curvesPanel(profile, width) }]];
  if (reference !== undefined) rows.push([{ panel: residualPanel(profile, reference, width) }]);
  return compose({
    name: 'profile',
    title: 'Free-energy profile',
    description:
      `Free energy in kT along ${variableLabel({ ...profile, name: profile.coordinate })} from ${profile.min} to ${profile.max}: ` +
      profile.curves.map(labelOf).join(', '),
    width,
    legends: [
      legend(
        profile.curves.map((curve) => legendItem(curve, labelOf(curve), width)),
        width,
      ),
    ],
    rows,
  });
}

function legendItem({ source }: ProfileCurve, label: string, width: number): LegendItem {
  const { colour: stroke, dash } = looks[source];
  return {
    kind: 'line',
    label:
      source === 'exact' ? label : `${label} ± ${BAND} ${width < 480 ? 'SE' : 'standard errors'}`,
    colour: stroke,
    ...(dash === undefined ? {} : { dash }),
    band: source !== 'exact',
  };
}

function curvesPanel(profile: ProfileData, width: number): Panel {
  const heights = profile.curves.flatMap((curve) =>
    curve.points.map((point) => ({ ...point, isFirm: isFirm(curve, point) })),
  );
  // One draw with a weight of nothing would else press everything that is known to the ground.
  const firm = heights.filter((point) => point.isFirm);
  const highest = Math.max(
    ...(firm.length < 2 ? heights : firm).map((point) => point.freeEnergy ?? 0),
  );
  // Room above, so that bands of rarely visited bins are seen to be wide.
  const top = highest * 1.06 + 0.2;
  // What is farther runs along the edge: clipping what lies outside altogether ends the process of resvg.
  const inside = (f: number, below = 0): number => Math.max(-below, Math.min(top, f));
  return panel({
    width,
    height: width < 480 ? 240 : 300,
    x: coordinateAxis(profile),
    y: { domain: [0, top], label: 'F (kT)', grid: true },
    marks: [
      ...profile.curves
        .filter((curve) => curve.source !== 'exact')
        .map(({ source, points }) =>
          Plot.areaY(bands(points), {
            x: 'at',
            y1: ({ low }: { low: number }) => inside(low),
            y2: ({ high }: { high: number }) => inside(high),
            fill: looks[source].colour,
            fillOpacity: 0.2,
          }),
        ),
      ...inDrawingOrder(profile.curves).map(({ source, points }) =>
        Plot.lineY(points, {
          x: 'at',
          // A bin too rarely visited to have an error has no line either.
          y: (point: ProfileCurve['points'][number]) =>
            point.standardError === null || point.freeEnergy === null
              ? Number.NaN
              : inside(point.freeEnergy, 0.03 * top),
          stroke: looks[source].colour,
          strokeWidth: source === 'exact' || source === 'known' ? 2 : 1.6,
          ...dashed(looks[source].dash),
        }),
      ),
    ],
  });
}

/** Whether a point's height may set the scale: what is known, and bins of ten effective counts or more. */
function isFirm(curve: ProfileCurve, point: ProfileCurve['points'][number]): boolean {
  return !isEstimate(curve) || (point.standardError ?? Infinity) <= LARGEST_ERROR;
}

/** Distances are clamped to this many standard errors. */
const FARTHEST = 6;

function coordinateAxis({ coordinate, isAngle, min, max }: ProfileData) {
  return {
    domain: [min, max],
    label: variableLabel({ name: coordinate, isAngle }),
    ...(isAngle ? { ticks: rightAngles(min, max) } : {}),
  };
}

function residualPanel(profile: ProfileData, reference: ProfileCurve, width: number): Panel {
  const series = profile.curves
    .filter((curve) => !isReference(curve))
    .map((curve) => ({
      source: curve.source,
      points: curve.points.flatMap((point) => {
        const { at, freeEnergy, standardError } = point;
        const beside = valueAt(reference, at);
        if (freeEnergy === null || beside === undefined || standardError === null) return [];
        if (!isFirm(curve, point)) return [];
        const distance =
          (freeEnergy - beside.freeEnergy) / Math.hypot(standardError, beside.standardError);
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
      label: `(estimate − ${reference.source === 'exact' ? 'exact' : 'known'}) / ${width < 480 ? 'SE' : 'standard error'}`,
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
          symbol: residualSymbols[source],
        }),
      ),
    ],
  });
}

/** A curve between its points; undefined beyond them and beside a point that is not known. */
function valueAt(
  { points }: ProfileCurve,
  at: number,
): { readonly freeEnergy: number; readonly standardError: number } | undefined {
  const right = points.findIndex((point) => point.at >= at);
  if (right < 0) return undefined;
  const after = points[right];
  const before = points[after.at === at ? right : right - 1];
  if (before === undefined || before.freeEnergy === null || after.freeEnergy === null) {
    return undefined;
  }
  const share = before === after ? 0 : (at - before.at) / (after.at - before.at);
  const between = (from: number, to: number): number => from + share * (to - from);
  return {
    freeEnergy: between(before.freeEnergy, after.freeEnergy),
    standardError: between(before.standardError ?? 0, after.standardError ?? 0),
  };
}

/** What estimates are compared with comes last: its dots lie on the others. */
function inDrawingOrder(curves: readonly ProfileCurve[]): ProfileCurve[] {
  return [...curves].sort((a, b) => Number(isReference(a)) - Number(isReference(b)));
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
