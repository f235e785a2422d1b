import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import type { Dataset, File } from 'h5wasm/node';
import { ShapeError } from '../../core/errors.ts';
import type { Topology } from '../../md/molecule/topology.ts';
import { messageOf, StorageError, writeFailure } from '../storageError.ts';
import { version } from '../version.ts';
import { mdtrajTopology } from './mdtrajTopology.ts';
import { singlePrecision } from './singlePrecision.ts';
import type { TrajectoryFrame } from './trajectoryFrame.ts';

/**
 * Writes a molecule's frames as an MDTraj HDF5 file: `mdtraj.load('trajectory.h5')`, topology and all.
 *
 * Positions and boxes in nm and times in ps, as compressed 32-bit floats. Frames are taken one by one
 * and written a chunk at a time, so that memory holds one chunk; the file takes its name when it is
 * whole. A kill leaves `<path>.part`, which readers open up to its last chunk: a run that must lose no
 * frame streams DCD and converts it, `writeMdtrajHdf5(path, topology, readDcdFrames(dcd))`.
 * Format: MDTraj HDF5 1.1, "Pande convention", on PyTables' EARRAY 1.1.
 *
 * @throws {RangeError} for a coordinate that 32-bit floats cannot hold. @throws {ShapeError} for other
 * numbers of atoms, or a box in some frames only. @throws {StorageError}
 */
export async function writeMdtrajHdf5(
  path: string,
  topology: Topology,
  frames: Iterable<TrajectoryFrame>,
): Promise<void> {
  // Megabytes of WebAssembly, which nothing else needs.
  const { File, ready } = await import('h5wasm/node');
  const library = await ready;
  const part = `${path}.part`;
  try {
    // The library cannot tell why a file is not to be opened; the system can.
    closeSync(openSync(part, 'w'));
  } catch (cause) {
    throw writeFailure(path, 1, cause);
  }
  // Else it prints what goes wrong and goes on.
  library.activate_throwing_error_handler();
  try {
    const file = new File(part, 'w');
    const count = closing(file, () => fill(file, path, topology, frames));
    const written = new File(part, 'r');
    closing(written, () => expectWhole(written, path, count));
    renameSync(part, path);
  } catch (cause) {
    rmSync(part, { force: true });
    throw ofLibrary(cause, path);
  } finally {
    library.deactivate_throwing_error_handler();
  }
}

/** @returns the number of frames. */
function fill(
  file: File,
  path: string,
  topology: Topology,
  frames: Iterable<TrajectoryFrame>,
): number {
  const size = 3 * topology.atoms.length;
  describe(file, topology);
  const chunk = framesPerChunk(topology.atoms.length);
  let arrays: Arrays | undefined;
  let written = 0;
  let pending: TrajectoryFrame[] = [];
  const flush = (): void => {
    arrays ??= createArrays(file, topology.atoms.length, chunk, pending[0]?.box !== undefined);
    append(arrays, pending, written, path);
    file.flush();
    written += pending.length;
    pending = [];
  };
  for (const frame of frames) {
    const { length } = frame.positions;
    if (length !== size) {
      const index = written + pending.length;
      throw new ShapeError(`${path}, frame ${index}: ${length} coordinates, not [${size}]`);
    }
    pending.push(frame);
    // A chunk that is flushed half full is written anew later, and a kill in between loses it.
    if (pending.length === chunk) flush();
  }
  if (pending.length > 0 || arrays === undefined) flush();
  return written;
}

/** Frames that are compressed together: those of about a megabyte, 512 at most. */
function framesPerChunk(atoms: number): number {
  return Math.max(1, Math.min(512, Math.floor(2 ** 20 / (12 * atoms))));
}

function describe(file: File, topology: Topology): void {
  const attributes = {
    CLASS: 'GROUP',
    VERSION: '1.0',
    TITLE: '',
    PYTABLES_FORMAT_VERSION: '2.1',
    conventions: 'Pande',
    conventionVersion: '1.1',
    program: 'ergoflow',
    programVersion: version,
    application: 'ergoflow',
  };
  for (const [name, value] of Object.entries(attributes)) file.create_attribute(name, value);
  const json = mdtrajTopology(topology);
  const node = file.create_dataset({
    name: 'topology',
    data: [json],
    shape: [1],
    dtype: `S${json.length}`,
  });
  for (const [name, value] of Object.entries({
    CLASS: 'ARRAY',
    VERSION: '2.4',
    FLAVOR: 'python',
  })) {
    node.create_attribute(name, value);
  }
}

