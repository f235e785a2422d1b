import { type Batch, batch, row } from '../../core/batch.ts';
import { formatCoordinates } from '../../core/errors.ts';
import type { Potential } from '../../core/potential.ts';
import { at, fold, type Key, normal } from '../../core/rng.ts';
import { type Finding, finding, shown } from './finding.ts';

/** What may leave the energy of particles unchanged. */
export type Symmetry = 'translation' | 'rotation' | 'permutation';

/** How the coordinates make particles: atom by atom, `dimensions` numbers each. */
export interface ParticleLayout {
  readonly dimensions: 1 | 2 | 3;
  /** The kind of each particle; only particles of one kind are expected to be interchangeable. */
  readonly kinds?: readonly (string | number)[];
}

/** Which symmetries hold, and which particles may change places. */
export interface Symmetries {
  readonly layout: ParticleLayout | undefined;
  readonly holding: ReadonlySet<Symmetry>;
  /** Groups of two or more interchangeable particles. */
  readonly groups: readonly (readonly number[])[];
  readonly findings: readonly Finding[];
}

/** The worst change of U that a transformation made. */
interface Change {
  readonly relative: number;
  readonly energy: number;
  readonly at: Float64Array;
  readonly what: string;
}

/**
 * Finds out which symmetries U has at `points`, and verifies those that are claimed.
 *
 * Without a layout, particles in three and in two dimensions are tried where D allows it. A symmetry
 * that is not claimed is reported either way; one that is claimed and broken is a failure.
 * `noise` is the relative roughness of U (see `measureNoise`).
 */
export function findSymmetries(
  potential: Potential,
  points: Batch,
  options: {
    readonly key: Key;
    readonly layout: ParticleLayout | undefined;
    readonly claims: readonly Symmetry[];
    readonly noise: number;
  },
): Symmetries {
  const { key, claims } = options;
  const tolerance = 1e-9 + 1e3 * options.noise;
  const layouts = candidates(potential.dim, options.layout);
  const tried = layouts.map((layout) => {
    const n = potential.dim / layout.dimensions;
    const translation = translated(potential, points, layout, fold(key, 'translation'));
    const rotation =
      layout.dimensions === 1
        ? undefined
        : rotated(potential, points, layout, fold(key, 'rotation'));
    const { groups, worst } = permuted(potential, points, layout, tolerance);
    const holding = new Set<Symmetry>();
    if (translation.relative <= tolerance) holding.add('translation');
    if (rotation !== undefined && rotation.relative <= tolerance) holding.add('rotation');
    if (isWhole(groups, n, layout.kinds)) holding.add('permutation');
    return { layout, n, translation, rotation, permutation: worst, groups, holding };
  });
  const best = tried.reduce<(typeof tried)[number] | undefined>(
    (a, b) => (a === undefined || b.holding.size > a.holding.size ? b : a),
    undefined,
  );
  const isDeclared = options.layout !== undefined || claims.length > 0;
  if (best === undefined || (best.holding.size === 0 && best.groups.length === 0 && !isDeclared)) {
    return { layout: undefined, holding: new Set(), groups: [], findings: [] };
  }
  const findings = (['translation', 'rotation', 'permutation'] as const).flatMap((symmetry) => {
    const change = best[symmetry];
    if (change === undefined) return [];
    return [described(symmetry, change, best, claims.includes(symmetry))];
  });
  return { layout: best.layout, holding: best.holding, groups: best.groups, findings };
}

function described(
  symmetry: Symmetry,
  change: Change,
  found: {
    readonly holding: ReadonlySet<Symmetry>;
    readonly groups: readonly (readonly number[])[];
    readonly n: number;
    readonly layout: ParticleLayout;
  },
  isClaimed: boolean,
): Finding {
  const figures = { relativeChange: change.relative, energyChange: change.energy };
  const particles = `${found.n} particles in ${found.layout.dimensions} dimensions`;
  if (found.holding.has(symmetry)) {
    return finding(
      symmetry,
      'passed',
      `U of ${particles} ${isClaimed ? 'is' : 'was found to be'} invariant under ${symmetry}` +
        consequence(symmetry),
      figures,
    );
  }
  if (isClaimed) {
    return finding(
      symmetry,
      'failed',
      `${symmetry} is claimed and does not hold: ${change.what} changes U by ${shown(change.energy)} ` +
        `at ${formatCoordinates(change.at)}`,
      figures,
    );
  }
  const some =
    symmetry === 'permutation' && found.groups.length > 0
      ? `; these may change places: ${found.groups.map((group) => group.join(' ')).join(', ')}`
      : '';
  return finding(
    symmetry,
    'passed',
    `U of ${particles} is not invariant under ${symmetry}${some}`,
    figures,
  );
}

function consequence(symmetry: Symmetry): string {
  switch (symmetry) {
    case 'translation':
      return ': nothing holds the system in place, so tie its centre before it is sampled';
    case 'rotation':
      return ': orientations are all equal, and a flow has to learn each';
    case 'permutation':
      return ': relabelling particles gives n! equal states';
  }
}

