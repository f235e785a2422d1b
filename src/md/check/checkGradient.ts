import { type Batch, row } from '../../core/batch.ts';
import { formatCoordinates } from '../../core/errors.ts';
import type { Potential } from '../../core/potential.ts';
import { type Finding, finding, shown } from './finding.ts';
import { numericalDerivative } from './finiteDifference.ts';

/** One component of the gradient beside its numerical value. */
interface Comparison {
  readonly point: number;
  readonly coordinate: number;
  readonly analytic: number;
  readonly numeric: number;
  /** What the numerical value may be off by. */
  readonly error: number;
  /** |analytic − numeric| over the larger of the two. */
  readonly relative: number;
  readonly wrong: boolean;
}

export interface GradientOptions {
  /** k_B T, energy. */
  readonly kT: number;
  /** Relative roughness of U; see `measureNoise`. */
  readonly noise: number;
  /** A coordinate in words. */
  readonly nameOf: (coordinate: number) => string;
}

/** A discrepancy this large, relative, that finite differences cannot account for. */
const tolerance = 1e-5;
/** Components compared at each point; where there are more, they take turns. */
const perPoint = 8;

/** Factors that people leave out, and what they are. */
const factors: readonly (readonly [number, string])[] = [
  [-1, 'its sign is turned: out[i] wants ∂U/∂xᵢ, not the force'],
  [0, 'it is zero: nothing is written to "out"'],
  [2, 'a factor of 2 too large'],
  [0.5, 'a factor of 2 too small'],
  [10, 'a factor of 10 too large, as between Å and nm'],
  [0.1, 'a factor of 10 too small, as between nm and Å'],
  [4.184, 'a factor of 4.184 too large, as between kcal and kJ'],
  [1 / 4.184, 'a factor of 4.184 too small, as between kJ and kcal'],
  [41.84, 'a factor of 41.84 too large, as between kcal/mol/Å and kJ/mol/nm'],
  [1 / 41.84, 'a factor of 41.84 too small, as between kJ/mol/nm and kcal/mol/Å'],
];

/**
 * Compares the gradient with numerical derivatives at every row of `points`.
 *
 * A component counts as wrong where the two differ by more than 10⁻⁵ of the larger and by more than
 * twenty times what the numerical one may be off by: noise is not taken for an error.
 */
export function checkGradient(
  potential: Potential,
  points: Batch,
  options: GradientOptions,
): Finding {
  const { nameOf } = options;
  const all = compared(potential, points, options);
  const known = all.filter(({ error, analytic }) => error < Infinity && Number.isFinite(analytic));
  const wrong = known.filter((one) => one.wrong);
  const worst = wrong.reduce<Comparison | undefined>(
    (a, b) => (a === undefined || b.relative > a.relative ? b : a),
    undefined,
  );
  const unsure = known.filter(({ error, numeric, analytic }) => {
    return error > 1e-3 * Math.max(Math.abs(numeric), Math.abs(analytic), 1e-9);
  });
  const figures = {
    compared: known.length,
    wrong: wrong.length,
    uncertain: unsure.length,
    largestRelativeError: known.reduce(
      (largest, { relative, wrong: isWrong, error, numeric }) =>
        Math.max(largest, isWrong || error < 1e-6 * Math.abs(numeric) ? relative : 0),
      0,
    ),
  };
  if (known.length === 0) {
    return finding(
      'gradient',
      'failed',
      'no configuration was found where U and its gradient are finite all around',
      figures,
    );
  }
  if (worst !== undefined) {
    const where =
      `worst in ${nameOf(worst.coordinate)} at ${formatCoordinates(row(points, worst.point))}: ` +
      `gradient ${shown(worst.analytic, 6)}, finite differences ${shown(worst.numeric, 6)} ± ${shown(worst.error, 2)}`;
    return finding(
      'gradient',
      'failed',
      `the gradient is not that of the energy (${wrong.length} of ${known.length} components differ): ` +
        `${diagnosis(known, wrong, nameOf)}; ${where}`,
      { ...figures, worstCoordinate: worst.coordinate, worstRelativeError: worst.relative },
    );
  }
  if (2 * unsure.length > known.length) {
    return finding(
      'gradient',
      'warned',
      `energies are too rough for finite differences: ${unsure.length} of ${known.length} derivatives ` +
        'are uncertain by a thousandth or more, so the gradient is not really tested',
      figures,
    );
  }
  if (potential.evaluationsPerGradient > 1) {
    return finding(
      'gradient',
      'passed',
      `there is none, and central differences stand in: every gradient costs ` +
        `${potential.evaluationsPerGradient} evaluations instead of 1`,
      figures,
    );
  }
  return finding(
    'gradient',
    'passed',
    `${known.length} components at ${points.count} points agree with finite differences`,
    figures,
  );
}

