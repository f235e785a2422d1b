import type { MolecularSystem } from '../../md/molecule/molecularSystem.ts';
import type { Term } from '../../md/molecule/term.ts';
import { elementsOfMasses } from './elements.ts';
import { MoleculeFileError, quoted } from './moleculeFileError.ts';
import {
  openmmAngles,
  openmmBonds,
  openmmCmap,
  openmmRyckaertBellemans,
  openmmTorsions,
} from './openmmBonded.ts';
import { openmmCustomBorn, openmmObc } from './openmmBorn.ts';
import { openmmBox } from './openmmBox.ts';
import { dropOrFail, failAt, list, type OpenmmContext, particles, real } from './openmmElement.ts';
import { openmmNonbonded } from './openmmNonbonded.ts';
import { openmmDistanceRestraints, openmmPositionRestraints } from './openmmRestraints.ts';
import { type XmlElement, xmlTree } from './xmlTree.ts';

/** How a System is read. */
export interface OpenmmOptions {
  /** Leaves out what is not supported, with a warning, instead of refusing the file. */
  readonly drop?: boolean;
  /** Another solvent takes the place of the file's, which then need not be one that is known. */
  readonly replacesSolvent?: boolean;
}

/**
 * The molecule of a System that OpenMM has serialised: `XmlSerializer.serialize(system)`.
 *
 * A System knows particles by their masses alone: elements follow from these, names are made up, and all
 * is one residue, until the topology of a structure file takes their place. Bonds are those of its
 * harmonic bonds and constraints. Its box counts where a force uses it.
 *
 * Forces that are not supported are errors that name the force and its line, or are left out with a
 * warning where `drop` asks for it. A CMMotionRemover goes unmentioned: it is no force.
 *
 * @throws {MoleculeFileError}
 */
export function readOpenmmSystem(
  text: string,
  file: string,
  { drop = false, replacesSolvent = false }: OpenmmOptions = {},
): MolecularSystem {
  const root = xmlTree(text, file);
  if (root.name !== 'System') {
    const advice =
      root.name === 'ForceField'
        ? 'a force field is not yet a system; in OpenMM, write XmlSerializer.serialize(forcefield.createSystem(…))'
        : 'write one with XmlSerializer.serialize(system)';
    throw new MoleculeFileError(
      { file, line: root.line },
      `<${root.name.slice(0, 40)}> is no serialised System of OpenMM: ${advice}`,
    );
  }
  const particleList = list({ file, atoms: 0, drop, warnings: [] }, root, 'Particles');
  if (particleList.length === 0) {
    throw new MoleculeFileError({ file, line: root.line }, 'has no particles');
  }
  const context: OpenmmContext = { file, atoms: particleList.length, drop, warnings: [] };
  const masses = Float64Array.from(particleList, (particle) => readMass(context, particle));
  const constrained = readConstraints(context, root);
  const terms = list(context, root, 'Forces')
    .filter(({ attributes }) => !(replacesSolvent && solvents.includes(attributes['type'])))
    .flatMap((force) => readForce(context, force));
  for (const kind of ['nonbonded', 'generalized-born'] as const) {
    if (terms.filter((term) => term.kind === kind).length > 1) {
      failAt(context, root, `has more than one force of the kind ${kind}`);
    }
  }
  const usesBox = terms.some(
    (term) =>
      (term.kind === 'nonbonded' || term.kind === 'generalized-born') &&
      term.cutoff?.periodic === true,
  );
  const elements = elementsOfMasses(masses);
  return {
    name: file.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, ''),
    topology: {
      atoms: elements.map((element = '', i) => ({
        name: `${element || 'X'}${i + 1}`,
        element,
        residue: 0,
      })),
      residues: [{ name: 'UNK', number: 1, insertion: '', chain: '' }],
      bonds: bondsOf(terms, constrained),
    },
    masses,
    terms,
    box: usesBox ? openmmBox(context, root) : undefined,
    warnings: context.warnings,
  };
}

