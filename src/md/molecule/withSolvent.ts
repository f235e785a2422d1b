import { bornParameters, type SolventOptions } from './bornParameters.ts';
import type { MolecularSystem } from './molecularSystem.ts';
import type { BornModel, GeneralizedBorn, Nonbonded, Term } from './term.ts';

/** Radii and scale factors that a file has of its own. */
export interface BornRadii {
  /** nm, `[N]`. */
  readonly radius: Float64Array;
  /** `[N]`. */
  readonly screen: Float64Array;
}

/**
 * The system in another continuum solvent, or in none: its own generalised Born terms are replaced.
 *
 * Radii of its file, where there are any, win over those of the model; their scale factors do so for HCT
 * and OBC alone, as GBn and GBn2 come with scale factors of their own that no prmtop has (Amber's programs
 * and OpenMM do the same). With a solvent the reaction field beyond a cutoff is vacuum's, as the solvent is
 * counted already.
 *
 * @throws {RangeError} without a nonbonded term to take charges from, and for radii outside 0.1 to 0.2 nm
 * in GBn and GBn2, whose tables end there.
 */
export function withSolvent(
  system: MolecularSystem,
  model: BornModel | 'vacuum',
  { born, ...options }: SolventOptions & { readonly born?: BornRadii | undefined } = {},
): MolecularSystem {
  const terms = system.terms.filter(({ kind }) => kind !== 'generalized-born');
  if (model === 'vacuum') return { ...system, terms };
  const nonbonded = terms.filter(isNonbonded);
  if (nonbonded.length !== 1) {
    throw new RangeError(
      `a solvent needs the charges of one nonbonded term, and "${system.name}" has ${nonbonded.length}`,
    );
  }
  const [{ charge, cutoff }] = nonbonded;
  const standard = bornParameters(model, system.topology, charge, options);
  const hasOwnScreens = model === 'gbn' || model === 'gbn2';
  const term: GeneralizedBorn = {
    ...standard,
    ...(born === undefined ? {} : { radius: born.radius }),
    ...(born === undefined || hasOwnScreens ? {} : { screen: born.screen }),
    cutoff:
      cutoff === undefined ? undefined : { distance: cutoff.distance, periodic: cutoff.periodic },
  };
  if (hasOwnScreens) expectTabulated(system, term);
  return { ...system, terms: [...terms.map(inVacuum), term] };
}

/**
 * The system with its nonbonded interactions cut at a distance, in minimum images where it has a box.
 *
 * Coulomb becomes a reaction field's, of water (78.3) without a continuum solvent and of vacuum with one;
 * a periodic system gets the dispersion correction. These are OpenMM's defaults.
 *
 * @param distance nm, at most half the shortest edge of the box. @throws {RangeError}
 */
export function withCutoff(system: MolecularSystem, distance: number): MolecularSystem {
  const periodic = system.box !== undefined;
  const most = Math.min(...(system.box ?? [Number.POSITIVE_INFINITY])) / 2;
  if (!(distance > 0 && distance <= most)) {
    const limit = periodic ? `, at most half the shortest edge of the box (${most} nm)` : '';
    throw new RangeError(`"cutoff" expected a positive number of nm${limit}, got ${distance}`);
  }
  const hasSolvent = system.terms.some(({ kind }) => kind === 'generalized-born');
  return {
    ...system,
    terms: system.terms.map((term): Term => {
      if (term.kind === 'generalized-born') return { ...term, cutoff: { distance, periodic } };
      if (term.kind !== 'nonbonded') return term;
      const before = term.cutoff?.switchDistance;
      return {
        ...term,
        cutoff: {
          distance,
          reactionFieldDielectric: hasSolvent ? 1 : 78.3,
          switchDistance: before !== undefined && before < distance ? before : undefined,
          periodic,
          dispersionCorrection: periodic,
        },
      };
    }),
  };
}

function isNonbonded(term: Term): term is Nonbonded {
  return term.kind === 'nonbonded';
}

function inVacuum(term: Term): Term {
  if (term.kind !== 'nonbonded' || term.cutoff === undefined) return term;
  return { ...term, cutoff: { ...term.cutoff, reactionFieldDielectric: 1 } };
}

function expectTabulated({ topology }: MolecularSystem, { model, radius }: GeneralizedBorn): void {
  // The last digits of 1 Å / 10 may be either side of 0.1 nm.
  const outside = radius.findIndex((value) => !(value > 0.1 - 1e-9 && value < 0.2 + 1e-9));
  if (outside < 0) return;
  const { name, residue } = topology.atoms[outside];
  const { name: label, number } = topology.residues[residue];
  throw new RangeError(
    `${model} has neck corrections for radii of 0.1 to 0.2 nm, and atom ${outside + 1} (${name} of ${label} ` +
      `${number}) has ${radius[outside]}; use radii of the set ${model === 'gbn' ? 'bondi' : 'mbondi3'} (in parmed: changeRadii)`,
  );
}
