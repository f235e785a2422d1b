import { type Batch, batch, concat, fromRows, row } from '../../core/batch.ts';
import { ShapeError } from '../../core/errors.ts';
import type { Potential } from '../../core/potential.ts';
import { type Key, normal } from '../../core/rng.ts';
import type { Masses } from '../masses.ts';
import { blindStarts, finiteRows } from './explore.ts';
import { type Finding, finding } from './finding.ts';
import type { Guarded } from './guarded.ts';
import type { ParticleLayout, Symmetry } from './symmetry.ts';

/** What `checkPotential` may be told; everything has a default. */
export interface CheckOptions {
  /** k_B T, energy; 1 in reduced units, that of 300 K otherwise. */
  readonly kT?: number;
  /** Configurations that make sense, `[D]` each; Gaussian points about the origin where left out. */
  readonly starts?: readonly ArrayLike<number>[];
  /** Configurations that each property is tested at; 48 by default. */
  readonly points?: number;
  /** Seed of every random number; 1 by default. */
  readonly seed?: number;
  /** amu; 1 by default. */
  readonly masses?: Masses;
  /** How coordinates make particles; guessed where left out. */
  readonly particles?: ParticleLayout;
  /** Symmetries that must hold. */
  readonly claims?: readonly Symmetry[];
  /** Milliseconds since some moment, for the speed; `performance.now` by default. */
  readonly now?: () => number;
  /** Milliseconds spent on each of two measurements of speed; 30 by default. */
  readonly speedDuration?: number;
  readonly onProgress?: (progress: CheckProgress) => void;
}

/** How far a check of a potential is. */
export interface CheckProgress {
  /** What is looked at now. */
  readonly stage: string;
  /** Share of all stages that are done, 0 … 1. */
  readonly done: number;
}

/** Starts with finite energies: those given and their near surroundings, or blind ones. */
export function startsOf(wall: Guarded, options: CheckOptions, points: number, key: Key): Batch {
  const { potential } = wall;
  if (options.starts === undefined || options.starts.length === 0) {
    return finiteRows(potential, blindStarts(potential, Math.max(12, Math.ceil(points / 2)), key));
  }
  const given = fromRows(options.starts);
  if (given.dim !== potential.dim) {
    throw new ShapeError(
      `"starts" expected configurations of ${potential.dim} coordinates, got ${given.dim}`,
    );
  }
  const count = Math.max(8, given.count);
  const jittered = normal(key, count * given.dim);
  for (let s = 0; s < count; s++) {
    const from = row(given, s % given.count);
    for (let i = 0; i < given.dim; i++) {
      jittered[s * given.dim + i] = from[i] + 0.02 * jittered[s * given.dim + i];
    }
  }
  return finiteRows(potential, concat([given, batch(jittered, given.dim)]));
}

/** There is nothing to look at: no start has a finite energy. */
export function nowhereFinite(wall: Guarded): Finding {
  const { count, first } = wall.takeIncidents();
  return finding(
    'finite at temperature',
    'failed',
    'U is finite at none of the starts' +
      (first === undefined ? '' : ` (${first.energy} at the first)`) +
      ': give "starts", configurations that make sense',
    { notFinite: count },
  );
}

/** The largest finite energy of the rows of `x`. */
export function highestFinite(potential: Potential, x: Batch): number {
  return potential.energy(x).reduce((a, u) => (Number.isFinite(u) ? Math.max(a, u) : a), -Infinity);
}

/** Says a coordinate in words. */
export function coordinateNames(dim: number, layout: ParticleLayout | undefined) {
  return (i: number): string =>
    layout === undefined || dim % layout.dimensions !== 0
      ? `coordinate ${i}`
      : `coordinate ${i} (${'xyz'[i % layout.dimensions]} of particle ${Math.floor(i / layout.dimensions)})`;
}

/** @throws {RangeError} for a layout or claims that D coordinates do not allow. */
export function expectLayout({ particles, claims }: CheckOptions, dim: number): void {
  if (particles !== undefined && dim % particles.dimensions !== 0) {
    throw new RangeError(
      `"particles.dimensions" expected a divisor of ${dim} coordinates, got ${particles.dimensions}`,
    );
  }
  const count = particles === undefined ? undefined : dim / particles.dimensions;
  if (particles?.kinds !== undefined && particles.kinds.length !== count) {
    throw new RangeError(
      `"particles.kinds" expected ${count} entries, one a particle, got ${particles.kinds.length}`,
    );
  }
  const canGuess = dim >= 4 && (dim % 2 === 0 || dim % 3 === 0);
  if (claims !== undefined && claims.length > 0 && particles === undefined && !canGuess) {
    throw new RangeError(
      `"claims" are about particles, and ${dim} coordinates make none: say how they do, with "particles"`,
    );
  }
}
