import { at, fold, normal, rootKey, uniform } from '../../../src/core/rng.ts';
import { energyTerms } from '../../../src/md/molecule/energyTerms.ts';
import type { MolecularSystem } from '../../../src/md/molecule/molecularSystem.ts';
import type { BornModel, GeneralizedBorn, Nonbonded, Term } from '../../../src/md/molecule/term.ts';

/** `atoms` carbons C0, C1, … in residues of three, ALA 1, ALA 2, … */
export function molecule(
  atoms: number,
  terms: readonly Term[],
  box?: readonly [number, number, number],
): MolecularSystem {
  return {
    name: 'small',
    topology: {
      atoms: Array.from({ length: atoms }, (_, i) => ({
        name: `C${i}`,
        element: 'C',
        residue: Math.floor(i / 3),
      })),
      residues: Array.from({ length: Math.ceil(atoms / 3) }, (_, r) => ({
        name: 'ALA',
        number: r + 1,
        insertion: '',
        chain: '',
      })),
      bonds: [],
    },
    masses: new Float64Array(atoms).fill(12),
    terms,
    box,
    warnings: [],
  };
}

/** U and ∂U/∂x of one term alone at `x`, nm. */
export function evaluated(
  term: Term,
  x: readonly number[] | Float64Array,
  box?: readonly [number, number, number],
): { readonly energy: number; readonly gradient: Float64Array } {
  const [{ energy, gradient }] = energyTerms(molecule(x.length / 3, [term], box))(
    Float64Array.from(x),
  );
  return { energy, gradient };
}

/** Numbers around `mean`, with a standard deviation of a tenth of it. */
function around(mean: number, purpose: string, count: number): Float64Array {
  return normal(fold(rootKey(1), purpose), count).map((noise) => mean * (1 + 0.1 * noise));
}

/** Every kind of bonded term and restraint among nine atoms. */
export const bondedTerms: readonly Term[] = [
  {
    kind: 'harmonic-bonds',
    atoms: Int32Array.of(0, 1, 1, 2, 5, 2),
    length: around(0.15, 'length', 3),
    forceConstant: around(1000, 'bonds', 3),
  },
  {
    kind: 'harmonic-angles',
    atoms: Int32Array.of(0, 1, 2, 5, 4, 3),
    angle: around(1.9, 'angle', 2),
    forceConstant: around(400, 'angles', 2),
  },
  {
    kind: 'periodic-torsions',
    atoms: Int32Array.of(0, 1, 2, 3, 5, 3, 7, 8),
    periodicity: Int32Array.of(3, 1),
    phase: around(2, 'phase', 2),
    forceConstant: around(10, 'torsions', 2),
  },
  {
    kind: 'ryckaert-bellemans-torsions',
    atoms: Int32Array.of(0, 1, 2, 3, 8, 6, 4, 2),
    coefficients: normal(fold(rootKey(1), 'coefficients'), 12),
  },
  {
    kind: 'cmap-torsions',
    maps: [
      { size: 6, energies: normal(fold(rootKey(1), 'map'), 36) },
      { size: 9, energies: normal(fold(rootKey(1), 'second map'), 81) },
    ],
    map: Int32Array.of(1, 0),
    atoms: Int32Array.of(0, 1, 2, 3, 1, 2, 3, 4, 8, 7, 6, 5, 2, 4, 6, 8),
  },
  {
    kind: 'distance-restraints',
    atoms: Int32Array.of(0, 8),
    length: around(0.5, 'restraint', 1),
    forceConstant: around(500, 'restraints', 1),
  },
];

export const positionRestraints: Term = {
  kind: 'position-restraints',
  atoms: Int32Array.of(4, 7),
  position: around(0.3, 'position', 6),
  forceConstant: around(300, 'springs', 2),
};

/** Lennard-Jones and charges among nine atoms, with an exclusion and a scaled pair. */
export function smallNonbonded(cutoff?: Nonbonded['cutoff']): Nonbonded {
  return {
    kind: 'nonbonded',
    charge: normal(fold(rootKey(1), 'charge'), 9).map((q) => q / 2),
    sigma: around(0.25, 'sigma', 9),
    epsilon: around(0.5, 'epsilon', 9),
    exceptions: {
      // The larger number first in the second: the order does not matter.
      atoms: Int32Array.of(0, 1, 3, 2),
      chargeProduct: Float64Array.of(0, 0.1),
      sigma: Float64Array.of(0.1, 0.2),
      epsilon: Float64Array.of(0, 0.3),
    },
    cutoff,
  };
}

/** The nine charges in a solvent. */
export function smallBorn(
  model: BornModel,
  changes: Partial<GeneralizedBorn> = {},
): GeneralizedBorn {
  return {
    kind: 'generalized-born',
    model,
    charge: normal(fold(rootKey(1), 'charge'), 9).map((q) => q / 2),
    radius: Float64Array.from({ length: 9 }, (_, i) => 0.12 + 0.013 * (i % 5)),
    screen: around(0.8, 'screen', 9),
    rescaling: model === 'gbn2' ? around(0.7, 'rescaling', 27) : undefined,
    soluteDielectric: 1,
    solventDielectric: 78.5,
    inverseDebyeLength: 1.2,
    surfaceTension: 2.25936,
    cutoff: undefined,
    ...changes,
  };
}

/** Nine atoms on a 3 × 3 sheet with 0.25 nm between neighbours, shaken; `row` chooses the noise. */
export function sheet(row = 0): Float64Array {
  return normal(at(fold(rootKey(1), 'sheet'), row), 27).map((noise, i) => {
    const atom = Math.floor(i / 3);
    return 0.04 * noise + [0.25 * (atom % 3), 0.25 * Math.floor(atom / 3), 0.05 * atom][i % 3];
  });
}

/** Atoms spread evenly over a box, and `outside` times its edges beyond it on either side. */
export function scattered(
  atoms: number,
  box: readonly [number, number, number],
  outside = 0,
): Float64Array {
  return uniform(fold(rootKey(1), 'scattered'), 3 * atoms).map(
    (u, i) => box[i % 3] * (u * (1 + 2 * outside) - outside),
  );
}
