import { kelvinToKT } from '../core/units.ts';
import type { Plan } from '../hybrid/plan.ts';
import type { KnownProfile, Scenario } from './scenario.ts';

/** The profiles that a scenario brings along, where they hold at the run's own temperature. */
export function knownProfiles(scenario: Scenario, plan: Plan): readonly KnownProfile[] {
  const { reference, potential } = scenario;
  if (reference?.kind !== 'value') return [];
  const isReduced = potential.units.energy === 'reduced';
  const kT = isReduced ? reference.temperature : kelvinToKT(reference.temperature);
  return kT === plan.kT ? (reference.profiles ?? []) : [];
}

/** F and its standard error at `s`, linear between the profile's values; undefined beyond its ends. */
export function knownAt(
  { at, freeEnergy, standardError }: KnownProfile,
  s: number,
): { readonly freeEnergy: number; readonly standardError: number } | undefined {
  const last = at.length - 1;
  // Middles of bins that are the profile's own may lie beyond its ends by a rounding.
  const slack = 1e-9 * (at[last] - at[0]);
  if (!(s >= at[0] - slack && s <= at[last] + slack)) return undefined;
  const next = at.findIndex((value) => value >= s);
  const right = next < 0 ? last : Math.max(1, next);
  const share = (s - at[right - 1]) / (at[right] - at[right - 1]);
  const between = (values: readonly number[]): number =>
    values[right - 1] + share * (values[right] - values[right - 1]);
  return { freeEnergy: between(freeEnergy), standardError: between(standardError) };
}

/**
 * A known profile in the middles of bins, `[K]`; NaN in bins that it does not reach.
 * @param edges Bin edges, ascending, `[K + 1]`.
 */
export function inBins(
  profile: KnownProfile,
  edges: Float64Array,
): { readonly freeEnergy: Float64Array; readonly standardError: Float64Array } {
  const middles = edges.subarray(1).map((to, k) => (edges[k] + to) / 2);
  return {
    freeEnergy: middles.map((s) => knownAt(profile, s)?.freeEnergy ?? Number.NaN),
    standardError: middles.map((s) => knownAt(profile, s)?.standardError ?? Number.NaN),
  };
}
