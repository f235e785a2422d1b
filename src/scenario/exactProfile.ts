import { uniformEdges } from '../analysis/histogram.ts';
import { referenceProfile } from '../analysis/quadrature.ts';
import type { Potential } from '../core/potential.ts';
import type { Plan } from '../hybrid/plan.ts';

type Box = readonly (readonly [number, number])[];

interface Integral {
  readonly box: Box;
  readonly kT: number;
  readonly axis: Plan['coordinate'];
  readonly freeEnergy: Float64Array;
}

/** The last integral over each potential: it takes seconds, and result, files and report all want it. */
const integrals = new WeakMap<Potential, Integral>();

/**
 * The exact profile in the bins of a plan's coordinate, F = −ln(P/Δs) − minimum in kT, `[K]`, by quadrature
 * over `box`; +∞ in a bin that the box does not reach. The same array for the same question: not to be changed.
 */
export function exactProfile(
  { potential, kT, coordinate }: Pick<Plan, 'potential' | 'kT' | 'coordinate'>,
  box: Box,
): Float64Array {
  const { variable, min, max, bins } = coordinate;
  const before = integrals.get(potential);
  if (
    before !== undefined &&
    before.box === box &&
    before.kT === kT &&
    before.axis.variable === variable &&
    before.axis.min === min &&
    before.axis.max === max &&
    before.axis.bins === bins
  ) {
    return before.freeEnergy;
  }
  const edges = uniformEdges(min, max, bins);
  const freeEnergy = referenceProfile(potential, { box, kT }, variable, edges);
  integrals.set(potential, { box, kT, axis: coordinate, freeEnergy });
  return freeEnergy;
}
