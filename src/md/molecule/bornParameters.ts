import { bornRadii } from './bornRadii.ts';
import type { BornModel, GeneralizedBorn } from './term.ts';
import type { Topology } from './topology.ts';

/** What a continuum solvent depends on beside the molecule. */
export interface SolventOptions {
  /** Concentration of a 1:1 salt, mol/l; none by default. */
  readonly salt?: number;
  /** K, for the Debye length of the salt; 298.15 by default, as OpenMM's. */
  readonly temperature?: number;
  /** εₚ; 1 by default. */
  readonly soluteDielectric?: number;
  /** εₛ; 78.5 by default, as Amber's and OpenMM's. */
  readonly solventDielectric?: number;
  /** s, kJ/mol/nm²; 2.25936 by default, 0 for none. */
  readonly surfaceTension?: number;
}

/** 5.4 cal/mol/Å², kJ/mol/nm²; Schaefer, Bartels, Karplus, J. Mol. Biol. 284, 835, 1998. */
const ACE_SURFACE_TENSION = 2.25936;

interface ElementParameters {
  /** S for HCT and OBC; Tinker's, after Hawkins, Cramer, Truhlar 1996. */
  readonly screen: number;
  /** S of GBn; Mongan 2007, table 2. */
  readonly gbn: number;
  /** S of GBn2 for proteins; Nguyen 2013, table 2. */
  readonly gbn2: number;
  /** S of GBn2 for nucleic acids; Nguyen 2015. */
  readonly gbn2Nucleic: number;
}

const standardScreens: ElementParameters = { screen: 0.8, gbn: 0.5, gbn2: 0.5, gbn2Nucleic: 0.5 };

const screens: ReadonlyMap<string, ElementParameters> = new Map([
  ['H', { screen: 0.85, gbn: 1.09085413633, gbn2: 1.425952, gbn2Nucleic: 1.696538 }],
  ['C', { screen: 0.72, gbn: 0.4843538233, gbn2: 1.058554, gbn2Nucleic: 1.268902 }],
  ['N', { screen: 0.79, gbn: 0.700147318409, gbn2: 0.733599, gbn2Nucleic: 1.4259728 }],
  ['O', { screen: 0.85, gbn: 1.06557401132, gbn2: 1.061039, gbn2Nucleic: 0.1840098 }],
  ['F', { screen: 0.88, gbn: 0.5, gbn2: 0.5, gbn2Nucleic: 0.5 }],
  ['P', { screen: 0.86, gbn: 0.5, gbn2: 0.5, gbn2Nucleic: 1.5450597 }],
  ['S', { screen: 0.96, gbn: 0.602256336067, gbn2: -0.703469, gbn2Nucleic: 0.05 }],
]);

type Rescaling = readonly [alpha: number, beta: number, gamma: number];

/** For elements that GBn2 was not fitted to: OBC2's, with the γ that Amber's programs and OpenMM have. */
const standardRescaling: Rescaling = [1, 0.8, 4.851];

/** α, β, γ of GBn2 for proteins; Nguyen 2013, table 2. */
const rescalings: ReadonlyMap<string, Rescaling> = new Map([
  ['H', [0.78844, 0.798699, 0.437334]],
  ['C', [0.733756, 0.506378, 0.205844]],
  ['N', [0.503364, 0.316828, 0.192915]],
  ['O', [0.867814, 0.876635, 0.387882]],
  ['S', [0.867814, 0.876635, 0.387882]],
]);

/** α, β, γ of GBn2 for nucleic acids; Nguyen 2015. */
const nucleicRescalings: ReadonlyMap<string, Rescaling> = new Map([
  ['H', [0.53705, 0.362861, 0.116704]],
  ['C', [0.33167, 0.196842, 0.093422]],
  ['N', [0.686311, 0.463189, 0.138722]],
  ['O', [0.606344, 0.463006, 0.142262]],
  ['S', [0.606344, 0.463006, 0.142262]],
  ['P', [0.418365, 0.290054, 0.1064245]],
]);

