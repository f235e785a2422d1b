import { batch } from '../core/batch.ts';
import { DivergenceError, ShapeError } from '../core/errors.ts';
import { expectInteger, expectPositive } from '../core/expectNumber.ts';
import { energyAndGradientBuffer, type Potential } from '../core/potential.ts';
import { type LinePoint, strongWolfe } from './lineSearch.ts';

/** When a descent is over; everything has a default. */
export interface MinimizeOptions {
  /** Done when the Euclidean norm of the gradient is no larger, energy/length; 1e-6 by default. */
  readonly gradientTolerance?: number;
  /** 1000 by default. */
  readonly maxIterations?: number;
  /** Pairs of steps and gradient changes that stand for the Hessian; 10 by default. */
  readonly memory?: number;
}

/** Where a descent ended. */
export interface Minimum {
  /** `[D]` */
  readonly x: Float64Array;
  /** U(x) */
  readonly energy: number;
  /** |∂U/∂x|, Euclidean. */
  readonly gradientNorm: number;
  readonly iterations: number;
  /** Whether the gradient came below the tolerance. */
  readonly converged: boolean;
}

/**
 * The minimum downhill from `start`, `[D]`, by limited-memory BFGS with a strong-Wolfe line search.
 *
 *     d = −H ∇U,   H from the last m pairs s = x′ − x, y = ∇U′ − ∇U, by the two-loop recursion
 *
 * Where a line search fails the memory is dropped and the steepest descent tried once more; where that
 * fails too, rounding allows no further descent and the point is returned as it is.
 * @throws {ShapeError} where `start` is not `[D]`. @throws {DivergenceError} where U or its gradient is
 *   not finite at `start`.
 * Liu & Nocedal, Math. Program. 45, 503, 1989. doi:10.1007/BF01589116
 */
export function minimize(
  potential: Potential,
  start: ArrayLike<number>,
  options: MinimizeOptions = {},
): Minimum {
  const { dim } = potential;
  const tolerance = expectPositive('gradientTolerance', options.gradientTolerance ?? 1e-6);
  const maxIterations = expectInteger('maxIterations', options.maxIterations ?? 1000, 0);
  const history = curvatureHistory(expectInteger('memory', options.memory ?? 10, 1), dim);
  if (start.length !== dim) {
    throw new ShapeError(
      `minimize: ${potential.name} has ${dim} coordinates, "start" has ${start.length}`,
    );
  }

  const x = Float64Array.from(start);
  const gradient = new Float64Array(dim);
  const direction = new Float64Array(dim);
  const trial = batch(new Float64Array(dim), dim);
  const evaluated = energyAndGradientBuffer(1, dim);

  /** Moves the trial point to x + step·direction. */
  function evaluate(step: number): LinePoint {
    for (let i = 0; i < dim; i++) trial.data[i] = x[i] + step * direction[i];
    potential.energyAndGradient(trial, evaluated);
    return { step, value: evaluated.energy[0], slope: dot(evaluated.gradient, direction) };
  }

  let energy = evaluate(0).value;
  gradient.set(evaluated.gradient);
  if (!Number.isFinite(energy + 0 * norm(gradient))) {
    throw new DivergenceError({
      potential: potential.name,
      chain: 0,
      step: 0,
      energy,
      coordinates: x,
      term: potential.explain?.(x),
    });
  }

  let iterations = 0;
  while (norm(gradient) > tolerance && iterations < maxIterations) {
    history.descend(gradient, direction);
    const from = { step: 0, value: energy, slope: dot(gradient, direction) };
    // Without curvature the length of a step is unknown: one unit of length at most.
    const firstStep = history.isEmpty() ? Math.min(1, 1 / norm(gradient)) : 1;
    const found = from.slope < 0 ? strongWolfe(evaluate, from, firstStep) : undefined;
    if (found === undefined) {
      if (history.isEmpty()) break;
      history.clear();
      continue;
    }
    iterations++;
    history.record(x, trial.data, gradient, evaluated.gradient);
    x.set(trial.data);
    gradient.set(evaluated.gradient);
    energy = found.value;
  }
  const gradientNorm = norm(gradient);
  return { x, energy, gradientNorm, iterations, converged: gradientNorm <= tolerance };
}

interface CurvatureHistory {
  isEmpty(): boolean;
  clear(): void;
  /** Remembers one step, unless its curvature is too small to trust. */
  record(
    x: Float64Array,
    nextX: Float64Array,
    gradient: Float64Array,
    nextGradient: Float64Array,
  ): void;
  /** Writes −H·gradient to `direction`. */
  descend(gradient: Float64Array, direction: Float64Array): void;
}

/** The last pairs of steps and gradient changes, in a ring. */
function curvatureHistory(memory: number, dim: number): CurvatureHistory {
  const pairs = Array.from({ length: memory }, () => ({
    step: new Float64Array(dim),
    change: new Float64Array(dim),
    inverse: 0,
    weight: 0,
  }));
  let recorded = 0;
  const nth = (n: number): (typeof pairs)[number] => pairs[n % memory];

  return {
    isEmpty: () => recorded === 0,
    clear() {
      recorded = 0;
    },
    record(x, nextX, gradient, nextGradient) {
      const pair = nth(recorded);
      for (let i = 0; i < dim; i++) {
        pair.step[i] = nextX[i] - x[i];
        pair.change[i] = nextGradient[i] - gradient[i];
      }
      const product = dot(pair.step, pair.change);
      if (!(product > Number.EPSILON * dot(pair.change, pair.change))) return;
      pair.inverse = 1 / product;
      recorded++;
    },
    descend(gradient, direction) {
      for (let i = 0; i < dim; i++) direction[i] = -gradient[i];
      if (recorded === 0) return;
      const oldest = Math.max(0, recorded - memory);
      for (let n = recorded - 1; n >= oldest; n--) {
        const pair = nth(n);
        pair.weight = pair.inverse * dot(pair.step, direction);
        addMultiple(direction, -pair.weight, pair.change);
      }
      const { inverse, change } = nth(recorded - 1);
      const scale = 1 / (inverse * dot(change, change));
      for (let i = 0; i < dim; i++) direction[i] *= scale;
      for (let n = oldest; n < recorded; n++) {
        const pair = nth(n);
        addMultiple(direction, pair.weight - pair.inverse * dot(pair.change, direction), pair.step);
      }
    },
  };
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += left[i] * right[i];
  return sum;
}

function norm(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}

function addMultiple(target: Float64Array, factor: number, vector: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] += factor * vector[i];
}
