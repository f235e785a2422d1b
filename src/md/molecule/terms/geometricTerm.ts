import type { TermGeometry } from '../../particles/termGeometry.ts';
import type { Term } from '../term.ts';
import type { TermEvaluator } from './termEvaluator.ts';

/** What makes a term of a geometry: an energy of distances, angles or positions. */
export interface GeometricTerm {
  readonly kind: Term['kind'];
  /** What one entry is called in messages: `bond`. */
  readonly part: string;
  /** The variables behind the entries, G of them each with V variables. */
  readonly geometry: TermGeometry;
  /** Atoms of all entries, `[K · arity]`. */
  readonly atoms: Int32Array;
  /** Of one entry; G/K of the geometry's items belong to each. */
  readonly arity: number;
  /** U of entry k, with ∂U/∂variable of its variables written to `slopes`; both arrays are `[G · V]`. */
  energyAndSlopes(values: Float64Array, k: number, slopes: Float64Array): number;
}

/**
 * Evaluates a term whose entries depend on internal variables alone.
 *
 *     U(x) = Σₖ u(vₖ(x)),   ∂U/∂x = Σₖ ∂u/∂vₖ ∂vₖ/∂x
 */
export function geometricTerm(term: GeometricTerm): TermEvaluator {
  const { kind, part, geometry, atoms, arity } = term;
  const entries = atoms.length / arity;
  const items = geometry.terms * geometry.variables;
  const values = new Float64Array(items);
  const slopes = new Float64Array(items);

  return {
    kind,
    evaluate(x, offset, gradient) {
      geometry.measure(x, offset, values);
      let energy = 0;
      for (let k = 0; k < entries; k++) energy += term.energyAndSlopes(values, k, slopes);
      geometry.scatter(x, offset, values, slopes, gradient);
      return energy;
    },
    findNonFinite(x) {
      geometry.measure(x, 0, values);
      const perEntry = geometry.terms / entries;
      for (let k = 0; k < entries; k++) {
        const energy = term.energyAndSlopes(values, k, slopes);
        if (Number.isFinite(energy)) continue;
        const at = Array.from({ length: perEntry }, (_, i) =>
          geometry.describeValues(values, perEntry * k + i),
        );
        return {
          part,
          atoms: Array.from(atoms.subarray(arity * k, arity * (k + 1))),
          found: `energy ${energy} at ${at.join(', ')}`,
        };
      }
      return undefined;
    },
  };
}

/** The atoms of each entry of `atoms`, `[K · arity]`, as lists. */
export function atomGroups(atoms: Int32Array, arity: number): readonly (readonly number[])[] {
  return Array.from({ length: atoms.length / arity }, (_, k) =>
    Array.from(atoms.subarray(arity * k, arity * (k + 1))),
  );
}
