import type { TermKernel } from '../expression/termKernel.ts';

/** An energy of one variable, as functions of it and of a term's parameters. */
export interface ScalarFunctions<P> {
  /** u(v). */
  energy(variable: number, parameters: P): number;
  /** du/dv; by central differences where missing. */
  derivative?(variable: number, parameters: P): number;
}

// Balances the truncation error h² of a central difference against its rounding error ε/h.
const relativeStep = Math.cbrt(Number.EPSILON);

/**
 * A kernel of a user's functions of one variable v.
 *
 *     u′(v) ≈ [u(v + h) − u(v − h)] / 2h,   without a derivative, at the price of three evaluations
 *
 * With `isSquared` the values are v² and slopes are ∂u/∂(v²) = u′(v)/2v; then h = ε^⅓ v, so that no
 * distance becomes negative, else h = ε^⅓ max(1, |v|).
 * @throws {TypeError} when evaluated, where a function returns something else than a number.
 */
export function functionKernel<P>(
  owner: string,
  { energy, derivative }: ScalarFunctions<P>,
  parametersOf: (term: number) => P,
  isSquared: boolean,
): TermKernel {
  const number = (role: string, returned: unknown): number => {
    if (typeof returned === 'number') return returned;
    throw new TypeError(`${owner}: ${role} expected to return a number, got ${typeof returned}`);
  };
  const variableOf = (value: number): number => (isSquared ? Math.sqrt(value) : value);

  function differences(v: number, parameters: P): number {
    const step = relativeStep * (isSquared ? v : Math.max(1, Math.abs(v)));
    const above = v + step;
    const below = v - step;
    return (
      (number('energy', energy(above, parameters)) - number('energy', energy(below, parameters))) /
      (above - below)
    );
  }

  function slope(v: number, parameters: P): number {
    const found =
      derivative === undefined
        ? differences(v, parameters)
        : number('derivative', derivative(v, parameters));
    return isSquared ? found / (2 * v) : found;
  }

  return {
    variables: 1,
    evaluationsPerGradient: derivative === undefined ? 3 : 1,
    energy(values, from, to) {
      let total = 0;
      for (let t = from; t < to; t++) {
        total += number('energy', energy(variableOf(values[t]), parametersOf(t)));
      }
      return total;
    },
    energyAndSlopes(values, from, to, slopes) {
      let total = 0;
      for (let t = from; t < to; t++) {
        const v = variableOf(values[t]);
        const parameters = parametersOf(t);
        total += number('energy', energy(v, parameters));
        slopes[t] = slope(v, parameters);
      }
      return total;
    },
  };
}
