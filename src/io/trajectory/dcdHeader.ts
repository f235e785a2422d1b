import { kilocalorie } from '../../core/units.ts';
import { FormatError } from '../formatError.ts';

/** CHARMM's unit of time, √(amu Å² / (kcal/mol)), ps: DCD files state their time step in it. */
export const akmaTime = Math.sqrt(0.01 / kilocalorie);

/** What a DCD file says of itself before its first frame. */
export interface DcdHeader {
  readonly atoms: number;
  /** As stated; programs that count while they write may leave 0 or fewer than there are. */
  readonly frames: number;
  /** Number of the integration step of the first frame. */
  readonly firstStep: number;
  /** Integration steps from one frame to the next. */
  readonly stride: number;
  /** Time step of the integration, ps. */
  readonly timestep: number;
  /** Whether each frame begins with its unit cell. */
  readonly hasCell: boolean;
  /** Of the bytes of the file. */
  readonly littleEndian: boolean;
  /** Where the first frame begins. */
  readonly bytes: number;
}

const TITLES = ['Created by ergoflow', 'Positions in angstrom, time step in AKMA units'];
const TITLE_BYTES = 80;
const CONTROL_BYTES = 84;
/** Where the count of frames stands, followed by first step, stride and last step. */
export const COUNTS_AT = 8;

/** Bytes of a frame: each block stands between its length, twice. */
export function dcdFrameBytes(atoms: number, hasCell: boolean): number {
  return (hasCell ? 48 + 8 : 0) + 3 * (4 * atoms + 8);
}

/**
 * The bytes of a header without frames, little-endian, in the form of CHARMM 24, which NAMD, OpenMM,
 * VMD, mdtraj and MDAnalysis write and read.
 * @param note One more title, of 80 ASCII characters at most.
 */
export function dcdHeader(
  header: Pick<DcdHeader, 'atoms' | 'firstStep' | 'stride' | 'timestep' | 'hasCell'>,
  note?: string,
): Uint8Array {
  const titles = note === undefined ? TITLES : [...TITLES, note];
  const titleBytes = 4 + titles.length * TITLE_BYTES;
  const bytes = new Uint8Array(CONTROL_BYTES + 8 + titleBytes + 8 + 12);
  const view = new DataView(bytes.buffer);
  const encoder = new TextEncoder();
  view.setInt32(0, CONTROL_BYTES, true);
  bytes.set(encoder.encode('CORD'), 4);
  bytes.set(dcdCounts(header, 0), COUNTS_AT);
  view.setFloat32(44, header.timestep / akmaTime, true);
  view.setInt32(48, header.hasCell ? 1 : 0, true);
  view.setInt32(84, 24, true);
  view.setInt32(88, CONTROL_BYTES, true);
  view.setInt32(92, titleBytes, true);
  view.setInt32(96, titles.length, true);
  titles.forEach((title, i) => {
    bytes.set(
      encoder.encode(title.padEnd(TITLE_BYTES).slice(0, TITLE_BYTES)),
      100 + i * TITLE_BYTES,
    );
  });
  view.setInt32(96 + titleBytes, titleBytes, true);
  view.setInt32(100 + titleBytes, 4, true);
  view.setInt32(104 + titleBytes, header.atoms, true);
  view.setInt32(108 + titleBytes, 4, true);
  return bytes;
}

/** The four numbers at `COUNTS_AT` of a file of `frames` frames. */
export function dcdCounts(
  { firstStep, stride }: Pick<DcdHeader, 'firstStep' | 'stride'>,
  frames: number,
): Uint8Array {
  // The last step of a long run has no room in 32 bits, and no reader needs it.
  const last = Math.min(firstStep + frames * stride, 2 ** 31 - 1);
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  [frames, firstStep, stride, last].forEach((value, i) => {
    view.setInt32(4 * i, value, true);
  });
  return bytes;
}

/** Bytes that hold the header of any DCD file with up to a hundred lines of titles. */
export const MOST_HEADER_BYTES = 92 + 12 + 100 * TITLE_BYTES + 12;

/**
 * The header of a DCD file, of either byte order, as CHARMM and X-PLOR write them.
 *
 * @param start the first `MOST_HEADER_BYTES` of the file, or all of a shorter one.
 * @throws {FormatError} for what is no DCD file, and for fixed atoms, a fourth dimension and 64-bit
 * record lengths, which are not read.
 */
export function parseDcdHeader(start: Uint8Array, path: string): DcdHeader {
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const fail = (what: string): never => {
    throw new FormatError(`${path}: ${what}`);
  };
  if (start.length < CONTROL_BYTES + 8) {
    return fail(`${start.length} bytes, too few for the header of a DCD file`);
  }
  const littleEndian = view.getInt32(0, true) === CONTROL_BYTES;
  const int = (at: number): number => view.getInt32(at, littleEndian);
  const [low, high] = [view.getUint32(0, true), view.getUint32(4, true)];
  if (low + high === CONTROL_BYTES || (low === 0 && view.getUint32(4) === CONTROL_BYTES)) {
    fail('record lengths of 64 bits, which are not supported; rewrite the file with mdconvert');
  }
  const magic = new TextDecoder('latin1').decode(start.subarray(4, 8));
  if (int(0) !== CONTROL_BYTES || magic !== 'CORD' || int(88) !== CONTROL_BYTES) {
    fail('not a DCD file: it does not begin with a block of 84 bytes, "CORD"');
  }
  const isCharmm = int(84) !== 0;
  if (int(40) !== 0) fail(`${int(40)} fixed atoms, which are not supported`);
  if (isCharmm && int(52) !== 0) fail('a fourth dimension, which is not supported');
  const titleBytes = int(92);
  const atomsAt = 92 + titleBytes + 8;
  if (titleBytes < 4 || (titleBytes - 4) % TITLE_BYTES !== 0 || atomsAt + 12 > start.length) {
    fail(`a block of titles of ${titleBytes} bytes at byte 92`);
  }
  if (int(atomsAt - 4) !== titleBytes || int(atomsAt) !== 4 || int(atomsAt + 8) !== 4) {
    fail(`no number of atoms at byte ${atomsAt}`);
  }
  const header = {
    atoms: int(atomsAt + 4),
    frames: int(COUNTS_AT),
    firstStep: int(COUNTS_AT + 4),
    stride: int(COUNTS_AT + 8),
    timestep:
      akmaTime * (isCharmm ? view.getFloat32(44, littleEndian) : view.getFloat64(44, littleEndian)),
    hasCell: isCharmm && int(48) !== 0,
    littleEndian,
    bytes: atomsAt + 12,
  };
  if (header.atoms < 1) fail(`${header.atoms} atoms`);
  if (header.frames < 0) fail(`${header.frames} frames`);
  return header;
}