function candidates(dim: number, layout: ParticleLayout | undefined): ParticleLayout[] {
  if (layout !== undefined) return [layout];
  return ([3, 2] as const)
    .filter((dimensions) => dim % dimensions === 0 && dim / dimensions >= 2)
    .map((dimensions) => ({ dimensions }));
}

function translated(potential: Potential, points: Batch, layout: ParticleLayout, key: Key): Change {
  const { dimensions } = layout;
  return worstChange(potential, points, 'moving all particles alike', (x, b) => {
    const shift = normal(at(key, b), dimensions);
    return x.map((value, i) => value + shift[i % dimensions]);
  });
}

function rotated(potential: Potential, points: Batch, layout: ParticleLayout, key: Key): Change {
  return worstChange(potential, points, 'turning all particles about the origin', (x, b) => {
    const turn = rotationMatrix(layout.dimensions, at(key, b));
    const { dimensions } = layout;
    return x.map((_, i) => {
      const particle = i - (i % dimensions);
      let sum = 0;
      for (let j = 0; j < dimensions; j++) {
        sum += turn[(i % dimensions) * dimensions + j] * x[particle + j];
      }
      return sum;
    });
  });
}

/** A rotation by a random angle in two dimensions, by a random unit quaternion in three; row by row. */
function rotationMatrix(dimensions: 1 | 2 | 3, key: Key): number[] {
  const [w, x, y, z] = unit(normal(key, 4));
  if (dimensions === 1) return [1];
  if (dimensions === 2) {
    const angle = Math.atan2(w, x);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    return [cos, -sin, sin, cos];
  }
  return [
    1 - 2 * (y * y + z * z),
    2 * (x * y - z * w),
    2 * (x * z + y * w),
    2 * (x * y + z * w),
    1 - 2 * (x * x + z * z),
    2 * (y * z - x * w),
    2 * (x * z - y * w),
    2 * (y * z + x * w),
    1 - 2 * (x * x + y * y),
  ];
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** Groups particles that may change places, and tells the worst exchange of all that were tried. */
function permuted(
  potential: Potential,
  points: Batch,
  layout: ParticleLayout,
  tolerance: number,
): { readonly groups: number[][]; readonly worst: Change } {
  const { dimensions, kinds } = layout;
  const n = potential.dim / dimensions;
  const groups: number[][] = [];
  let worst: Change = { relative: 0, energy: 0, at: row(points, 0).slice(), what: '' };
  for (let p = 0; p < n; p++) {
    let home: number[] | undefined;
    for (const group of groups) {
      if (kinds !== undefined && kinds[group[0]] !== kinds[p]) continue;
      const what = `exchanging particles ${group[0]} and ${p}`;
      const change = worstChange(potential, points, what, (x) =>
        exchanged(x, group[0], p, dimensions),
      );
      if (change.relative > worst.relative) worst = change;
      if (change.relative <= tolerance) {
        home = group;
        break;
      }
    }
    if (home === undefined) groups.push([p]);
    else home.push(p);
  }
  return { groups: groups.filter((group) => group.length > 1), worst };
}

function exchanged(x: Float64Array, p: number, q: number, dimensions: number): Float64Array {
  const out = x.slice();
  for (let i = 0; i < dimensions; i++) {
    out[p * dimensions + i] = x[q * dimensions + i];
    out[q * dimensions + i] = x[p * dimensions + i];
  }
  return out;
}

/** Whether every particle may change places with every other of its kind, where there are any. */
function isWhole(
  groups: readonly (readonly number[])[],
  n: number,
  kinds: ParticleLayout['kinds'],
): boolean {
  const sizes = new Map<string | number, number>();
  for (let p = 0; p < n; p++) {
    const kind = kinds?.[p] ?? '';
    sizes.set(kind, (sizes.get(kind) ?? 0) + 1);
  }
  const wanted = [...sizes.values()].filter((size) => size > 1).sort();
  const found = groups.map((group) => group.length).sort();
  return wanted.length > 0 && wanted.join() === found.join();
}

function worstChange(
  potential: Potential,
  points: Batch,
  what: string,
  transform: (x: Float64Array, b: number) => Float64Array,
): Change {
  const { dim, count } = points;
  const data = new Float64Array(points.data.length);
  for (let b = 0; b < count; b++) data.set(transform(row(points, b), b), b * dim);
  const before = potential.energy(points);
  const after = potential.energy(batch(data, dim));
  let worst: Change = { relative: 0, energy: 0, at: row(points, 0).slice(), what };
  // Energies of clusters are sums of terms that cancel: their spread is a fairer size than one of them.
  const size = before.reduce((a, u) => (Number.isFinite(u) ? Math.max(a, Math.abs(u)) : a), 1e-300);
  for (let b = 0; b < count; b++) {
    if (!Number.isFinite(before[b])) continue;
    const energy = Math.abs(after[b] - before[b]);
    const relative = Number.isNaN(energy) ? Infinity : energy / size;
    if (relative > worst.relative) worst = { relative, energy, at: row(points, b).slice(), what };
  }
  return worst;
}
