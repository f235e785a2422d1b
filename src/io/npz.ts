import { strFromU8, strToU8, type UnzipFileInfo, unzipSync, zipSync } from 'fflate';
import { ShapeError } from '../core/errors.ts';
import { FormatError } from './formatError.ts';

/** An array as NumPy knows it: C order, little- or big-endian as this machine is. */
export interface NpzArray {
  readonly data: Float64Array | Float32Array | Int32Array | Uint8Array;
  /** Its product is `data.length`; `[]` is a scalar. */
  readonly shape: readonly number[];
}

const kinds = {
  f8: Float64Array,
  f4: Float32Array,
  i4: Int32Array,
  u1: Uint8Array,
} as const;

const MAGIC = '\x93NUMPY';
const order = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? '<' : '>';

/** Zip's own limit without its 64-bit extension, which the compressor does not write. */
const MOST_BYTES = 2 ** 32 - 2 ** 20;

/**
 * The arrays as the bytes of an `.npz` file: `numpy.load(file)['chain/positions']`.
 *
 * Stored without compression, as `numpy.savez` does: sampled doubles hardly shrink. The same arrays
 * give the same bytes at any time and place.
 * Format: NumPy enhancement proposal 1, "A Simple File Format for NumPy Arrays" (version 1.0).
 *
 * @throws {ShapeError} where a shape does not hold its data, or the file would pass 4 GiB.
 */
export function npz(arrays: Readonly<Record<string, NpzArray>>): Uint8Array<ArrayBuffer> {
  const entries: Record<string, Uint8Array> = {};
  let total = 0;
  for (const [name, array] of Object.entries(arrays)) {
    entries[`${name}.npy`] = npy(array, name);
    total += entries[`${name}.npy`].length;
  }
  if (total > MOST_BYTES) {
    throw new ShapeError(`npz: ${total} bytes do not fit one file, which ends at 4 GiB`);
  }
  // Zip counts from 1980 in local time; a fixed date keeps the bytes the same.
  return zipSync(entries, { level: 0, mtime: new Date(1980, 0, 1) });
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

function npy({ data, shape }: NpzArray, name: string): Uint8Array {
  if (shape.reduce((product, length) => product * length, 1) !== data.length) {
    throw new ShapeError(`npz: "${name}" has ${data.length} numbers, not [${shape.join(', ')}]`);
  }
  const kind = data instanceof Float64Array ? 'f8' : kindOf(data);
  const descr = kind === 'u1' ? '|u1' : `${order}${kind}`;
  // Python writes a tuple of one as (5,).
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // The data begin at a multiple of 64 bytes, after a newline.
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const out = new Uint8Array(length + data.byteLength);
  out.set(strToU8(MAGIC, true));
  out.set([1, 0, (length - 10) & 0xff, (length - 10) >> 8], 6);
  out.set(strToU8(`${dictionary.padEnd(length - 11)}\n`, true), 10);
  out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), length);
  return out;
}

function kindOf(data: NpzArray['data']): keyof typeof kinds {
  if (data instanceof Float32Array) return 'f4';
  return data instanceof Int32Array ? 'i4' : 'u1';
}

function readNpy(bytes: Uint8Array, name: string): NpzArray {
  const fail = (what: string): never => {
    throw new FormatError(`npz: "${name}" ${what}`);
  };
  if (bytes.length < 12 || strFromU8(bytes.subarray(0, 6), true) !== MAGIC) fail('is not an array');
  // Version 1 has two bytes for the header's length, later ones have four.
  const wide = bytes[6] > 1;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = wide ? 12 : 10;
  const from = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = strFromU8(bytes.subarray(start, from), true);
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
  const Kind = kinds[kind];
  if (bytes.length - from !== count * Kind.BYTES_PER_ELEMENT) {
    fail(`should hold ${count} numbers and has ${bytes.length - from} bytes`);
  }
  // A copy: the numbers must begin where their type may.
  return { data: new Kind(bytes.slice(from).buffer), shape: lengths };
}
