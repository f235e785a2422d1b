import { readFileSync, statSync } from 'node:fs';
import { ShapeError } from '../../core/errors.ts';
import { checkSystem } from '../../md/molecule/checkSystem.ts';
import type { MolecularSystem } from '../../md/molecule/molecularSystem.ts';
import type { BornModel } from '../../md/molecule/term.ts';
import type { Topology } from '../../md/molecule/topology.ts';
import { type BornRadii, withCutoff, withSolvent } from '../../md/molecule/withSolvent.ts';
import { codeOf, messageOf } from '../storageError.ts';
import { checkCoordinates } from './checkCoordinates.ts';
import type { MolecularCoordinates } from './molecularCoordinates.ts';
import { MoleculeFileError } from './moleculeFileError.ts';
import { moleculeFormat } from './moleculeFormat.ts';
import { readAmberCoordinates } from './readAmberCoordinates.ts';
import { readAmberTopology } from './readAmberTopology.ts';
import { readMmcif } from './readMmcif.ts';
import { readOpenmmState } from './readOpenmmState.ts';
import { readOpenmmSystem } from './readOpenmmSystem.ts';
import { readPdb } from './readPdb.ts';

/** Which files make a molecule, and what is changed of what they say. */
export interface MoleculeFiles {
  /** Path of an Amber prmtop, or of a serialised System (XML) of OpenMM. */
  readonly topology: string;
  /** Path of an inpcrd, rst7, PDB or mmCIF, or of a serialised State (XML) of OpenMM. */
  readonly coordinates: string;
  /** A continuum solvent, or none, in place of the file's own; the file's by default. */
  readonly solvent?: BornModel | 'vacuum';
  /** mol/l of a 1:1 salt; with `solvent` only. */
  readonly salt?: number;
  /** nm, of nonbonded interactions, in place of the file's own; the file's by default. */
  readonly cutoff?: number;
  /** Leaves out what is not supported, with a warning in the system, instead of refusing it. */
  readonly drop?: boolean;
}

/** A molecule, and where its atoms are. */
export interface LoadedMolecule {
  readonly system: MolecularSystem;
  /** One or more, each `[3N]`, nm. */
  readonly frames: readonly Float64Array[];
  /** `[3N]`, nm/ps, where the coordinates have them. */
  readonly velocities: Float64Array | undefined;
  /** The system's, nm. */
  readonly box: MolecularSystem['box'];
}

/** A text that is longer does not fit into one string. */
const MOST_BYTES = 500e6;

/**
 * A molecule with its force field and its coordinates, from the files of Amber and OpenMM. Formats are told
 * by the files' contents.
 *
 * A prmtop is in vacuum unless `solvent` says otherwise; a System has what it was written with. A structure
 * file gives names and residues to a System, which has none. The system is periodic where its topology is:
 * a prmtop with a box, a System with a periodic cutoff; the coordinates' box then counts, if they have one.
 *
 * @throws {MoleculeFileError} naming the file, the line or the atoms, what was found and what to do.
 */
export function loadMolecule(files: MoleculeFiles): LoadedMolecule {
  const { topology, coordinates: coordinatesFile } = files;
  const { system: bare, born, nameless } = readForceField(topology, files);
  const coordinates = readCoordinates(coordinatesFile);
  const named = { ...bare, ...boxAndNames(bare, coordinates, nameless) };
  checkCoordinates(bare, topology, coordinates);
  let system: MolecularSystem = {
    ...named,
    warnings: [...bare.warnings, ...named.warnings, ...coordinates.warnings],
  };
  try {
    if (files.solvent !== undefined) {
      if (files.solvent === 'gbn2' && nameless && coordinates.topology === undefined) {
        throw new RangeError(
          'gbn2 has radii of its own for arginine and nucleic acids, and neither file names residues; ' +
            'give the coordinates as PDB or mmCIF',
        );
      }
      const salt = files.salt === undefined ? {} : { salt: files.salt };
      system = withSolvent(system, files.solvent, { born, ...salt });
    }
    if (files.cutoff !== undefined) system = withCutoff(system, files.cutoff);
    checkSystem(system);
  } catch (cause) {
    if (!(cause instanceof RangeError || cause instanceof ShapeError)) throw cause;
    throw new MoleculeFileError({ file: topology }, cause.message, { cause });
  }
  return {
    system,
    frames: coordinates.frames,
    velocities: coordinates.velocities,
    box: system.box,
  };
}

