import { expectInteger } from '../../core/expectNumber.ts';
import { dcdFrameWriter } from './dcdFrame.ts';
import { COUNTS_AT, dcdCounts, dcdHeader } from './dcdHeader.ts';
import type { DcdOptions } from './openDcd.ts';
import type { TrajectoryFrame } from './trajectoryFrame.ts';

/**
 * A DCD file of frames that are all there already, part by part, for `atomicWrite`: memory holds one
 * frame. The bytes are those of an `openDcd` file to which the same frames were appended.
 *
 * @param options `frames` is how many there will be, which the header says before the first; `note` is a
 * title beside our own, of 80 ASCII characters at most.
 * @throws {RangeError} where there are more or fewer frames than that, and for a coordinate that 32-bit
 * floats cannot hold. @throws {ShapeError} for another number of atoms, or a box where none belongs.
 */
export function* dcdParts(
  frames: Iterable<TrajectoryFrame>,
  options: DcdOptions & { readonly frames: number; readonly note?: string },
): Generator<Uint8Array, void, void> {
  const { atoms, timestep, note, stride = 1, firstStep = stride, periodic = false } = options;
  const expected = expectInteger('frames', options.frames, 0);
  const header = dcdHeader({ atoms, firstStep, stride, timestep, hasCell: periodic }, note);
  header.set(dcdCounts({ firstStep, stride }, expected), COUNTS_AT);
  yield header;
  const writer = dcdFrameWriter(atoms, periodic);
  let written = 0;
  for (const frame of frames) {
    yield writer.fill(frame, `dcd, frame ${written}`).slice();
    written += 1;
  }
  if (written !== expected) {
    throw new RangeError(`dcd: ${written} frames, and the header says ${expected}`);
  }
}
