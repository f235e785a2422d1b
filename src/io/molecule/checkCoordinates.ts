import type { MolecularSystem } from '../../md/molecule/molecularSystem.ts';
import type { MolecularCoordinates } from './molecularCoordinates.ts';
import { MoleculeFileError } from './moleculeFileError.ts';

/** nm; no two atoms of anything are as near as this. */
const OVERLAP = 0.02;

/**
 * Checks that coordinates are those of the system: the number of atoms and their elements, places that were
 * never set, atoms on top of each other, lengths in other units, molecules cut by the edge of the box.
 *
 * @param topologyFile for messages. @throws {MoleculeFileError} naming the atoms.
 */
export function checkCoordinates(
  system: MolecularSystem,
  topologyFile: string,
  coordinates: MolecularCoordinates,
): void {
  const { file, frames, topology } = coordinates;
  const { atoms } = system.topology;
  for (const frame of frames) {
    if (frame.length !== 3 * atoms.length) {
      throw new MoleculeFileError(
        { file },
        `has ${frame.length / 3} atoms, and ${topologyFile} has ${atoms.length}: they must be of the same ` +
          'molecule, with all hydrogens and solvent that it has',
      );
    }
  }
  if (topology !== undefined) expectElements(system, topologyFile, coordinates);
  for (const [index, frame] of frames.entries()) {
    const where = frames.length > 1 ? `frame ${index + 1}: ` : '';
    const fail = (message: string): never => {
      throw new MoleculeFileError({ file }, `${where}${message}`);
    };
    expectPlaces(system, frame, fail);
    expectUnits(system, frame, fail);
    expectApart(system, frame, fail);
  }
}

type Fail = (message: string) => never;

function expectElements(
  { topology }: MolecularSystem,
  topologyFile: string,
  coordinates: MolecularCoordinates,
): void {
  const found = coordinates.topology?.atoms ?? [];
  for (const [i, { element, name }] of topology.atoms.entries()) {
    const other = found[i];
    if (element === '' || other.element === '' || element === other.element) continue;
    throw new MoleculeFileError(
      { file: coordinates.file },
      `atom ${i + 1} is ${other.name} (${other.element}), and ${name} (${element}) in ${topologyFile}: ` +
        'they must list the same atoms in the same order',
    );
  }
}

function expectPlaces(system: MolecularSystem, frame: Float64Array, fail: Fail): void {
  const unset: number[] = [];
  for (let i = 0; i < frame.length; i += 3) {
    if (frame[i] === 0 && frame[i + 1] === 0 && frame[i + 2] === 0) unset.push(i / 3);
  }
  if (unset.length < 2) return;
  fail(
    `${unset.length} atoms lie at (0, 0, 0) (${names(system, unset)}): their places are missing`,
  );
}

function expectUnits(system: MolecularSystem, frame: Float64Array, fail: Fail): void {
  const ratios: number[] = [];
  const half = Math.min(...(system.box ?? [Number.POSITIVE_INFINITY])) / 2;
  let cut: string | undefined;
  for (const term of system.terms) {
    if (term.kind !== 'harmonic-bonds') continue;
    for (const [k, length] of term.length.entries()) {
      const [i, j] = [term.atoms[2 * k], term.atoms[2 * k + 1]];
      const found = distance(frame, i, j);
      if (length > 0) ratios.push(found / length);
      if (found > half && length < half) {
        cut ??= `the bond of ${names(system, [i, j])} is ${found.toFixed(2)} nm long`;
      }
    }
  }
  const median = ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? 1;
  if (median > 5 && median < 20) {
    fail(
      'bonds are ten times as long as the force field has them: is it in units of 0.1 Å? PDB, mmCIF and ' +
        'Amber coordinates are in Å',
    );
  }
  if (median > 0.05 && median < 0.2) {
    fail(
      'bonds are a tenth as long as the force field has them: is it in nm? PDB, mmCIF and Amber ' +
        'coordinates are in Å',
    );
  }
  if (cut !== undefined) {
    fail(
      `${cut}, more than half the box: molecules must be whole (in cpptraj: unwrap; in mdtraj: ` +
        'make_molecules_whole)',
    );
  }
}

function expectApart(system: MolecularSystem, frame: Float64Array, fail: Fail): void {
  const near = overlaps(frame);
  if (near.length === 0) return;
  const some = near
    .slice(0, 3)
    .map(([i, j]) => `${names(system, [i, j])}: ${distance(frame, i, j).toFixed(4)} nm`);
  const more = near.length > 3 ? `; ${near.length} pairs in all` : '';
  fail(`atoms lie on top of each other (${some.join('; ')}${more})`);
}

/** Pairs nearer than `OVERLAP`, by a grid of that spacing; a hundred of them at most. */
function overlaps(frame: Float64Array): [number, number][] {
  const cells = new Map<number, number[]>();
  const found: [number, number][] = [];
  const cell = (value: number): number => Math.floor(value / OVERLAP);
  // Cells that share a key cost time alone, as distances decide.
  const key = (x: number, y: number, z: number): number =>
    Math.imul(x, 73856093) ^ Math.imul(y, 19349663) ^ Math.imul(z, 83492791);
  for (let atom = 0; atom < frame.length / 3; atom++) {
    const x = cell(frame[3 * atom]);
    const y = cell(frame[3 * atom + 1]);
    const z = cell(frame[3 * atom + 2]);
    for (let near = 0; near < 27; near++) {
      const [dx, dy, dz] = [
        (near % 3) - 1,
        (Math.floor(near / 3) % 3) - 1,
        Math.floor(near / 9) - 1,
      ];
      for (const other of cells.get(key(x + dx, y + dy, z + dz)) ?? []) {
        if (distance(frame, atom, other) < OVERLAP) found.push([other, atom]);
        if (found.length === 100) return found;
      }
    }
    const own = key(x, y, z);
    const here = cells.get(own);
    if (here === undefined) cells.set(own, [atom]);
    else here.push(atom);
  }
  return found;
}

function distance(frame: Float64Array, i: number, j: number): number {
  return Math.hypot(
    frame[3 * i] - frame[3 * j],
    frame[3 * i + 1] - frame[3 * j + 1],
    frame[3 * i + 2] - frame[3 * j + 2],
  );
}

/** `1 N (ALA 1) and 5 CA (ALA 1)`; atoms counted from 1, as in files. */
function names({ topology }: MolecularSystem, atoms: readonly number[]): string {
  const some = atoms.slice(0, 5).map((i) => {
    const { name, residue } = topology.atoms[i];
    const { name: label, number } = topology.residues[residue];
    return `${i + 1} ${name} (${label} ${number})`;
  });
  return `${some.join(', ')}${atoms.length > 5 ? ', …' : ''}`;
}
