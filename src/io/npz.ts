import { strFromU8, strToU8, type UnzipFileInfo, unzipSync } from 'fflate';
import { ShapeError } from '../core/errors.ts';
import { FormatError } from './formatError.ts';
import { storedZip, type ZipEntry } from './storedZip.ts';

/** An array as NumPy knows it: C order, little- or big-endian as this machine is. */
export interface NpzArray {
  readonly data: Float64Array | Float32Array | Int32Array | Uint8Array;
  /** Its product is `data.length`; `[]` is a scalar. */
  readonly shape: readonly number[];
}

/** Float64 numbers that need not be in memory all at once. */
export interface NpzBlocks {
  readonly shape: readonly number[];
  /** All of them, in parts; asked for twice. */
  blocks(): Iterable<Float64Array>;
}

const kinds = {
  f8: Float64Array,
  f4: Float32Array,
  i4: Int32Array,
  u1: Uint8Array,
} as const;

const MAGIC = '\x93NUMPY';
const order = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? '<' : '>';

/**
 * The arrays as the bytes of an `.npz` file, in parts: `numpy.load(file)['chain/positions']`.
 *
 * Stored without compression, as `numpy.savez` does: sampled doubles hardly shrink. The same arrays
 * give the same bytes at any time and place. From 4 GiB on the archive has zip's 64-bit fields.
 * Format: NumPy enhancement proposal 1, "A Simple File Format for NumPy Arrays" (version 1.0).
 *
 * @param wideFrom see `storedZip`.
 * @throws {ShapeError} where a shape does not hold its data.
 */
export function npzParts(
  arrays: Readonly<Record<string, NpzArray | NpzBlocks>>,
  wideFrom?: number,
): Iterable<Uint8Array> {
  return storedZip(
    Object.entries(arrays).map(([name, array]) => npyEntry(array, name)),
    wideFrom,
  );
}

/** The same in one piece. */
export function npz(arrays: Readonly<Record<string, NpzArray>>): Uint8Array<ArrayBuffer> {
  const parts = [...npzParts(arrays)];
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

/** The arrays of an `.npz` file, of the four types that `npz` writes. @throws {FormatError} */
export function readNpz(bytes: Uint8Array): Record<string, NpzArray> {
  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(bytes, { filter: sizeLimit(bytes.length) });
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new FormatError('npz: not a zip file, or a damaged one', { cause });
  }
  return Object.fromEntries(
    Object.entries(entries).map(([file, content]) => {
      const name = file.replace(/\.npy$/, '');
      return [name, readNpy(content, name)];
    }),
  );
}

/** How much larger than its file an archive may claim to be; ours are stored as they are. */
const MOST_GROWTH = 200;

/** Stops before memory is taken for entries that together claim far more than a file of `length` can hold. */
function sizeLimit(length: number): (entry: UnzipFileInfo) => boolean {
  const most = MOST_GROWTH * length + 2 ** 20;
  let total = 0;
  return ({ name, size, originalSize, compression }) => {
    total += compression === 0 ? size : originalSize;
    if (total > most) {
      throw new FormatError(
        `npz: "${name}" claims ${originalSize} bytes, too many for a file of ${length}`,
      );
    }
    return true;
  };
}

function npyEntry(array: NpzArray | NpzBlocks, name: string): ZipEntry {
  const { shape } = array;
  const count = shape.reduce((product, length) => product * length, 1);
  if ('data' in array && count !== array.data.length) {
    throw new ShapeError(
      `npz: "${name}" has ${array.data.length} numbers, not [${shape.join(', ')}]`,
    );
  }
  const kind = 'data' in array ? kindOf(array.data) : 'f8';
  const header = npyHeader(kind, shape);
  return {
    name: `${name}.npy`,
    size: header.length + count * kinds[kind].BYTES_PER_ELEMENT,
    *parts() {
      yield header;
      for (const block of 'data' in array ? [array.data] : array.blocks()) {
        yield new Uint8Array(block.buffer, block.byteOffset, block.byteLength);
      }
    },
  };
}

function npyHeader(kind: keyof typeof kinds, shape: readonly number[]): Uint8Array {
  const descr = kind === 'u1' ? '|u1' : `${order}${kind}`;
  // Python writes a tuple of one as (5,).
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // The data begin at a multiple of 64 bytes, after a newline.
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const out = new Uint8Array(length);
  out.set(strToU8(MAGIC, true));
  out.set([1, 0, (length - 10) & 0xff, (length - 10) >> 8], 6);
  out.set(strToU8(`${dictionary.padEnd(length - 11)}\n`, true), 10);
  return out;
}

function kindOf(data: NpzArray['data']): keyof typeof kinds {
  if (data instanceof Float64Array) return 'f8';
  if (data instanceof Float32Array) return 'f4';
  return data instanceof Int32Array ? 'i4' : 'u1';
}

/** The arrays that a `.npy` header announces. */
export interface NpyHeader {
  readonly kind: keyof typeof kinds;
  readonly shape: readonly number[];
  /** Product of the shape. */
  readonly count: number;
  /** Where the numbers begin, bytes. */
  readonly start: number;
}

/** Reads the header that `bytes` begin with. @throws {FormatError} */
export function readNpyHeader(bytes: Uint8Array, name: string): NpyHeader {
  const fail = (what: string): never => {
    throw new FormatError(`npz: "${name}" ${what}`);
  };
  if (bytes.length < 12 || strFromU8(bytes.subarray(0, 6), true) !== MAGIC) fail('is not an array');
  // Version 1 has two bytes for the header's length, later ones have four.
  const wide = bytes[6] > 1;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const from = wide ? 12 : 10;
  const start = from + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = strFromU8(bytes.subarray(from, start), true);
  const descr = /'descr': '([^']*)'/.exec(header)?.[1] ?? fail('has no type');
  const shape = /'shape': \(([^)]*)\)/.exec(header)?.[1] ?? fail('has no shape');
  if (/'fortran_order': True/.test(header)) fail('is in Fortran order');

  const kind = Object.keys(kinds).find((key): key is keyof typeof kinds => key === descr.slice(1));
  if (kind === undefined || (descr[0] !== order && descr[0] !== '|')) {
    return fail(`has the type ${descr}, which is none of <f8, <f4, <i4 and |u1`);
  }
  const lengths = shape
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  // Two negative lengths have a sound product.
  if (!lengths.every((length) => Number.isInteger(length) && length >= 0)) {
    fail(`has the shape (${shape}), which is none`);
  }
  const count = lengths.reduce((product, length) => product * length, 1);
  return { kind, shape: lengths, count, start };
}

function readNpy(bytes: Uint8Array, name: string): NpzArray {
  const { kind, shape, count, start } = readNpyHeader(bytes, name);
  const Kind = kinds[kind];
  if (bytes.length - start !== count * Kind.BYTES_PER_ELEMENT) {
    throw new FormatError(
      `npz: "${name}" should hold ${count} numbers and has ${bytes.length - start} bytes`,
    );
  }
  // A copy: the numbers must begin where their type may.
  return { data: new Kind(bytes.slice(start).buffer), shape };
}
