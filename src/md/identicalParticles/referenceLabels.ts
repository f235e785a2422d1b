import { type Batch, batch, row } from '../../core/batch.ts';
import type { Domain } from '../../core/domain.ts';
import { ShapeError } from '../../core/errors.ts';
import { linearAssignment } from './linearAssignment.ts';

/** Which particles are alike, and the sites whose labels they take. */
export interface ReferenceLabelsOptions {
  /** One site for each particle, `[D]`; it never changes in production. */
  readonly reference: ArrayLike<number>;
  /**
   * Numbers, from 0, of the particles that are alike; a list for each kind where there are several. The
   * others keep their labels.
   */
  readonly particles: readonly number[] | readonly (readonly number[])[];
  /** Coordinates of one particle. */
  readonly space: 1 | 2 | 3;
}

/** The labels that identical particles carry: each that of the site it is assigned to. */
export interface ReferenceLabels extends Domain {
  /** The particles of each kind. */
  readonly kinds: readonly (readonly number[])[];
  readonly space: number;
  /**
   * For one configuration, `[D]`, which particle belongs on each site, `[P]`: site p is due to particle
   * `sources[p]`. The identity where the labels are right.
   */
  sources(x: Float64Array): Int32Array;
  /** The same configurations with their reference labels, copied, `[B, D]`. */
  relabel(x: Batch): Batch;
}

/**
 * Labels of identical particles by their cheapest assignment to fixed sites.
 *
 *     σ* = argmin over σ of Σ_p |x_{σ(p)} − ref_p|²,   domain = { x : σ* is the identity }
 *
 * Every configuration has one relabelled copy in the domain, up to ties of measure zero, so n! copies of
 * the domain fill the space, and for a potential that does not tell the particles apart
 * ln Z = ln Z_domain + ln n!. Kinds are assigned each by itself, and their n! multiply.
 * @throws {ShapeError} where the reference is no whole number of particles. @throws {RangeError} for a
 *   particle that the reference does not have, or which is named twice.
 */
export function referenceLabels(options: ReferenceLabelsOptions): ReferenceLabels {
  const { space } = options;
  const reference = Float64Array.from(options.reference);
  const kinds = kindsOf(options.particles);
  const particles = kinds.flat();
  const total = reference.length / space;
  if (!Number.isInteger(total)) {
    throw new ShapeError(
      `referenceLabels: ${reference.length} coordinates are not particles of ${space}`,
    );
  }
  particles.forEach((p, i) => {
    if (!(Number.isInteger(p) && p >= 0 && p < total) || particles.indexOf(p) !== i) {
      throw new RangeError(
        `"particles[${i}]" expected a particle of 0 to ${total - 1} that is named once, got ${p}`,
      );
    }
  });
  const costs = kinds.map(({ length }) => new Float64Array(length * length));
  let logCopies = 0;
  for (const { length } of kinds) for (let k = 2; k <= length; k++) logCopies += Math.log(k);

  /** Squared distances of one kind, site by site. */
  function fillCost(x: Float64Array, kind: readonly number[], cost: Float64Array): void {
    const n = kind.length;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let square = 0;
        for (let d = 0; d < space; d++) {
          square += (x[kind[j] * space + d] - reference[kind[i] * space + d]) ** 2;
        }
        cost[i * n + j] = square;
      }
    }
  }

  /** Whether every particle is nearer to its own site than to any other: then no permutation is cheaper. */
  function isNearest(cost: Float64Array, n: number): boolean {
    for (let j = 0; j < n; j++) {
      for (let i = 0; i < n; i++) if (cost[i * n + j] < cost[j * n + j]) return false;
    }
    return true;
  }

  function expectDim(x: { readonly length: number }): void {
    if (x.length !== reference.length) {
      throw new ShapeError(
        `referenceLabels: expected ${total} particles, ${reference.length} coordinates, got ${x.length} coordinates`,
      );
    }
  }

  function sources(x: Float64Array): Int32Array {
    expectDim(x);
    const out = Int32Array.from({ length: total }, (_, p) => p);
    kinds.forEach((kind, k) => {
      const cost = costs[k];
      fillCost(x, kind, cost);
      if (isNearest(cost, kind.length)) return;
      linearAssignment(cost, kind.length).columns.forEach((j, i) => {
        out[kind[i]] = kind[j];
      });
    });
    return out;
  }

  return {
    name: `${kinds.map(({ length }) => length).join(' and ')} identical particles on their sites`,
    logCopies,
    kinds,
    space,
    sources,
    relabel(x) {
      const data = x.data.slice();
      for (let b = 0; b < x.count; b++) permute(data, b * x.dim, sources(row(x, b)), space);
      return batch(data, x.dim);
    },
    contains(x) {
      return Uint8Array.from({ length: x.count }, (_, b) => {
        const own = row(x, b);
        // What is no configuration is in no domain.
        return own.every(Number.isFinite) && isIdentity(sources(own)) ? 1 : 0;
      });
    },
  };
}

function kindsOf(particles: ReferenceLabelsOptions['particles']): readonly (readonly number[])[] {
  const isOne = (value: typeof particles): value is readonly number[] =>
    value.every((entry) => typeof entry === 'number');
  return isOne(particles) ? [[...particles]] : particles.map((kind) => [...kind]);
}

/** Pairs of neighbours in the lists of identical particles: exchanging them makes every permutation. */
export function neighbourPairs({ kinds }: ReferenceLabels): (readonly [number, number])[] {
  return kinds.flatMap((kind) => kind.slice(1).map((q, i) => [kind[i], q] as const));
}

/** Whether nothing is to be relabelled. */
export function isIdentity(sources: Int32Array): boolean {
  return sources.every((source, p) => source === p);
}

/** Puts particle `sources[p]` in the place of particle p, in the row at `offset`. */
export function permute(
  data: Float64Array,
  offset: number,
  sources: Int32Array,
  space: number,
): void {
  const old = data.slice(offset, offset + sources.length * space);
  for (let p = 0; p < sources.length; p++) {
    if (sources[p] === p) continue;
    for (let d = 0; d < space; d++) data[offset + p * space + d] = old[sources[p] * space + d];
  }
}
