import { type Batch, batch, row } from '../../core/batch.ts';
import { formatCoordinates } from '../../core/errors.ts';
import type { Potential } from '../../core/potential.ts';
import { type Finding, finding, shown } from './finding.ts';
import { type Sample, scanner } from './lineScan.ts';

/** A place where U, its slope or its curvature is not continuous. */
interface Jump {
  /** The size of the step. */
  readonly size: number;
  readonly at: Float64Array;
  readonly line: number;
}

/** Halvings until an interval is narrow enough to tell a jump from a steep slope. */
const halvings = 24;
/** A kink is told by how second differences scale, before rounding hides them. */
const kinkHalvings = 10;

export interface ContinuityOptions {
  /** k_B T, energy. */
  readonly kT: number;
  /** Directions of the lines, `[L, D]`, one for each row of `origins`, as long as the scan reaches. */
  readonly directions: Batch;
  /** Middles of the lines, `[L, D]`: reached configurations. */
  readonly origins: Batch;
  /** Energies above this are not scanned, as no run gets there. */
  readonly ceiling: number;
  /** Relative roughness of U; see `measureNoise`. */
  readonly noise: number;
}

/**
 * Looks for steps of U, of its gradient and of its curvature along lines through reached configurations.
 *
 * Each line is sampled on a grid; the intervals that are worst explained by a smooth function are halved
 * until only a discontinuity can be left: what does not shrink with the interval is a jump.
 */
export function checkContinuity(potential: Potential, options: ContinuityOptions): Finding[] {
  const jumps = { energy: [] as Jump[], force: [] as Jump[], curvature: [] as Jump[] };
  let lines = 0;
  const typicalSlope = typicalGradient(potential, options.origins);
  for (let l = 0; l < options.origins.count; l++) {
    const direction = row(options.directions, l);
    const length = Math.hypot(...direction);
    if (!(length > 0)) continue;
    lines++;
    const scan = scanner(potential, row(options.origins, l), direction);
    const intervals = scan.intervals().map(([a, b]) => ({
      a,
      b,
      isReached: a.isFinite && b.isFinite && Math.max(a.energy, b.energy) < options.ceiling,
    }));
    const outstanding = (values: readonly number[], count: number) =>
      mostUnlikeNeighbours(values, count).flatMap((k) =>
        intervals[k].isReached ? [intervals[k]] : [],
      );

    for (const { a, b } of outstanding(
      intervals.map(({ a, b }) => energyStep(a, b)),
      2,
    )) {
      const [left, right] = scan.halved(a, b, halvings, energyStep);
      const size = Math.abs(right.energy - left.energy);
      const explained = (right.t - left.t) * Math.max(Math.abs(left.slope), Math.abs(right.slope));
      const rounding = (1e3 * Number.EPSILON + 50 * options.noise) * Math.abs(left.energy);
      if (size > 10 * explained + rounding + 1e-7 * options.kT) {
        jumps.energy.push({ size, at: scan.at(left.t), line: l });
      }
    }
    let isStepped = false;
    for (const { a, b } of outstanding(
      intervals.map(({ a, b }) => forceStep(a, b)),
      3,
    )) {
      const [left, right] = scan.halved(a, b, halvings, forceStep);
      const size = forceStep(left, right);
      if (size <= 1e-6 * typicalSlope || size <= 1e-4 * forceStep(a, b)) continue;
      jumps.force.push({ size, at: scan.at(left.t), line: l });
      isStepped = true;
    }
    // A step of the force is a kink of it too, and said already.
    if (isStepped) continue;
    const curvature = typicalSlope / length;
    const bends = intervals.map(({ a, b }, k) => (k === 0 ? 0 : bend(intervals[k - 1].a, a, b)));
    for (const k of mostUnlikeNeighbours(bends, 2)) {
      if (k === 0 || !intervals[k].isReached || !intervals[k - 1].isReached) continue;
      const kinks = scan.kinks(intervals[k - 1].a, intervals[k].b, kinkHalvings);
      const late = Math.max(...kinks.slice(-4)) / length;
      // A smooth curve loses half with every halving: 2⁻⁷ by the end.
      if (late > (0.1 * Math.max(...kinks.slice(0, 3))) / length && late > 1e-3 * curvature) {
        jumps.curvature.push({ size: 2 * late, at: scan.at(intervals[k].a.t), line: l });
      }
    }
  }
  return [
    described('continuous energy', jumps.energy, lines, options.kT, options.kT),
    described('continuous force', jumps.force, lines, typicalSlope, options.kT),
    described('smooth force', jumps.curvature, lines, typicalSlope, options.kT),
  ];
}

