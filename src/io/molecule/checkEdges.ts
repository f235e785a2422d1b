import { type FilePlace, MoleculeFileError } from './moleculeFileError.ts';

/** nm; less than this holds no molecule. */
const SHORTEST = 0.5;

/**
 * The edges of a box, nm, if they can be: one of 0.1 nm was written in other units.
 * @throws {MoleculeFileError}
 */
export function checkEdges(
  place: FilePlace,
  edges: readonly [number, number, number],
): [number, number, number] {
  const short = edges.find((edge) => !(edge >= SHORTEST && Number.isFinite(edge)));
  if (short !== undefined) {
    throw new MoleculeFileError(
      place,
      `the box has an edge of ${short} nm, shorter than ${SHORTEST} nm: are the units mistaken? PDB, mmCIF and Amber ` +
        'files are in Å, OpenMM files in nm',
    );
  }
  return [...edges];
}
