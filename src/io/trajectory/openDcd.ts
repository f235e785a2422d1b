import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { expectInteger } from '../../core/expectNumber.ts';
import { StorageError, writeFailure } from '../storageError.ts';
import { dcdFrameWriter } from './dcdFrame.ts';
import { COUNTS_AT, dcdCounts, dcdFrameBytes, dcdHeader } from './dcdHeader.ts';
import type { TrajectoryFrame } from './trajectoryFrame.ts';

/** What a DCD file says of all its frames. */
export interface DcdOptions {
  readonly atoms: number;
  /** Time step of the integration, ps. */
  readonly timestep: number;
  /** Integration steps from one frame to the next; 1 by default. */
  readonly stride?: number;
  /** Number of the integration step of the first frame; `stride` by default, as after a first stretch. */
  readonly firstStep?: number;
  /** Whether each frame has a box; not by default. */
  readonly periodic?: boolean;
}

/** A DCD file that grows frame by frame and may be read, by any program, at any moment. */
export interface DcdStream {
  /** Frames in the file. */
  readonly frames: number;
  /**
   * Adds a frame; its time is that of its place in the file.
   * @throws {ShapeError} for another number of atoms, or a box where none belongs or none where one does.
   * @throws {RangeError} for a coordinate that 32-bit floats cannot hold. @throws {StorageError}
   */
  append(frame: TrajectoryFrame): void;
  /** Hands the frames to the disk. @returns how many there are: what a checkpoint keeps. */
  mark(): number;
  /**
   * Takes back all frames but the first `frames`: a resumed run continues where its checkpoint was.
   * @throws {StorageError} where the file has fewer.
   */
  rewind(frames: number): void;
  /** Hands the frames to the disk. Safe to call twice. */
  close(): void;
}

/**
 * Opens `path` to append frames to it, made where it is missing.
 *
 * Positions in ångström as 32-bit floats, boxes in double precision. A frame is written whole before
 * the header counts it, so a process killed in between leaves at most a piece of one behind the last
 * frame, and opening the file takes that piece away. Memory holds one frame.
 *
 * @throws {StorageError} where the file is another one: of other atoms, times, or no DCD file.
 */
export function openDcd(path: string, options: DcdOptions): DcdStream {
  const { timestep, periodic = false } = options;
  const atoms = expectInteger('atoms', options.atoms, 1);
  const stride = expectInteger('stride', options.stride ?? 1, 1);
  const firstStep = expectInteger('firstStep', options.firstStep ?? stride, 0);
  const start = dcdHeader({ atoms, firstStep, stride, timestep, hasCell: periodic });
  const frameBytes = dcdFrameBytes(atoms, periodic);
  const writer = dcdFrameWriter(atoms, periodic);
  let file: number | undefined;
  let frames = 0;
  try {
    file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o666);
    const { size } = fstatSync(file);
    expectOwn(file, size);
    if (size < start.length) {
      put(file, start, 0);
    } else {
      frames = Math.floor((size - start.length) / frameBytes);
      if (size > end()) ftruncateSync(file, end());
      put(file, dcdCounts({ firstStep, stride }, frames), COUNTS_AT);
    }
  } catch (cause) {
    if (file !== undefined) closeSync(file);
    if (cause instanceof StorageError) throw cause;
    throw writeFailure(path, start.length, cause);
  }

  /** The length of the file. */
  function end(): number {
    return start.length + frames * frameBytes;
  }

  /** Whatever stands there must be what this stream would have written. */
  function expectOwn(opened: number, size: number): void {
    const found = new Uint8Array(Math.min(size, start.length));
    readSync(opened, found, 0, found.length, 0);
    const isCount = (i: number): boolean =>
      (i >= COUNTS_AT && i < COUNTS_AT + 4) || (i >= COUNTS_AT + 12 && i < COUNTS_AT + 16);
    if (!found.every((byte, i) => byte === start[i] || isCount(i))) {
      throw new StorageError(
        path,
        `${path} is there and is no DCD file of ${atoms} atoms ${periodic ? 'with' : 'without'} a ` +
          `box and with these times; move it away or write to another file`,
      );
    }
  }

  function opened(): number {
    if (file === undefined) throw new StorageError(path, `${path} is closed`);
    return file;
  }

  return {
    get frames() {
      return frames;
    },
    append(frame) {
      const target = opened();
      const bytes = writer.fill(frame, `${path}, frame ${frames}`);
      try {
        put(target, bytes, end());
        put(target, dcdCounts({ firstStep, stride }, frames + 1), COUNTS_AT);
      } catch (cause) {
        throw writeFailure(path, frameBytes, cause);
      }
      frames += 1;
    },
    mark() {
      fsyncSync(opened());
      return frames;
    },
    rewind(kept) {
      const target = opened();
      expectInteger('frames', kept, 0);
      if (kept > frames) {
        throw new StorageError(
          path,
          `${path} has ${frames} of the ${kept} frames that were written before; ` +
            'it was cut short or is another file',
        );
      }
      frames = kept;
      // The header first: whatever happens in between, it counts no frame that is not there.
      put(target, dcdCounts({ firstStep, stride }, frames), COUNTS_AT);
      ftruncateSync(target, end());
    },
    close() {
      if (file === undefined) return;
      fsyncSync(file);
      closeSync(file);
      file = undefined;
    },
  };
}

/** One call may write less than it was given. */
function put(file: number, bytes: Uint8Array, at: number): void {
  for (let offset = 0; offset < bytes.length; ) {
    offset += writeSync(file, bytes, offset, bytes.length - offset, at + offset);
  }
}
