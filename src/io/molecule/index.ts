/**
 * Molecules with their force fields from the files of Amber and OpenMM. Needs Node.
 *
 * @module ergoflow/molecules
 */

export { type LoadedMolecule, loadMolecule, type MoleculeFiles } from './loadMolecule.ts';
export type { MolecularCoordinates } from './molecularCoordinates.ts';
export { type FilePlace, MoleculeFileError } from './moleculeFileError.ts';
export { readAmberCoordinates } from './readAmberCoordinates.ts';
export { type AmberTopology, readAmberTopology } from './readAmberTopology.ts';
export { readMmcif } from './readMmcif.ts';
export { readOpenmmState } from './readOpenmmState.ts';
export { type OpenmmOptions, readOpenmmSystem } from './readOpenmmSystem.ts';
export { readPdb } from './readPdb.ts';
