import type { TermKernel } from '../expression/termKernel.ts';

/** An energy of a particle's position, as functions of it and of the particle's parameters. */
export interface PositionFunctions<P> {
  /** u of one particle at `position`, `[dimensions]`. */
  energy(position: Float64Array, parameters: P): number;
  /** Writes ∂u/∂position into `out`, `[dimensions]`, which arrives zeroed; by differences where missing. */
  gradient?(position: Float64Array, parameters: P, out: Float64Array): void;
}

const relativeStep = Math.cbrt(Number.EPSILON);

/**
 * A kernel of a user's functions of a position.
 *
 *     ∂u/∂xₖ ≈ [u(x + hₖeₖ) − u(x − hₖeₖ)] / 2hₖ,   hₖ = ε^⅓ max(1, |xₖ|),   without a gradient
 *
 * Such differences cost 2·dimensions + 1 evaluations. The arrays given to the functions are used again.
 * @throws {TypeError} when evaluated, where the energy is not a number.
 */
export function positionKernel<P>(
  owner: string,
  { energy, gradient }: PositionFunctions<P>,
  parametersOf: (term: number) => P,
  dimensions: 2 | 3,
): TermKernel {
  const position = new Float64Array(dimensions);
  const slope = new Float64Array(dimensions);

  function energyAt(values: Float64Array, t: number, parameters: P): number {
    load(values, t);
    return evaluate(parameters);
  }

  function load(values: Float64Array, t: number): void {
    for (let k = 0; k < dimensions; k++) position[k] = values[dimensions * t + k];
  }

  function evaluate(parameters: P): number {
    const returned: unknown = energy(position, parameters);
    if (typeof returned === 'number') return returned;
    throw new TypeError(`${owner}: energy expected to return a number, got ${typeof returned}`);
  }

  function differences(values: Float64Array, t: number, k: number, parameters: P): number {
    load(values, t);
    const at = position[k];
    const step = relativeStep * Math.max(1, Math.abs(at));
    position[k] = at + step;
    const above = position[k];
    const high = evaluate(parameters);
    load(values, t);
    position[k] = at - step;
    const below = position[k];
    return (high - evaluate(parameters)) / (above - below);
  }

  return {
    variables: dimensions,
    evaluationsPerGradient: gradient === undefined ? 2 * dimensions + 1 : 1,
    energy(values, from, to) {
      let total = 0;
      for (let t = from; t < to; t++) total += energyAt(values, t, parametersOf(t));
      return total;
    },
    energyAndSlopes(values, from, to, slopes) {
      let total = 0;
      for (let t = from; t < to; t++) {
        const parameters = parametersOf(t);
        total += energyAt(values, t, parameters);
        slope.fill(0);
        if (gradient !== undefined) {
          load(values, t);
          gradient(position, parameters, slope);
        } else {
          for (let k = 0; k < dimensions; k++) slope[k] = differences(values, t, k, parameters);
        }
        for (let k = 0; k < dimensions; k++) slopes[dimensions * t + k] = slope[k];
      }
      return total;
    },
  };
}
