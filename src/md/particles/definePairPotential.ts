import type { Potential } from '../../core/potential.ts';
import { distanceGeometry } from './distanceGeometry.ts';
import {
  type CheckedSystem,
  checkedSystem,
  expectAtoms,
  type ParticleSystem,
} from './particleSystem.ts';
import { type EnergyFunctions, type Formula, scalarTerms } from './scalarTerms.ts';
import { collectParameters, type PerItem } from './termParameters.ts';

/** What a pair's functions get: global parameters, and per-particle ones with 1 and 2 behind their names. */
export type PairParameters<Global extends string, Own extends string> = Readonly<
  Record<Global | `${Own}1` | `${Own}2`, number>
>;

/** An energy of every pair of particles. */
export type PairPotentialDefinition<
  Global extends string = never,
  Own extends string = never,
> = ParticleSystem &
  (Formula | EnergyFunctions<PairParameters<Global, Own>>) & {
    /** The same for all pairs, by name. */
    readonly parameters?: Readonly<Record<Global, number>>;
    /** One number for each particle, `[N]`, by name; pairs see them as `name1` and `name2`. */
    readonly perParticle?: PerItem<Own>;
    /** Pairs that are left out, bonded neighbours for example. */
    readonly exclusions?: readonly (readonly [number, number])[];
    /** The pairs themselves, where not all; `exclusions` are then left out of these. */
    readonly pairs?: readonly (readonly [number, number])[];
  };

/**
 * A potential of the distances of particle pairs, no cutoff and no periodicity.
 *
 *     U(x) = Σ_{i<j} u(rᵢⱼ; parameters, parameters1 of i, parameters2 of j),   rᵢⱼ = |rᵢ − rⱼ|
 *
 * `expression` or `energy(r, parameters)` gives u, `derivative` du/dr; a formula is differentiated
 * symbolically, functions without a derivative by central differences (three evaluations). A cutoff is
 * part of u: `step(rc - r)*…`. A pair is given with its lower particle first, so that a formula should
 * treat 1 and 2 alike.
 * @throws {ExpressionError} where the formula is wrong, pointing at the character. @throws {RangeError}
 *   and {ShapeError} for particles or parameters that do not fit.
 */
export function definePairPotential<Global extends string = never, Own extends string = never>(
  definition: PairPotentialDefinition<Global, Own>,
): Potential {
  const system = checkedSystem(definition);
  const { name, particles, dimensions } = system;
  const pairs = includedPairs(system, definition.pairs, definition.exclusions);
  const geometry = distanceGeometry('pair', pairs, dimensions);

  const collected = collectParameters(name, ['r'], pairs.length);
  const own = Object.keys(definition.perParticle ?? {});
  collected.addGlobal(definition.parameters);
  collected.addPerItem('perParticle', definition.perParticle, particles, '1', (t) => pairs[t][0]);
  collected.addPerItem('perParticle', definition.perParticle, particles, '2', (t) => pairs[t][1]);
  const hints = new Map(
    own.map((each) => [
      each,
      `"${each}" differs between particles: write ${each}1 and ${each}2, or define it: "…; ${each}=0.5*(${each}1+${each}2)"`,
    ]),
  );
  const variable = { names: ['r'], isSquared: true };
  return scalarTerms(system, geometry, variable, collected.parameters, definition, hints);
}

/** All pairs but the excluded, the lower particle first, sorted. */
function includedPairs(
  system: CheckedSystem,
  given: readonly (readonly number[])[] | undefined,
  exclusions: readonly (readonly number[])[] = [],
): (readonly number[])[] {
  const { name, particles } = system;
  expectAtoms(system, 'exclusions', exclusions, 2);
  const keyOf = ([i, j]: readonly number[]): number => Math.min(i, j) * particles + Math.max(i, j);
  const excluded = new Set(exclusions.map(keyOf));
  if (given === undefined) {
    const all: (readonly number[])[] = [];
    for (let i = 0; i < particles; i++) {
      for (let j = i + 1; j < particles; j++) if (!excluded.has(keyOf([i, j]))) all.push([i, j]);
    }
    return all;
  }
  expectAtoms(system, 'pairs', given, 2);
  const keys = new Set(given.map(keyOf));
  if (keys.size < given.length) throw new RangeError(`${name}: "pairs" names a pair twice`);
  return [...keys]
    .filter((key) => !excluded.has(key))
    .sort((a, b) => a - b)
    .map((key) => [Math.floor(key / particles), key % particles]);
}
