/**
 * Trajectories of molecules in the files that other programs read: DCD, PDB, extended XYZ, MDTraj HDF5.
 *
 * @module ergoflow/trajectory
 */

export { atomicWrite } from '../atomicWrite.ts';
export { FormatError } from '../formatError.ts';
export { StorageError } from '../storageError.ts';
export type { DcdHeader } from './dcdHeader.ts';
export { extendedXyz } from './extendedXyz.ts';
export { type DcdOptions, type DcdStream, openDcd } from './openDcd.ts';
export { pdb, pdbModels } from './pdb.ts';
export { readDcdFrames, readDcdHeader } from './readDcdFrames.ts';
export type { TrajectoryFrame } from './trajectoryFrame.ts';
export { writeMdtrajHdf5 } from './writeMdtrajHdf5.ts';
