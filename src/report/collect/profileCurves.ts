import { uniformEdges } from '../../analysis/histogram.ts';
import type { Plan } from '../../hybrid/plan.ts';
import { knownAt } from '../../scenario/knownProfiles.ts';
import type { RunProfiles } from '../../scenario/profiles.ts';
import type { KnownProfile } from '../../scenario/scenario.ts';
import type { ProfileCurve, ProfileData } from '../reportData.ts';
import { isAngle, shownScale } from './angle.ts';
import { rounded } from './rounded.ts';

/** A curve before it is put on the common scale. */
interface RawCurve {
  readonly source: ProfileCurve['source'];
  readonly name: string | null;
  /** In the unit of the variable. */
  readonly at: Float64Array;
  readonly freeEnergy: Float64Array;
  readonly standardError: (point: number) => number | undefined;
}

/**
 * The profiles of a run on one scale: of the chain, of the weighted draws, and what is known.
 * @param known The profiles that the scenario brings along; the first is the run's own reference.
 */
export function profileCurves(
  profiles: RunProfiles,
  axis: Plan['coordinate'],
  known: readonly KnownProfile[] = [],
): ProfileData {
  const { min, max, bins } = axis;
  const scale = shownScale(axis.variable);
  const edges = uniformEdges(min, max, bins);
  const at = edges.subarray(1).map((to, k) => (edges[k] + to) / 2);
  const { reference } = profiles;
  const inBins: RawCurve[] = [
    ...(reference === undefined
      ? []
      : [
          {
            source: reference.isExact ? ('exact' as const) : ('known' as const),
            name: reference.isExact ? null : reference.source,
            at,
            freeEnergy: reference.freeEnergy,
            standardError: (bin: number) => reference.standardError[bin],
          },
        ]),
    ...(['hybrid', 'reweighted'] as const).flatMap((source): RawCurve[] => {
      const profile = profiles[source];
      if (profile === undefined) return [];
      const { freeEnergy, standardError } = profile;
      return [{ source, name: null, at, freeEnergy, standardError: (bin) => standardError[bin] }];
    }),
  ];
  const isShared = (bin: number): boolean => !Number.isNaN(reference?.freeEnergy[bin] ?? 0);
  const width = (max - min) / bins;
  const logMasses = inBins.map(({ freeEnergy }) =>
    Math.log(
      freeEnergy.reduce((sum, f, bin) => sum + (isShared(bin) ? Math.exp(-f) * width : 0), 0),
    ),
  );
  const lowest = inBins[0].freeEnergy
    .filter((f) => !Number.isNaN(f))
    .reduce((a, b) => Math.min(a, b), Infinity);
  // Curves that are shifted by their own minima cannot be compared.
  const curves = [
    ...inBins.map((curve, c) => shifted(curve, logMasses[c] - logMasses[0] - lowest)),
    ...known
      .slice(1)
      .flatMap((other) => besideFirst(other, known[0], axis))
      .map((curve) => shifted(curve, -lowest)),
  ];
  return {
    coordinate: profiles.coordinate,
    isAngle: isAngle(axis.variable),
    min: rounded(min * scale, 8),
    max: rounded(max * scale, 8),
    curves: curves.toSorted(knownFirst).map((curve) => ({
      source: curve.source,
      name: curve.name,
      points: Array.from(curve.freeEnergy, (freeEnergy, k) => {
        const isKnown = Number.isFinite(freeEnergy);
        const error = curve.standardError(k);
        return {
          at: rounded(scale * curve.at[k]),
          freeEnergy: isKnown ? rounded(freeEnergy, 7) : null,
          standardError: isKnown && error !== undefined ? rounded(error) : null,
        };
      }),
    })),
  };
}

/**
 * A profile with points of its own, on the scale of `first`: with the mass that this has between the ends
 * that both have; nothing where they have no two points in common.
 */
function besideFirst(
  other: KnownProfile,
  first: KnownProfile,
  { min, max }: Pick<Plan['coordinate'], 'min' | 'max'>,
): RawCurve[] {
  const points = other.at.flatMap((at, i) => {
    const beside = knownAt(first, at);
    return beside === undefined || at < min || at > max
      ? []
      : [
          {
            at,
            own: other.freeEnergy[i],
            beside: beside.freeEnergy,
            error: other.standardError[i],
          },
        ];
  });
  if (points.length < 2) return [];
  const mass = (of: (point: (typeof points)[number]) => number): number =>
    points
      .slice(1)
      .reduce(
        (sum, point, i) =>
          sum + ((point.at - points[i].at) * (Math.exp(-of(point)) + Math.exp(-of(points[i])))) / 2,
        0,
      );
  const shift = Math.log(mass(({ own }) => own) / mass(({ beside }) => beside));
  return [
    {
      source: 'other',
      name: other.source,
      at: Float64Array.from(points, ({ at }) => at),
      freeEnergy: Float64Array.from(points, ({ own }) => own + shift),
      standardError: (point) => points[point].error,
    },
  ];
}

/** What is known, then what the run says. */
function knownFirst(one: RawCurve, other: RawCurve): number {
  const isEstimate = ({ source }: RawCurve): boolean =>
    source === 'hybrid' || source === 'reweighted';
  return Number(isEstimate(one)) - Number(isEstimate(other));
}

function shifted(curve: RawCurve, by: number): RawCurve {
  return { ...curve, freeEnergy: curve.freeEnergy.map((f) => f + by) };
}