interface Arrays {
  readonly coordinates: Dataset;
  readonly time: Dataset;
  readonly cell: { readonly lengths: Dataset; readonly angles: Dataset } | undefined;
}

/** Extendable arrays, which grow in their first dimension, the frames. */
function createArrays(file: File, atoms: number, chunk: number, isPeriodic: boolean): Arrays {
  const growing = (name: string, row: readonly number[], units: string): Dataset => {
    const dataset = file.create_dataset({
      name,
      data: new Float32Array(0),
      shape: [0, ...row],
      maxshape: [null, ...row],
      chunks: [chunk, ...row],
      dtype: '<f4',
      compression: 'gzip',
      compression_opts: 4,
    });
    const attributes = { CLASS: 'EARRAY', VERSION: '1.1', TITLE: '', units };
    for (const [key, value] of Object.entries(attributes)) dataset.create_attribute(key, value);
    dataset.create_attribute('EXTDIM', Int32Array.of(0), []);
    return dataset;
  };
  return {
    coordinates: growing('coordinates', [atoms, 3], 'nanometers'),
    time: growing('time', [], 'picoseconds'),
    cell: isPeriodic
      ? {
          lengths: growing('cell_lengths', [3], 'nanometers'),
          angles: growing('cell_angles', [3], 'degrees'),
        }
      : undefined,
  };
}

function append(
  arrays: Arrays,
  frames: readonly TrajectoryFrame[],
  written: number,
  path: string,
): void {
  if (frames.length === 0) return;
  const put = (dataset: Dataset, rows: readonly ArrayLike<number>[]): void => {
    const row = dataset.shape?.slice(1) ?? [];
    const data = new Float32Array(frames.length * rows[0].length);
    rows.forEach((values, i) => {
      data.set(values, i * rows[0].length);
    });
    dataset.resize([written + frames.length, ...row]);
    const ranges = row.map((length): [number, number] => [0, length]);
    dataset.write_slice([[written, written + frames.length], ...ranges], data);
  };
  put(
    arrays.coordinates,
    frames.map(({ positions }, i) => {
      return singlePrecision(positions, 1, `${path}, frame ${written + i}`);
    }),
  );
  put(
    arrays.time,
    frames.map(({ time = 0 }) => [time]),
  );
  const boxes = frames.flatMap(({ box }) => (box === undefined ? [] : [box]));
  if (boxes.length !== (arrays.cell === undefined ? 0 : frames.length)) {
    throw new ShapeError(
      `${path}: a box in some of the frames ${written} to ${written + frames.length - 1} only`,
    );
  }
  if (arrays.cell === undefined) return;
  put(arrays.cell.lengths, boxes);
  put(
    arrays.cell.angles,
    boxes.map(() => [90, 90, 90]),
  );
}

/** Reads back what was written last. */
function expectWhole(file: File, path: string, count: number): void {
  const dataset = file.get('coordinates');
  const isThere = dataset !== null && 'slice' in dataset && dataset.shape?.[0] === count;
  if (isThere && (count === 0 || dataset.slice([[count - 1, count]]) !== null)) return;
  throw new StorageError(path, `${path} could not be written to its end`);
}

/** The library's own errors are pages of calls, with the system's reason among them. */
function ofLibrary(cause: unknown, path: string): unknown {
  const message = messageOf(cause);
  if (!message.includes('HDF5-DIAG')) return cause;
  const reason = /error message = '([^']+)'/.exec(message)?.[1] ?? 'the HDF5 library failed';
  return new StorageError(path, `${path} could not be written to its end: ${reason}`, { cause });
}

function closing<T>(file: File, use: () => T): T {
  let result: T;
  try {
    result = use();
  } catch (error) {
    try {
      file.close();
    } catch {
      // What failed first tells more.
    }
    throw error;
  }
  file.close();
  return result;
}