function readForceField(
  file: string,
  { drop, solvent }: MoleculeFiles,
): { system: MolecularSystem; born: BornRadii | undefined; nameless: boolean } {
  const text = readText(file, 'topology');
  const format = moleculeFormat(text, file);
  switch (format) {
    case 'prmtop':
      return { ...readAmberTopology(text, file), nameless: false };
    case 'openmm-xml':
      return {
        system: readOpenmmSystem(text, file, {
          drop: drop ?? false,
          replacesSolvent: solvent !== undefined,
        }),
        born: undefined,
        nameless: true,
      };
    case 'inpcrd':
    case 'openmm-state':
    case 'pdb':
    case 'mmcif': {
      const kind = {
        inpcrd: 'Amber coordinates',
        'openmm-state': 'a State of OpenMM',
        pdb: 'a PDB',
        mmcif: 'an mmCIF',
      }[format];
      throw new MoleculeFileError(
        { file },
        `is ${kind}: a structure without the force field that a topology has. Give a prmtop or a serialised ` +
          'System (XML) first and coordinates second; OpenMM makes one of a PDB with ' +
          'XmlSerializer.serialize(ForceField(…).createSystem(topology))',
      );
    }
  }
}

function readCoordinates(file: string): MolecularCoordinates {
  const text = readText(file, 'coordinates');
  const format = moleculeFormat(text, file);
  switch (format) {
    case 'inpcrd':
      return readAmberCoordinates(text, file);
    case 'pdb':
      return readPdb(text, file);
    case 'mmcif':
      return readMmcif(text, file);
    case 'openmm-state':
      return readOpenmmState(text, file);
    case 'prmtop':
    case 'openmm-xml':
      throw new MoleculeFileError(
        { file },
        `is a topology (${format}) where coordinates should be: an inpcrd, rst7, PDB, mmCIF or State (XML); are the two swapped?`,
      );
  }
}

/** What the coordinates know better than the topology. */
function boxAndNames(
  system: MolecularSystem,
  { file, box, topology }: MolecularCoordinates,
  nameless: boolean,
): Pick<MolecularSystem, 'box' | 'topology' | 'warnings'> {
  const names =
    nameless && topology?.atoms.length === system.topology.atoms.length
      ? { ...topology, bonds: joined(system.topology.bonds, topology.bonds) }
      : system.topology;
  if (system.box === undefined || box === undefined) {
    return { topology: withElements(names, system.topology), box: system.box, warnings: [] };
  }
  const before = system.box;
  const isSame = box.every((edge, k) => Math.abs(edge - before[k]) < 1e-4);
  return {
    topology: withElements(names, system.topology),
    // What a structure file has was rounded to 0.001 Å.
    box: isSame && topology !== undefined ? before : box,
    warnings: isSame
      ? []
      : [
          `${file}: its box, ${box.join(' × ')} nm, replaces the topology's, ${before.join(' × ')} nm`,
        ],
  };
}

/** Elements that one of the two knows. */
function withElements(names: Topology, masses: Topology): Topology {
  if (names === masses) return names;
  return {
    ...names,
    atoms: names.atoms.map((atom, i) => ({
      ...atom,
      element: atom.element || masses.atoms[i].element,
    })),
  };
}

function joined(first: Topology['bonds'], second: Topology['bonds']): Topology['bonds'] {
  return [...new Map([...first, ...second].map((bond) => [bond.join(), bond])).values()];
}

function readText(file: string, role: string): string {
  let bytes: Uint8Array;
  try {
    const { size } = statSync(file);
    if (size > MOST_BYTES) {
      throw new MoleculeFileError(
        { file },
        `has ${size} bytes, and ${MOST_BYTES} is the most that is read`,
      );
    }
    bytes = readFileSync(file);
  } catch (cause) {
    if (cause instanceof MoleculeFileError) throw cause;
    const reason = codeOf(cause) === 'ENOENT' ? 'no such file' : messageOf(cause);
    throw new MoleculeFileError({ file }, `the ${role} cannot be read: ${reason}`, {
      cause,
    });
  }
  return new TextDecoder().decode(bytes);
}