/** What the trapezoidal rule of the slopes does not explain of ΔU. */
function energyStep(a: Sample, b: Sample): number {
  return Math.abs(b.energy - a.energy - 0.5 * (b.t - a.t) * (a.slope + b.slope));
}

function forceStep(a: Sample, b: Sample): number {
  let sum = 0;
  for (let i = 0; i < a.gradient.length; i++) sum += (b.gradient[i] - a.gradient[i]) ** 2;
  return Math.sqrt(sum);
}

/** |g(a) − 2 g(b) + g(c)| of three neighbouring samples. */
function bend(a: Sample, b: Sample, c: Sample): number {
  let sum = 0;
  for (let i = 0; i < a.gradient.length; i++) {
    sum += (a.gradient[i] - 2 * b.gradient[i] + c.gradient[i]) ** 2;
  }
  return Math.sqrt(sum);
}

/** Places whose value exceeds those two to either side by the largest factor. */
function mostUnlikeNeighbours(values: readonly number[], count: number): number[] {
  const size = Math.max(...values.filter(Number.isFinite), 0);
  const factors = values.map((value, k) => {
    const around = [values[k - 2], values[k + 2]].filter((one) => one !== undefined);
    const usual = around.reduce((sum, one) => sum + one, 0) / around.length;
    return { k, factor: value / (usual + 1e-12 * size) };
  });
  return factors
    .filter(({ factor }) => factor > 0)
    .sort((a, b) => b.factor - a.factor)
    .slice(0, count)
    .map(({ k }) => k);
}

function typicalGradient(potential: Potential, points: Batch): number {
  const { gradient } = potential.energyAndGradient(batch(points.data.slice(), points.dim));
  const norms = Array.from({ length: points.count }, (_, b) =>
    Math.hypot(...gradient.subarray(b * points.dim, (b + 1) * points.dim)),
  )
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  return norms[Math.floor(norms.length / 2)] ?? 0;
}

function described(
  name: 'continuous energy' | 'continuous force' | 'smooth force',
  jumps: readonly Jump[],
  lines: number,
  typical: number,
  kT: number,
): Finding {
  const worst = jumps.reduce<Jump | undefined>(
    (a, b) => (a === undefined || b.size > a.size ? b : a),
    undefined,
  );
  if (worst === undefined) {
    const nothing = {
      'continuous energy': 'no step of U',
      'continuous force': 'no step of the force',
      'smooth force': 'no kink of the force',
    }[name];
    return finding(name, 'passed', `${nothing} on ${lines} lines through reached configurations`, {
      lines,
      jumps: 0,
    });
  }
  const { size, at } = worst;
  const touched = new Set(jumps.map(({ line }) => line)).size;
  const figures = { lines, jumps: touched, largest: size, relative: size / typical };
  const where = `near ${formatCoordinates(at)}, on ${touched} of ${lines} lines`;
  switch (name) {
    case 'continuous energy':
      return finding(
        name,
        size > 1e-3 * kT ? 'failed' : 'warned',
        `U jumps by ${shown(size)} (${shown(size / kT)} kT) ${where}: a cutoff that is not shifted or ` +
          'switched, or branches that do not meet. The gradient knows nothing of it, so dynamics is wrong there',
        figures,
      );
    case 'continuous force':
      return finding(
        name,
        'warned',
        `the gradient jumps by ${shown(size)} (${shown((100 * size) / typical)} % of a typical one) ${where}: ` +
          'U has a kink, as at a cutoff that is shifted but not switched. Metropolised moves stay exact; ' +
          'energies of plain MD drift',
        figures,
      );
    case 'smooth force':
      return finding(
        name,
        'warned',
        `the force has a kink ${where}: exact moves do not mind, but time-step errors no longer fall as Δt²`,
        figures,
      );
  }
}
