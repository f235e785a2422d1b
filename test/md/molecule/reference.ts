import { coulombConstant } from '../../../src/core/units.ts';
import { energyTerms } from '../../../src/md/molecule/energyTerms.ts';
import type { MolecularSystem } from '../../../src/md/molecule/molecularSystem.ts';
import type { Term } from '../../../src/md/molecule/term.ts';

/** What `scripts/molecule-reference.py` prints. */
export interface Reference {
  readonly description: string;
  readonly atoms: number;
  readonly box: [number, number, number] | null;
  /** `[C, 3N]`, nm. */
  readonly positions: readonly number[][];
  readonly terms: readonly {
    readonly term: Record<string, unknown>;
    /** e²/4πε₀, kJ/mol·nm/e², where it is not that of CODATA 2018. */
    readonly coulomb?: number;
    /** `[C]`, kJ/mol. */
    readonly energies: readonly number[];
    /** `[C, 3N]`, kJ/mol/nm. */
    readonly forces: readonly number[][];
  }[];
}

const integers = ['atoms', 'periodicity', 'map'];
/** Absent from a file where they are undefined. */
const optional = { cutoff: undefined, switchDistance: undefined, rescaling: undefined };

/**
 * The system whose terms a reference gives; carbons of one residue.
 *
 * @param constants whose e²/4πε₀ counts: theirs scales the charges of the terms that have another.
 */
export function referenceSystem(
  { description, atoms, box, terms }: Reference,
  constants: 'ours' | 'theirs',
): MolecularSystem {
  const chargeScale = (coulomb = coulombConstant): number =>
    constants === 'ours' ? 1 : Math.sqrt(coulomb / coulombConstant);
  return {
    name: description,
    topology: {
      atoms: Array.from({ length: atoms }, (_, i) => ({ name: `C${i}`, element: 'C', residue: 0 })),
      residues: [{ name: 'MOL', number: 1, insertion: '', chain: '' }],
      bonds: [],
    },
    masses: new Float64Array(atoms).fill(12),
    // The script writes terms in this shape, and what it writes wrong fails the checks of the system.
    terms: terms.map(
      ({ term, coulomb }) => withCharges(revived(term), chargeScale(coulomb)) as unknown as Term,
    ),
    box: box ?? undefined,
    warnings: [],
  };
}

function withCharges(term: Record<string, unknown>, scale: number): Record<string, unknown> {
  const { charge } = term;
  if (!(charge instanceof Float64Array)) return term;
  return { ...term, charge: charge.map((each) => scale * each) };
}

function revived(record: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(record).map(([key, value]) => [key, revivedValue(key, value)]);
  return { ...optional, ...Object.fromEntries(entries) };
}

function revivedValue(key: string, value: unknown): unknown {
  if (Array.isArray(value)) {
    if (key === 'maps') return value.map(revived);
    return integers.includes(key) ? Int32Array.from(value) : Float64Array.from(value);
  }
  if (typeof value === 'object' && value !== null) return revived({ ...value });
  return value;
}

/** How far the energy and the gradient of one term at one configuration are from a reference. */
export interface Disagreement {
  readonly kind: string;
  /** |U − U′| / |U′|. */
  readonly energy: number;
  /** |∂U/∂x + F′| of an atom over |F′| of that atom, or over 10⁻³ of the largest: the median of atoms. */
  readonly median: number;
  /** Their maximum. */
  readonly worst: number;
}

/** Compares all terms at all configurations of a reference with ours. */
export function disagreements(
  reference: Reference,
  constants: 'ours' | 'theirs',
): readonly Disagreement[] {
  const evaluate = energyTerms(referenceSystem(reference, constants));
  return reference.positions.flatMap((x, row) =>
    evaluate(Float64Array.from(x)).map(({ kind, energy, gradient }, t) => {
      const expected = reference.terms[t].energies[row];
      const relative = forceErrors(gradient, reference.terms[t].forces[row]);
      return {
        kind,
        energy: Math.abs(energy - expected) / Math.abs(expected),
        median: relative[relative.length >> 1],
        worst: relative[relative.length - 1],
      };
    }),
  );
}

/** Relative errors of the atoms' forces, ascending, `[N]`. */
function forceErrors(gradient: Float64Array, forces: readonly number[]): readonly number[] {
  const sizes: number[] = [];
  const errors: number[] = [];
  for (let i = 0; i < forces.length; i += 3) {
    const [fx, fy, fz] = forces.slice(i, i + 3);
    sizes.push(Math.hypot(fx, fy, fz));
    errors.push(Math.hypot(gradient[i] + fx, gradient[i + 1] + fy, gradient[i + 2] + fz));
  }
  const floor = 1e-3 * Math.max(...sizes);
  return errors.map((error, i) => error / Math.max(sizes[i], floor)).sort((a, b) => a - b);
}
