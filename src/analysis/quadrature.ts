import { type Batch, batch } from '../core/batch.ts';
import type { CollectiveVariable } from '../core/collectiveVariable.ts';
import { ErgoflowError, ShapeError } from '../core/errors.ts';
import type { Potential } from '../core/potential.ts';
import { binOf } from './histogram.ts';
import { type Box, type Labeller, labelledIntegral } from './labelledIntegral.ts';

/** What is integrated, over which box, and how finely. */
export interface QuadratureOptions {
  /** The region of integration, [from, to] of each coordinate: what lies outside is taken as forbidden. */
  readonly box: Box;
  /** k_B T, in the potential's energy unit. */
  readonly kT: number;
  /** Relative error of every integral. 1e-8 by default. */
  readonly relativeError?: number;
}

/** Exact averages of a Boltzmann distribution. */
export interface BoltzmannReference {
  /** ln ∫ e^(−U/kT) dx over the box. */
  readonly logZ: number;
  /** ⟨U⟩, in the potential's energy unit. */
  readonly meanEnergy: number;
  /** Pᵢ, `[states]`. */
  readonly populations: Float64Array;
  /** Fᵢ − F₀ = −ln(Pᵢ/P₀), kT, `[states − 1]`. */
  readonly differences: Float64Array;
  /** The largest estimated relative error of Z, of ∫ (U − U₀) e^(−U/kT) and of any Pᵢ Z. */
  readonly relativeError: number;
  /** Configurations whose energy was taken. */
  readonly evaluations: number;
}

/**
 * Exact averages of a potential of one or two dimensions, by quadrature: what sampled estimates are
 * compared with. See `labelledIntegral` for the method and for how the states' edges are kept sharp.
 * @param label The states; none by default. @param states How many.
 * @throws {ShapeError} where the box does not fit the potential, or has more than two dimensions.
 * @throws {ErgoflowError} where the error cannot be reached.
 */
export function boltzmannReference(
  potential: Potential,
  options: QuadratureOptions,
  label: Labeller = unlabelled,
  states = 0,
): BoltzmannReference {
  const { box, kT, relativeError = 1e-8 } = options;
  const lowest = lowestEnergy(potential, box);
  const { components, labels, ...quality } = labelledIntegral(
    {
      components: 2,
      labels: states,
      label,
      evaluate(x) {
        const out = new Float64Array(2 * x.count);
        potential.energy(x).forEach((u, b) => {
          const weight = Math.exp((lowest - u) / kT);
          out[2 * b] = weight;
          // Measured from the lowest energy, so that the average is a sum of positive terms.
          out[2 * b + 1] = weight === 0 ? 0 : weight * (u - lowest);
        });
        return out;
      },
    },
    box,
    relativeError,
  );
  const [mass, energy] = components;
  // The density vanishes at every node but not where its lowest energy was found.
  if (!(mass > 0)) {
    throw new ErgoflowError(
      `quadrature: the density of ${potential.name} is too sharp for the box`,
    );
  }
  const populations = labels.map((m) => m / mass);
  return {
    logZ: Math.log(mass) - lowest / kT,
    meanEnergy: lowest + energy / mass,
    populations,
    differences: populations.slice(1).map((p) => -Math.log(p / populations[0])),
    ...quality,
  };
}

/**
 * The exact profile along a collective variable, F = −ln(P/Δs) − minimum in kT for each bin, `[K]`;
 * +∞ in a bin that the box does not reach. Bin averages, as a histogram's are, not values at bin centres.
 * @param edges Bin edges, ascending, `[K + 1]`.
 */
export function referenceProfile(
  potential: Potential,
  options: QuadratureOptions,
  variable: CollectiveVariable,
  edges: ArrayLike<number>,
): Float64Array {
  const label: Labeller = (x) => binOf(variable.value(x), edges);
  const { populations } = boltzmannReference(potential, options, label, edges.length - 1);
  const freeEnergy = populations.map((p, k) => -Math.log(p / (edges[k + 1] - edges[k])));
  const lowest = freeEnergy.reduce((a, b) => Math.min(a, b), Infinity);
  return freeEnergy.map((f) => f - lowest);
}

function unlabelled(x: Batch): Int32Array {
  return new Int32Array(x.count).fill(-1);
}

/** The lowest energy on a grid of 200 points a side: the exponent's zero, so that nothing underflows. */
function lowestEnergy(potential: Potential, box: Box): number {
  if (box.length !== potential.dim || box.length > 2) {
    throw new ShapeError(
      `quadrature: a box of ${box.length} dimensions for ${potential.name} of ${potential.dim}; ` +
        'one or two are possible',
    );
  }
  const side = Array.from({ length: 201 }, (_, i) => i / 200);
  const along = box.map(([from, to]) => side.map((t) => from + (to - from) * t));
  const grid =
    along.length === 1 ? along[0] : along[1].flatMap((y) => along[0].flatMap((x) => [x, y]));
  const energies = potential.energy(batch(Float64Array.from(grid), box.length));
  return energies.reduce((a, b) => Math.min(a, b), Infinity);
}
