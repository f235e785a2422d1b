import type { LoopFrames } from '../expression/loopFrame.ts';

/** The coordinates behind one kind of term: distances of pairs, angles of triples, … */
export interface TermGeometry {
  /** V, the variables a term has. */
  readonly variables: number;
  /** The number of terms. */
  readonly terms: number;
  /** Writes the variables of all terms, `[terms, V]`, of the configuration at `x[offset]`. */
  measure(x: Float64Array, offset: number, values: Float64Array): void;
  /** Adds ∂U/∂x to `gradient` at `offset`, of `slopes` ∂u/∂variable, `[terms, V]`. */
  scatter(
    x: Float64Array,
    offset: number,
    values: Float64Array,
    slopes: Float64Array,
    gradient: Float64Array,
  ): void;
  /** `measure`, a kernel and `scatter` as one loop of generated source, where that pays. */
  readonly frames?: LoopFrames;
  /** `pair 0–3`. */
  describe(term: number): string;
  /** `r = 0.25`, of measured values. */
  describeValues(values: Float64Array, term: number): string;
}
