import type { Term } from '../term.ts';

/**
 * One term of a molecular force field, ready to be evaluated one configuration at a time.
 *
 * Its buffers are made once; evaluating allocates nothing.
 */
export interface TermEvaluator {
  readonly kind: Term['kind'];
  /**
   * U of the configuration at `x[offset] …`, kJ/mol, with its ∂U/∂x, kJ/mol/nm, *added* to `gradient` at
   * `offset`; x in nm.
   */
  evaluate(x: Float64Array, offset: number, gradient: Float64Array): number;
  /** The first part of the term that is not finite at the configuration `x`, `[D]`. */
  findNonFinite(x: Float64Array): NonFinite | undefined;
}

/** A part of a term that is not finite, and whose it is. */
export interface NonFinite {
  /** `bond`, `Born radius`. */
  readonly part: string;
  /** Their numbers, in the order of the term. */
  readonly atoms: readonly number[];
  /** What was found there: `energy NaN at r = 0`. */
  readonly found: string;
}