/**
 * A generalised Born term for a molecule whose files have none, with the radii and scale factors that go
 * with each model: mbondi for HCT, mbondi2 for OBC, Bondi's for GBn, mbondi3 for GBn2.
 *
 * They follow from elements, bonds and residues alone, as in OpenMM and Amber's tleap. Residues of
 * nucleic acids have parameters of their own in GBn2, at the ends of a strand (`DA5`) too.
 *
 * Hawkins, Cramer, Truhlar, J. Phys. Chem. 100, 19824, 1996. doi:10.1021/jp961710n
 * Onufriev, Bashford, Case, Proteins 55, 383, 2004. doi:10.1002/prot.20033
 * Mongan, Simmerling, McCammon, Case, Onufriev, J. Chem. Theory Comput. 3, 156, 2007. doi:10.1021/ct600085e
 * Nguyen, Roe, Simmerling, J. Chem. Theory Comput. 9, 2020, 2013. doi:10.1021/ct3010485
 * Nguyen, Pérez, Bermeo, Simmerling, J. Chem. Theory Comput. 11, 3714, 2015. doi:10.1021/acs.jctc.5b00271
 *
 * @param charges e, `[N]`.
 * @throws {RangeError} where charges and atoms differ in number, an atom has no element, or an option is
 *   out of range.
 */
export function bornParameters(
  model: BornModel,
  topology: Topology,
  charges: Float64Array,
  options: SolventOptions = {},
): GeneralizedBorn {
  const { atoms, residues } = topology;
  if (charges.length !== atoms.length) {
    throw new RangeError(`"charges" expected ${atoms.length} numbers, got ${charges.length}`);
  }
  const unknown = atoms.findIndex(({ element }) => element === '');
  if (unknown >= 0) {
    throw new RangeError(
      `atom ${unknown + 1} (${atoms[unknown].name}) has no element, which its radius follows from; a structure ` +
        'file with elements (PDB or mmCIF) tells it',
    );
  }
  const { salt = 0, temperature = 298.15, solventDielectric = 78.5 } = options;
  const isNucleic = residues.map(({ name }) => nucleic.test(name));
  const rescaling = atoms.flatMap(({ element, residue }) => [
    ...((isNucleic[residue] ? nucleicRescalings : rescalings).get(element) ?? standardRescaling),
  ]);
  return {
    kind: 'generalized-born',
    model,
    charge: charges,
    radius: bornRadii(model, topology),
    screen: Float64Array.from(atoms, ({ element, residue }) =>
      screenOf(model, element, isNucleic[residue]),
    ),
    rescaling: model === 'gbn2' ? Float64Array.from(rescaling) : undefined,
    soluteDielectric: options.soluteDielectric ?? 1,
    solventDielectric,
    inverseDebyeLength: inverseDebyeLength(salt, temperature, solventDielectric),
    surfaceTension: options.surfaceTension ?? ACE_SURFACE_TENSION,
    cutoff: undefined,
  };
}

/** `DA`, `DA5`, `A`, `RA3`, `CN`. */
const nucleic = /^(D[ACGT]|R?[ACGU])[35N]?$/;

function screenOf(model: BornModel, element: string, isNucleic: boolean): number {
  const parameters = screens.get(element) ?? standardScreens;
  switch (model) {
    case 'gbn':
      return parameters.gbn;
    case 'gbn2':
      return isNucleic ? parameters.gbn2Nucleic : parameters.gbn2;
    default:
      return parameters.screen;
  }
}

/**
 * κ of a 1:1 salt in a solvent, 1/nm, as generalised Born models use it.
 *
 *     κ = 0.73 √(2 N_A e² c / (ε₀ ε k_B T))
 *
 * The 0.73 mends that the model has no region around the molecule that ions stay out of.
 * Srinivasan, Trevathan, Beroza, Case, Theor. Chem. Acc. 101, 426, 1999. doi:10.1007/s002140050460
 *
 * @param salt mol/l. @param temperature K.
 * @throws {RangeError} where one is out of range.
 */
export function inverseDebyeLength(salt: number, temperature: number, dielectric: number): number {
  for (const [name, value, least] of [
    ['salt', salt, 0],
    ['temperature', temperature, Number.MIN_VALUE],
    ['solventDielectric', dielectric, 1],
  ] as const) {
    if (!(Number.isFinite(value) && value >= least)) {
      throw new RangeError(`"${name}" expected a number of at least ${least}, got ${value}`);
    }
  }
  // Amber's figure for the constants, in ångström; a factor 10 to nm.
  return 0.73 * 10 * 50.33355 * Math.sqrt(salt / dielectric / temperature);
}
