import { ModelFileError } from './errors.ts';
import { headerEntries, type TensorEntry } from './safetensorsHeader.ts';

/** A named array in a safetensors file; float32 or float64 by the kind of its data. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

/** Named arrays and their metadata, as a safetensors file holds them. */
export interface TensorFile {
  readonly tensors: readonly NamedTensor[];
  /** Free text by key. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Tensors in the safetensors layout, as Python's `safetensors` reads it: the length of the header as a
 * little-endian 64-bit integer, the header in JSON, filled up with spaces to a multiple of 8, and the
 * numbers, little-endian, without gaps. Float64 tensors come first, so that all are aligned.
 *
 * https://github.com/huggingface/safetensors#format
 * @throws {RangeError} for a name used twice, or numbers that do not fill their shape.
 */
export function encodeSafetensors(file: TensorFile): Uint8Array {
  const wide = file.tensors.filter(({ data }) => data instanceof Float64Array);
  const narrow = file.tensors.filter(({ data }) => data instanceof Float32Array);
  const entries: [string, unknown][] = [];
  if (Object.keys(file.metadata).length > 0) entries.push(['__metadata__', file.metadata]);
  let end = 0;
  for (const { name, shape, data } of [...wide, ...narrow]) {
    const size = shape.reduce((product, n) => product * n, 1);
    if (size !== data.length) {
      throw new RangeError(
        `tensor "${name}" of shape [${shape}] expected ${size} numbers, got ${data.length}`,
      );
    }
    // The header's own entry counts as taken.
    if (name === '__metadata__' || entries.some(([other]) => other === name)) {
      throw new RangeError(
        `"name" expected a name of its own for every tensor, got "${name}" twice`,
      );
    }
    const start = end;
    end += data.byteLength;
    const dtype = data instanceof Float64Array ? 'F64' : 'F32';
    entries.push([name, { dtype, shape, data_offsets: [start, end] }]);
  }
  // `fromEntries` and not assignment, so that "__proto__" is a name like any other.
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + end);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, 8, 8 + headerLength);
  bytes.set(json, 8);
  let at = 8 + headerLength;
  for (const { data } of [...wide, ...narrow]) {
    if (data instanceof Float64Array) {
      for (const value of data) {
        view.setFloat64(at, value, true);
        at += 8;
      }
    } else {
      for (const value of data) {
        view.setFloat32(at, value, true);
        at += 4;
      }
    }
  }
  return bytes;
}

/** The opposite of `encodeSafetensors`. @throws {ModelFileError} saying what is wrong with the bytes. */
export function decodeSafetensors(bytes: Uint8Array): TensorFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) {
    throw new ModelFileError(`safetensors: expected at least 8 bytes, got ${bytes.length}`);
  }
  const headerLength = view.getBigUint64(0, true);
  if (headerLength > BigInt(bytes.length - 8)) {
    throw new ModelFileError(
      `safetensors: the header should be ${headerLength} bytes long, but ${bytes.length - 8} follow: ` +
        'the file is cut off, or not a safetensors file',
    );
  }
  const start = 8 + Number(headerLength);
  const { entries, metadata } = headerEntries(bytes.subarray(8, start), bytes.length - start);
  return {
    metadata,
    tensors: entries.map((entry) => ({
      name: entry.name,
      shape: entry.shape,
      data: numbers(entry, view, start),
    })),
  };
}

function numbers(entry: TensorEntry, view: DataView, start: number): Float32Array | Float64Array {
  const first = start + entry.begin;
  if (entry.dtype === 'F64') {
    return Float64Array.from({ length: entry.size }, (_, i) =>
      view.getFloat64(first + 8 * i, true),
    );
  }
  return Float32Array.from({ length: entry.size }, (_, i) => view.getFloat32(first + 4 * i, true));
}
