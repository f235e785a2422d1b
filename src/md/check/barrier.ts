import { batch, row } from '../../core/batch.ts';
import type { Potential } from '../../core/potential.ts';
import { type Finding, finding, shown } from './finding.ts';
import type { Symmetries } from './symmetry.ts';

/** An upper bound on the barrier between two configurations. */
export interface BarrierEstimate {
  /** The highest energy on the best path that was found. */
  readonly top: number;
  /** Where that is, `[D]`. */
  readonly at: Float64Array;
  /** The highest energy on the straight line, for comparison. */
  readonly straight: number;
}

const images = 17;
const iterations = 150;
/** Points between two images at which the final path is examined. */
const between = 6;

/**
 * A path from `from` to `to`, both `[D]`, over a pass as low as can be found: the string method.
 *
 *     xᵢ ← xᵢ − η ∇U(xᵢ), then spread evenly along the path, again and again
 *
 * The highest point of any path is an upper bound on the lowest pass; of the relaxed path and the
 * straight line the lower one counts. η = 0.2/λ with `curvature` λ the largest one, energy/length².
 * E, Ren & Vanden-Eijnden, J. Chem. Phys. 126, 164103, 2007. doi:10.1063/1.2720838
 */
export function estimateBarrier(
  potential: Potential,
  from: Float64Array,
  to: Float64Array,
  curvature: number,
): BarrierEstimate {
  const { dim } = potential;
  const path = batch(new Float64Array(images * dim), dim);
  for (let p = 0; p < images; p++) {
    for (let i = 0; i < dim; i++) {
      path.data[p * dim + i] = from[i] + (p / (images - 1)) * (to[i] - from[i]);
    }
  }
  const straight = highest(potential, path.data, dim);
  let best = straight;
  const rate = 0.2 / Math.max(curvature, Number.MIN_VALUE);
  const farthest = distance(from, to) / (images - 1) / 2;
  for (let iteration = 1; iteration <= iterations; iteration++) {
    const { gradient } = potential.energyAndGradient(path);
    for (let p = 1; p < images - 1; p++) {
      const slopes = gradient.subarray(p * dim, (p + 1) * dim);
      const length = rate * Math.hypot(...slopes);
      // Walls push hard: no image moves farther than half the way to its neighbour.
      const step = Number.isFinite(length) ? rate * Math.min(1, farthest / (length + 1e-300)) : 0;
      for (let i = 0; i < dim; i++) path.data[p * dim + i] -= step * slopes[i];
    }
    spreadEvenly(path.data, dim);
    if (iteration % 50 === 0) {
      const now = highest(potential, path.data, dim);
      if (now.energy < best.energy) best = now;
    }
  }
  return { top: best.energy, at: best.at, straight: straight.energy };
}

/** What a barrier of this height means for a simulation. */
export function describeBarrier(
  estimate: BarrierEstimate,
  lowest: number,
  kT: number,
  symmetries: Symmetries,
): Finding {
  const height = (estimate.top - lowest) / kT;
  const straight = (estimate.straight - lowest) / kT;
  const figures = { heightInKT: height, straightLineInKT: straight };
  if (!Number.isFinite(height)) {
    return finding(
      'barrier',
      'warned',
      'no path of finite energy was found between the two lowest minima',
      figures,
    );
  }
  const isTurned = symmetries.holding.has('rotation') || symmetries.holding.has('permutation');
  const meaning =
    height < 5
      ? 'plain MD crosses this by itself'
      : `plain MD waits some e^${height.toFixed(0)} ≈ ${shown(Math.exp(height), 1)} oscillations to cross it`;
  return finding(
    'barrier',
    'passed',
    `at most ${shown(height)} kT from the lowest minimum to the next (an upper bound, along a relaxed path; ` +
      `${shown(straight)} kT along the straight line): ${meaning}` +
      // Equal forms of the end point are not tried, and one of them may be far nearer.
      (isTurned
        ? '. The minima were not turned or relabelled to fit each other, so it may be far lower'
        : ''),
    figures,
  );
}

function highest(
  potential: Potential,
  path: Float64Array,
  dim: number,
): { readonly energy: number; readonly at: Float64Array } {
  const count = (images - 1) * between + 1;
  const data = new Float64Array(count * dim);
  for (let k = 0; k < count; k++) {
    const p = Math.min(images - 2, Math.floor(k / between));
    const share = k / between - p;
    for (let i = 0; i < dim; i++) {
      data[k * dim + i] = (1 - share) * path[p * dim + i] + share * path[(p + 1) * dim + i];
    }
  }
  const points = batch(data, dim);
  const energies = potential.energy(points);
  let top = 0;
  for (let k = 1; k < count; k++) {
    // NaN on the way is no path.
    if (!(energies[k] <= energies[top])) top = k;
  }
  return {
    energy: Number.isNaN(energies[top]) ? Infinity : energies[top],
    at: row(points, top).slice(),
  };
}

/** Moves the images along the polygon that they form until they are equally far apart. */
function spreadEvenly(path: Float64Array, dim: number): void {
  const old = path.slice();
  const lengths = [0];
  for (let p = 1; p < images; p++) {
    const step = distance(
      old.subarray((p - 1) * dim, p * dim),
      old.subarray(p * dim, (p + 1) * dim),
    );
    lengths.push(lengths[p - 1] + step);
  }
  const whole = lengths[images - 1];
  let segment = 0;
  for (let p = 1; p < images - 1; p++) {
    const wanted = (whole * p) / (images - 1);
    while (segment < images - 2 && lengths[segment + 1] < wanted) segment++;
    const span = lengths[segment + 1] - lengths[segment];
    const share = span > 0 ? (wanted - lengths[segment]) / span : 0;
    for (let i = 0; i < dim; i++) {
      path[p * dim + i] =
        (1 - share) * old[segment * dim + i] + share * old[(segment + 1) * dim + i];
    }
  }
}

function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum);
}
