import { ShapeError } from '../../core/errors.ts';
import type { Topology } from '../../md/molecule/topology.ts';
import { atomColumns, columns, coordinate, isKnownResidue, serial } from './pdbColumns.ts';
import type { TrajectoryFrame } from './trajectoryFrame.ts';

/** One configuration as a PDB file: the topology that goes with a trajectory. */
export function pdb(topology: Topology, frame: TrajectoryFrame): string {
  return [cryst1(frame.box), atomRecords(topology)(frame, 'pdb'), ending(topology)].join('');
}

/**
 * A PDB file of several models, part by part, for `atomicWrite`: memory holds one frame.
 *
 * Elements stand in columns 77–78, `TER` after each chain. `CONECT`, four bonds a line, holds those that
 * the names of atoms and residues do not tell: in ligands and between side chains. Numbers that outgrow their columns begin again, as mdtraj and MDAnalysis expect: models and
 * residues after 9999, atoms after 99999; with that many atoms no serial is unique, and there is no `CONECT`.
 * Format: "Atomic Coordinate Entry Format Description", version 3.3 (wwPDB, 2012).
 *
 * @throws {RangeError} naming the atom whose coordinate or name does not fit its columns, and for a
 * box that changes, of which the format holds one. @throws {ShapeError} for other numbers of atoms.
 */
export function* pdbModels(
  topology: Topology,
  frames: Iterable<TrajectoryFrame>,
): Generator<string, void, void> {
  const records = atomRecords(topology);
  let box: TrajectoryFrame['box'];
  let index = 0;
  for (const frame of frames) {
    if (index === 0) {
      box = frame.box;
      yield cryst1(box);
    }
    if (String(frame.box) !== String(box)) {
      throw new RangeError(
        `pdb, frame ${index}: a box of ${frame.box ?? 'none'} nm after one of ${box ?? 'none'}; ` +
          'a PDB file holds one box: write DCD or HDF5',
      );
    }
    // Counted from 1.
    const model = `MODEL     ${columns(String((index % 9999) + 1), 4)}\n`;
    yield `${model}${records(frame, `pdb, frame ${index}`)}ENDMDL\n`;
    index += 1;
  }
  yield ending(topology);
}

function cryst1(box: TrajectoryFrame['box']): string {
  if (box === undefined) return '';
  const edges = box.map((edge, axis) => {
    const text = (10 * edge).toFixed(3);
    if (!(edge > 0) || text.length > 9) {
      throw new RangeError(`pdb: a box edge ${'xyz'[axis]} of ${edge} nm, outside of its columns`);
    }
    return columns(text, 9);
  });
  return `CRYST1${edges.join('')}  90.00  90.00  90.00 P 1           1\n`;
}

/** The records of one model; all but the coordinates is laid out once. */
function atomRecords(topology: Topology): (frame: TrajectoryFrame, where: string) => string {
  const { atoms, residues } = topology;
  const serials = serialsOf(topology);
  const rows = atoms.map((atom, i) => {
    const residue = residues[atom.residue];
    const next = atoms[i + 1];
    const isLast = next === undefined || residues[next.residue].chain !== residue.chain;
    const { record, middle, element } = atomColumns(atom, residue);
    const before = `${record}${serial(serials[i])} ${middle}   `;
    // A chain's end takes a serial of its own, and repeats the residue.
    const ter = isLast ? `TER   ${serial(serials[i] + 1)}      ${middle.slice(5)}\n` : '';
    return { before, after: `  1.00  0.00          ${element}  \n${ter}` };
  });
  return ({ positions }, where) => {
    if (positions.length !== 3 * atoms.length) {
      throw new ShapeError(`${where}: ${positions.length} coordinates, not [${3 * atoms.length}]`);
    }
    return rows
      .map(({ before, after }, i) => {
        const xyz = [0, 1, 2].map((axis) => coordinate(positions[3 * i + axis], i, axis, where));
        return before + xyz.join('') + after;
      })
      .join('');
  };
}

/** The number of each atom, from 1, with one left out after each chain. */
function serialsOf({ atoms, residues }: Topology): number[] {
  let chains = 0;
  return atoms.map((atom, i) => {
    const before = atoms[i - 1];
    if (before && residues[before.residue].chain !== residues[atom.residue].chain) chains += 1;
    return i + 1 + chains;
  });
}

function ending(topology: Topology): string {
  const serials = serialsOf(topology);
  if ((serials.at(-1) ?? 0) > 99_999) return 'END\n';
  const bonded = serials.map(() => [] as number[]);
  for (const [i, j] of topology.bonds) {
    if (isImplied(topology, i, j)) continue;
    bonded[i].push(serials[j]);
    bonded[j].push(serials[i]);
  }
  const lines = bonded.flatMap((partners, i) => {
    const sorted = partners.toSorted((a, b) => a - b);
    return Array.from({ length: Math.ceil(sorted.length / 4) }, (_, row) => {
      const four = sorted.slice(4 * row, 4 * row + 4);
      return `CONECT${serial(serials[i])}${four.map(serial).join('')}\n`;
    });
  });
  return `${lines.join('')}END\n`;
}

/**
 * Whether readers know the bond from names: within a residue of a polymer or water, or along the chain.
 * mdtraj lists a bond twice that it knows and finds in `CONECT` as well.
 */
function isImplied({ atoms, residues }: Topology, i: number, j: number): boolean {
  const [a, b] = [atoms[i], atoms[j]];
  if (![a, b].every(({ residue }) => isKnownResidue(residues[residue].name))) return false;
  return a.residue === b.residue || ['C N', "O3' P"].includes(`${a.name} ${b.name}`);
}
