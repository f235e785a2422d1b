import { uniformEdges } from '../../analysis/histogram.ts';
import type { Plan } from '../../hybrid/plan.ts';
import type { RunProfiles } from '../../scenario/profiles.ts';
import type { ProfileCurve, ProfileData } from '../reportData.ts';
import { isAngle, shownScale } from './angle.ts';
import { rounded } from './rounded.ts';

/** The profiles of a run on one scale: of the chain, of the weighted draws, and exact where known. */
export function profileCurves(profiles: RunProfiles, axis: Plan['coordinate']): ProfileData {
  const { min, max, bins } = axis;
  const scale = shownScale(axis.variable);
  const edges = uniformEdges(min, max, bins);
  const exact = profiles.reference;
  const curves: {
    readonly source: ProfileCurve['source'];
    readonly freeEnergy: Float64Array;
    readonly standardError: (bin: number) => number | undefined;
  }[] = [
    ...(exact === undefined
      ? []
      : [{ source: 'exact', freeEnergy: exact, standardError: () => 0 } as const]),
    ...(['hybrid', 'reweighted'] as const).flatMap((source) => {
      const profile = profiles[source];
      return profile === undefined
        ? []
        : [
            {
              source,
              freeEnergy: profile.freeEnergy,
              standardError: (bin: number) => profile.standardError[bin],
            },
          ];
    }),
  ];
  const normalised = curves.map(({ freeEnergy }) => normalise(freeEnergy, edges));
  const zero = normalised[0].reduce((a, b) => Math.min(a, b), Infinity);
  return {
    coordinate: profiles.coordinate,
    isAngle: isAngle(axis.variable),
    min: rounded(min * scale, 8),
    max: rounded(max * scale, 8),
    curves: curves.map(({ source, standardError }, i) => ({
      source,
      points: Array.from(normalised[i], (freeEnergy, k) => {
        const known = Number.isFinite(freeEnergy);
        const error = standardError(k);
        return {
          at: rounded((scale * (edges[k] + edges[k + 1])) / 2),
          freeEnergy: known ? rounded(freeEnergy - zero, 7) : null,
          standardError: known && error !== undefined ? rounded(error) : null,
        };
      }),
    })),
  };
}

/** F with Σ e^(−F) Δs = 1 over the axis: curves shifted by their own minima cannot be compared. */
function normalise(freeEnergy: Float64Array, edges: Float64Array): Float64Array {
  const mass = freeEnergy.reduce((sum, f, k) => sum + Math.exp(-f) * (edges[k + 1] - edges[k]), 0);
  return freeEnergy.map((f) => f + Math.log(mass));
}
