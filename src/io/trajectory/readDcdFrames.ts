import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { FormatError } from '../formatError.ts';
import { codeOf, StorageError } from '../storageError.ts';
import { type DcdHeader, dcdFrameBytes, MOST_HEADER_BYTES, parseDcdHeader } from './dcdHeader.ts';
import type { TrajectoryFrame } from './trajectoryFrame.ts';

/** The header of a DCD file. @throws {FormatError} @throws {StorageError} */
export function readDcdHeader(path: string): DcdHeader {
  return withFile(path, (file) => headerOf(file, path));
}

/**
 * The frames of a DCD file, one at a time: memory holds one, however long the file.
 *
 * A file that is being written to ends at its last whole frame. One whose header promises more
 * frames than there are was cut short: its whole frames come first, then the error.
 *
 * @throws {FormatError} naming the frame and the byte, also for unit cells that are not rectangular.
 * @throws {StorageError} where the file cannot be read.
 */
export function* readDcdFrames(path: string): Generator<TrajectoryFrame, void, void> {
  const file = opened(path);
  try {
    const header = headerOf(file, path);
    const frameBytes = dcdFrameBytes(header.atoms, header.hasCell);
    const { size } = fstatSync(file);
    const frames = Math.floor((size - header.bytes) / frameBytes);
    // Before memory is taken for it: a damaged header may claim any number of atoms.
    if (frames === 0 && header.frames > 0) throw cutShort(path, header, frames, size);
    const bytes = new Uint8Array(frames === 0 ? 0 : frameBytes);
    for (let frame = 0; frame < frames; frame++) {
      const at = header.bytes + frame * frameBytes;
      if (readAll(file, bytes, at) < frameBytes) throw cutShort(path, header, frame, size);
      yield parseFrame(bytes, header, frame, `${path}: frame ${frame} at byte ${at}`);
    }
    if (header.frames > frames) throw cutShort(path, header, frames, size);
  } finally {
    closeSync(file);
  }
}

function parseFrame(
  bytes: Uint8Array,
  header: DcdHeader,
  frame: number,
  where: string,
): TrajectoryFrame {
  const { atoms, hasCell, littleEndian, firstStep, stride, timestep } = header;
  const view = new DataView(bytes.buffer);
  const expectLength = (at: number, length: number): void => {
    const found = view.getInt32(at, littleEndian);
    if (found !== length) {
      throw new FormatError(
        `${where}: a block of ${found} bytes where one of ${length} belongs (byte ${at} of the frame)`,
      );
    }
  };
  const block = (at: number, length: number): number => {
    expectLength(at, length);
    expectLength(at + 4 + length, length);
    return at + 4;
  };
  let at = 0;
  let box: TrajectoryFrame['box'];
  if (hasCell) {
    const cell = block(0, 48);
    box = rectangularBox(
      [0, 1, 2, 3, 4, 5].map((i) => view.getFloat64(cell + 8 * i, littleEndian)),
      where,
    );
    at = 56;
  }
  const positions = new Float64Array(3 * atoms);
  for (let axis = 0; axis < 3; axis++) {
    const from = block(at, 4 * atoms);
    for (let i = 0; i < atoms; i++) {
      positions[3 * i + axis] = view.getFloat32(from + 4 * i, littleEndian) / 10;
    }
    at += 4 * atoms + 8;
  }
  return { positions, time: (firstStep + frame * stride) * timestep, box };
}

/**
 * Edges, nm, of a cell A, γ, B, β, α, C. Angles come in degrees or, from NAMD, as cosines.
 * @returns undefined where all is zero, as programs write for no box.
 */
function rectangularBox(cell: readonly number[], where: string): TrajectoryFrame['box'] {
  const edges = [cell[0], cell[2], cell[5]];
  const angles = [cell[1], cell[3], cell[4]];
  if (edges.every((edge) => edge === 0)) return undefined;
  if (!edges.every((edge) => Number.isFinite(edge) && edge > 0)) {
    throw new FormatError(`${where}: a box of ${edges.join(' × ')} Å`);
  }
  const isRight = (angle: number): boolean => Math.abs(angle) < 1e-6 || Math.abs(angle - 90) < 1e-4;
  if (!angles.every(isRight)) {
    throw new FormatError(`${where}: a unit cell that is not rectangular (${angles.join(', ')})`);
  }
  return [edges[0] / 10, edges[1] / 10, edges[2] / 10];
}

function headerOf(file: number, path: string): DcdHeader {
  const start = new Uint8Array(MOST_HEADER_BYTES);
  return parseDcdHeader(start.subarray(0, readAll(file, start, 0)), path);
}

function cutShort(path: string, header: DcdHeader, whole: number, size: number): FormatError {
  return new FormatError(
    `${path}: the header promises ${header.frames} frames of ${header.atoms} atoms, ` +
      `and ${size} bytes hold ${whole}`,
  );
}

function opened(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw new StorageError(path, `${path} cannot be read (${codeOf(cause)})`, { cause });
  }
}

function withFile<T>(path: string, use: (file: number) => T): T {
  const file = opened(path);
  try {
    return use(file);
  } finally {
    closeSync(file);
  }
}

/** Fills `bytes` from `at` on. @returns how many there were. */
function readAll(file: number, bytes: Uint8Array, at: number): number {
  let filled = 0;
  while (filled < bytes.length) {
    const got = readSync(file, bytes, filled, bytes.length - filled, at + filled);
    if (got === 0) break;
    filled += got;
  }
  return filled;
}