function compared(
  potential: Potential,
  points: Batch,
  { noise, kT }: GradientOptions,
): Comparison[] {
  const { count, dim } = points;
  const { gradient } = potential.energyAndGradient(points);
  const reach = points.data.reduce((a, v) => Math.max(a, Math.abs(v)), 0);
  // A slope that changes U by less than this share of kT all across decides nothing.
  const negligible = reach > 0 ? (1e-8 * kT) / reach : 0;
  const each = Math.min(dim, Math.max(perPoint, Math.ceil(dim / count)));
  const all: Comparison[] = [];
  for (let b = 0; b < count; b++) {
    const slopes = gradient.subarray(b * dim, (b + 1) * dim);
    const steepest = slopes.reduce((a, g) => Math.max(a, Math.abs(g)), 0);
    for (let k = 0; k < each; k++) {
      const i = (b * each + k) % dim;
      const { value: numeric, error } = numericalDerivative(potential, row(points, b), i, noise);
      const apart = Math.abs(slopes[i] - numeric);
      const size = Math.max(Math.abs(slopes[i]), Math.abs(numeric));
      all.push({
        point: b,
        coordinate: i,
        analytic: slopes[i],
        numeric,
        error,
        relative: size === 0 ? 0 : apart / size,
        // A component far below the others carries their rounding.
        wrong: apart > tolerance * size + 1e-10 * steepest + negligible + 20 * error,
      });
    }
  }
  return all;
}

function diagnosis(
  known: readonly Comparison[],
  wrong: readonly Comparison[],
  nameOf: (coordinate: number) => string,
): string {
  const sure = known.filter(({ numeric, error }) => Math.abs(numeric) > 1e3 * error);
  const ratios = sure.map(({ analytic, numeric }) => analytic / numeric).sort((a, b) => a - b);
  const middle = ratios[Math.floor(ratios.length / 2)] ?? Number.NaN;
  const alike = ratios.filter(
    (ratio) => Math.abs(ratio - middle) <= 1e-3 * Math.abs(middle) + 1e-9,
  );
  if (ratios.length > 2 && alike.length > 0.9 * ratios.length && Math.abs(middle - 1) > 1e-4) {
    const named = factors.find(([f]) => Math.abs(middle - f) <= 1e-3 * Math.abs(f) + 1e-9);
    return named?.[1] ?? `it is ${shown(middle, 5)} times the true one everywhere`;
  }
  const coordinates = [...new Set(wrong.map(({ coordinate }) => coordinate))].sort((a, b) => a - b);
  const tested = new Set(known.map(({ coordinate }) => coordinate));
  if (coordinates.length < tested.size) {
    const listed = coordinates.slice(0, 6).map(nameOf).join(', ');
    return `a term or factor is missing or wrong in ${listed}${coordinates.length > 6 ? ' …' : ''} only`;
  }
  return wrong.length < 0.5 * known.length
    ? 'it is right in some places, so look for a term that is missing or wrong where it counts'
    : 'a term is missing or wrong';
}
