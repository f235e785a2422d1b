import type { MolecularSystem } from '../molecularSystem.ts';
import type { BornModel, GeneralizedBorn, Nonbonded, Term } from '../term.ts';
import type { Topology } from '../topology.ts';
import { expandTable, type PackedMolecule } from './unpackMolecule.ts';

/** No solvent, or a continuum by one of the generalised Born models. */
export type ImplicitSolvent = 'vacuum' | BornModel;

/** How a molecule that comes with the package is to be described. */
export interface ShippedOptions {
  /** `obc2` by default. */
  readonly solvent?: ImplicitSolvent;
}

/** A molecule that comes with the package: its force field, and where a run may begin. */
export interface ShippedMolecule<State extends string> {
  readonly system: MolecularSystem;
  /** `[3N]`, nm; a copy of the first of `starts`. */
  readonly positions: Float64Array;
  /** Configurations by name, `[3N]` each, nm. */
  readonly starts: Readonly<Record<State, Float64Array>>;
}

/** 5.4 cal/mol/Å², kJ/mol/nm²: the surface term of Schaefer, Bartels and Karplus, J. Mol. Biol. 284, 835 (1998). */
const SURFACE_TENSION = 5.4e-3 * 4.184 * 100;

/**
 * Amber ff99SB-ILDN without cutoff or constraints, and with one of five implicit solvents or none.
 *
 * `obc2` has the radii of OpenMM's `amber99_obc.xml` and ε = 78.3; the others have Amber's own
 * (HCT mbondi, OBC1 mbondi2, GBn bondi, GBn2 mbondi3) and ε = 78.5. All have the ACE surface term, no salt.
 */
export function shippedMolecule<State extends string>(
  packed: PackedMolecule<State>,
  options: ShippedOptions = {},
): ShippedMolecule<State> {
  const { solvent = 'obc2' } = options;
  const charge = expandTable(packed.charge);
  const terms: Term[] = [...bondedTerms(packed), nonbonded(packed, charge)];
  if (solvent !== 'vacuum') terms.push(generalizedBorn(packed, charge, solvent));
  const names = Object.keys(packed.starts) as State[];
  const start = (name: State): Float64Array =>
    Float64Array.from(packed.starts[name], (place) => place / 1e5);
  return {
    system: {
      name: `${packed.name}, ff99SB-ILDN, ${solvent}`,
      topology: topology(packed),
      masses: expandTable(packed.masses),
      terms,
      box: undefined,
      warnings: [],
    },
    positions: start(names[0]),
    starts: Object.fromEntries(names.map((name) => [name, start(name)])) as Record<
      State,
      Float64Array
    >,
  };
}

function topology(packed: PackedMolecule<string>): Topology {
  const { atoms, elements, residueOf, residues, bonded } = packed;
  return {
    atoms: atoms.map((name, i) => ({ name, element: elements[i], residue: residueOf[i] })),
    residues: residues.map(([name, number, chain]) => ({ name, number, insertion: '', chain })),
    bonds: Array.from({ length: bonded.length / 2 }, (_, k) => [bonded[2 * k], bonded[2 * k + 1]]),
  };
}

function bondedTerms({ bonds, angles, torsions }: PackedMolecule<string>): Term[] {
  return [
    {
      kind: 'harmonic-bonds',
      atoms: Int32Array.from(bonds.atoms),
      length: expandTable(bonds.length),
      forceConstant: expandTable(bonds.forceConstant),
    },
    {
      kind: 'harmonic-angles',
      atoms: Int32Array.from(angles.atoms),
      angle: expandTable(angles.angle),
      forceConstant: expandTable(angles.forceConstant),
    },
    {
      kind: 'periodic-torsions',
      atoms: Int32Array.from(torsions.atoms),
      periodicity: Int32Array.from(expandTable(torsions.periodicity)),
      phase: expandTable(torsions.phase),
      forceConstant: expandTable(torsions.forceConstant),
    },
  ];
}

function nonbonded(
  { sigma, epsilon, exceptions }: PackedMolecule<string>,
  charge: Float64Array,
): Nonbonded {
  return {
    kind: 'nonbonded',
    charge,
    sigma: expandTable(sigma),
    epsilon: expandTable(epsilon),
    exceptions: {
      atoms: Int32Array.from(exceptions.atoms),
      chargeProduct: expandTable(exceptions.chargeProduct),
      sigma: expandTable(exceptions.sigma),
      epsilon: expandTable(exceptions.epsilon),
    },
    cutoff: undefined,
  };
}

function generalizedBorn(
  { born }: PackedMolecule<string>,
  charge: Float64Array,
  model: BornModel,
): GeneralizedBorn {
  const { solventDielectric, radius, screen, rescaling } = born[model];
  return {
    kind: 'generalized-born',
    model,
    charge,
    radius: expandTable(radius),
    screen: expandTable(screen),
    rescaling: rescaling && expandTable(rescaling),
    soluteDielectric: 1,
    solventDielectric,
    inverseDebyeLength: 0,
    surfaceTension: SURFACE_TENSION,
    cutoff: undefined,
  };
}