function readMass(context: OpenmmContext, particle: XmlElement): number {
  const [site] = particle.children;
  if (site !== undefined) {
    failAt(
      context,
      site,
      `<${site.name}> is a virtual site, which is not supported; use a model without`,
    );
  }
  const mass = real(context, particle, 'mass');
  if (!(mass > 0)) {
    failAt(
      context,
      particle,
      `a particle has the mass ${mass}; fixed particles are not supported: restrain them instead`,
    );
  }
  return mass;
}

/** The pairs, `[2K]`, of constraints that were left out on request. */
function readConstraints(context: OpenmmContext, root: XmlElement): number[] {
  const constraints = list(context, root, 'Constraints', 'optional');
  if (constraints.length === 0) return [];
  dropOrFail(
    context,
    constraints[0],
    `constrains ${constraints.length} distances, and constraints are not supported`,
    'write the system with constraints=None, rigidWater=False and a time step of 1 fs, or with hydrogenMass',
  );
  context.warnings.push(
    `${context.file}: a distance that was constrained and has no harmonic bond is now free`,
  );
  return constraints.flatMap((constraint) => particles(context, constraint, ['p1', 'p2']));
}

const solvents = ['GBSAOBCForce', 'CustomGBForce'];

type ForceReader = (context: OpenmmContext, force: XmlElement) => Term | undefined;

const readers: ReadonlyMap<string, ForceReader> = new Map<string, ForceReader>([
  ['HarmonicBondForce', openmmBonds],
  ['HarmonicAngleForce', openmmAngles],
  ['PeriodicTorsionForce', openmmTorsions],
  ['RBTorsionForce', openmmRyckaertBellemans],
  ['CMAPTorsionForce', openmmCmap],
  ['NonbondedForce', openmmNonbonded],
  ['GBSAOBCForce', openmmObc],
  ['CustomGBForce', openmmCustomBorn],
  ['CustomExternalForce', openmmPositionRestraints],
  ['CustomBondForce', openmmDistanceRestraints],
]);

function readForce(context: OpenmmContext, force: XmlElement): Term[] {
  const type = force.attributes['type'];
  if (force.name !== 'Force' || type === undefined) {
    failAt(context, force, `<${force.name.slice(0, 40)}> stands where a <Force type="…"> should`);
  }
  if (type === 'CMMotionRemover') return [];
  const read = readers.get(type);
  const term = read?.(context, force);
  if (term !== undefined) return [term];
  const energy = force.attributes['energy'];
  dropOrFail(
    context,
    force,
    read === undefined
      ? `${quoted(type)} is not supported`
      : `${type} with the energy ${quoted(energy ?? '')} is not supported`,
    advice(type),
  );
  return [];
}

function advice(type: string): string {
  if (/Barostat$/.test(type)) return 'write the system without it: the volume is constant here';
  if (/Thermostat$/.test(type))
    return 'write the system without it: our integrators have their own';
  if (type === 'CustomExternalForce') {
    return 'k*((x-x0)^2+(y-y0)^2+(z-z0)^2) is, as a restraint of positions';
  }
  if (type === 'CustomBondForce') return '0.5*k*(r-r0)^2 is, as a restraint of distances';
  return `these are: ${[...readers.keys()].join(', ')}`;
}

function bondsOf(terms: readonly Term[], constrained: readonly number[]): [number, number][] {
  const pairs = [
    ...terms.flatMap((term) => (term.kind === 'harmonic-bonds' ? [term.atoms] : [])),
    constrained,
  ];
  const bonds = new Map<string, [number, number]>();
  for (const list of pairs) {
    for (let k = 0; k + 1 < list.length; k += 2) {
      const bond: [number, number] = [
        Math.min(list[k], list[k + 1]),
        Math.max(list[k], list[k + 1]),
      ];
      bonds.set(bond.join(), bond);
    }
  }
  return [...bonds.values()];
}
