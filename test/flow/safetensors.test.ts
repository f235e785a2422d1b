import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelFileError } from '../../src/flow/errors.ts';
import {
  decodeSafetensors,
  encodeSafetensors,
  type NamedTensor,
} from '../../src/flow/safetensors.ts';

/** A file with the given header and `dataLength` zeros behind it. */
function fileOf(header: string, dataLength: number, claimedLength?: number): Uint8Array {
  const json = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + json.length + dataLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(claimedLength ?? json.length), true);
  bytes.set(json, 8);
  return bytes;
}

const tensor = (from: number, to: number, shape: readonly number[], dtype = 'F32'): string =>
  JSON.stringify({ dtype, shape, data_offsets: [from, to] });

describe('safetensors', () => {
  it('has the layout that Python reads, byte for byte', () => {
    // Written by hand from the format's description: header length, header padded to 8, numbers.
    const header =
      '{"__metadata__":{"made by":"hand"},"b":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},' +
      '"a":{"dtype":"F32","shape":[2,1],"data_offsets":[8,16]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8, ' ');
    const expected = fileOf(padded, 16);
    const view = new DataView(expected.buffer);
    view.setFloat64(expected.length - 16, Math.PI, true);
    view.setFloat32(expected.length - 8, 1.5, true);
    view.setFloat32(expected.length - 4, -2, true);
    expect(
      encodeSafetensors({
        tensors: [
          { name: 'a', shape: [2, 1], data: Float32Array.of(1.5, -2) },
          { name: 'b', shape: [1], data: Float64Array.of(Math.PI) },
        ],
        metadata: { 'made by': 'hand' },
      }),
    ).toEqual(expected);
  });

  it('gives back what was written, bit for bit, whatever the names and numbers', () => {
    const numbers = fc.oneof(
      fc.float32Array({ maxLength: 12 }),
      fc.float64Array({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), numbers, { maxKeys: 5 }),
        fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
        (arrays, metadata) => {
          const tensors = Object.entries(arrays)
            .filter(([name]) => name !== '__metadata__')
            .map(([name, data]): NamedTensor => ({ name, shape: [data.length, 1], data }));
          const back = decodeSafetensors(encodeSafetensors({ tensors, metadata }));
          expect(back.metadata).toEqual({ ...metadata });
          expect(back.tensors).toHaveLength(tensors.length);
          for (const { name, shape, data } of tensors) {
            const found = back.tensors.find((other) => other.name === name);
            expect(found).toEqual({ name, shape, data });
          }
        },
      ),
      { seed: 1 },
    );
  });

  it('takes scalars and empty tensors, and names such as __proto__', () => {
    const tensors: NamedTensor[] = [
      { name: '__proto__', shape: [], data: Float32Array.of(3) },
      { name: 'none', shape: [0, 4], data: new Float32Array(0) },
    ];
    const { tensors: back } = decodeSafetensors(encodeSafetensors({ tensors, metadata: {} }));
    expect(back.find(({ name }) => name === '__proto__')).toEqual(tensors[0]);
    expect(back.find(({ name }) => name === 'none')).toEqual(tensors[1]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it.each([
    ['7 bytes', new Uint8Array(7), 'expected at least 8 bytes, got 7'],
    [
      'a header longer than the file',
      fileOf('{}', 0, 3),
      'the header should be 3 bytes long, but 2 follow',
    ],
    [
      'a header of 2⁶⁴ − 1 bytes',
      new Uint8Array(16).fill(255),
      'the header should be 18446744073709551615 bytes long, but 8 follow',
    ],
    ['no JSON', fileOf('{"a":', 0), 'not JSON'],
    ['bytes that are not UTF-8', fileOf('{}', 0).fill(0xff, 8), 'not JSON'],
    ['a list', fileOf('[]', 0), 'the header is not a record'],
    ['a tensor that is null', fileOf('{"a":null}', 0), 'tensor "a" is not a record'],
    [
      'another type',
      fileOf(`{"a":${tensor(0, 4, [2], 'F16')}}`, 4),
      'is of type "F16", F32 or F64 expected',
    ],
    ['a negative size', fileOf(`{"a":${tensor(0, 4, [-1])}}`, 4), 'has shape [-1]'],
    ['half a size', fileOf(`{"a":${tensor(0, 4, [0.5, 2])}}`, 4), 'has shape [0.5,2]'],
    [
      'an infinite size',
      fileOf('{"a":{"dtype":"F32","shape":[1e999],"data_offsets":[0,4]}}', 4),
      'has shape [null]',
    ],
    ['no offsets', fileOf('{"a":{"dtype":"F32","shape":[1]}}', 4), 'lies at undefined'],
    [
      'offsets that are not numbers',
      fileOf('{"a":{"dtype":"F32","shape":[1],"data_offsets":[null,4]}}', 4),
      'lies at [null,4]',
    ],
    ['offsets that fall', fileOf(`{"a":${tensor(4, 0, [1])}}`, 4), 'lies at [4,0]'],
    [
      'a shape larger than its bytes',
      fileOf(`{"a":${tensor(0, 4, [2])}}`, 4),
      'needs 8 bytes, it has 4',
    ],
    [
      'a shape smaller than its bytes',
      fileOf(`{"a":${tensor(0, 8, [1])}}`, 8),
      'needs 4 bytes, it has 8',
    ],
    [
      'a shape whose size overflows',
      fileOf(`{"a":${tensor(0, 4, [2 ** 30, 2 ** 30, 2 ** 30])}}`, 4),
      'it has 4',
    ],
    [
      'bytes that are not there',
      fileOf(`{"a":${tensor(0, 8, [2])}}`, 4),
      'the tensors take 8 bytes, 4 are there',
    ],
    [
      'bytes that belong to nobody',
      fileOf(`{"a":${tensor(0, 4, [1])}}`, 8),
      'the tensors take 4 bytes, 8 are there',
    ],
    [
      'tensors that overlap',
      fileOf(`{"a":${tensor(0, 8, [2])},"b":${tensor(4, 12, [2])}}`, 12),
      'tensor "b" begins at byte 4, the one before it ends at 8',
    ],
    [
      'tensors with a gap between them',
      fileOf(`{"a":${tensor(0, 4, [1])},"b":${tensor(8, 12, [1])}}`, 12),
      'tensor "b" begins at byte 8, the one before it ends at 4',
    ],
    [
      'metadata that is not a record',
      fileOf('{"__metadata__":[1]}', 0),
      '"__metadata__" is not a record',
    ],
    [
      'metadata that is not text',
      fileOf('{"__metadata__":{"n":1}}', 0),
      '"__metadata__.n" is not text',
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(ModelFileError);
    expect(() => decodeSafetensors(bytes)).toThrow(message);
  });

  it('never fails but by its own error, however a file is damaged', () => {
    const good = encodeSafetensors({
      tensors: [
        { name: 'a', shape: [3], data: Float32Array.of(1, 2, 3) },
        { name: 'b', shape: [1], data: Float64Array.of(4) },
      ],
      metadata: { k: 'v' },
    });
    const damage = fc.array(fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(damage, fc.nat({ max: good.length }), (bytes, length) => {
        const bad = good.slice();
        for (const [at, value] of bytes) bad[at] = value;
        try {
          decodeSafetensors(bad.slice(0, Math.max(length, good.length - 8)));
        } catch (error) {
          expect(error).toBeInstanceOf(ModelFileError);
        }
      }),
      { numRuns: 500, seed: 2 },
    );
  });

  it('never fails but by its own error on bytes, or a header, that mean nothing', () => {
    const headed = fc
      .tuple(fc.json({ maxDepth: 3 }), fc.uint8Array({ maxLength: 24 }))
      .map(([header, data]) => {
        const text = new TextEncoder().encode(header);
        const bytes = new Uint8Array(8 + text.length + data.length);
        new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
        bytes.set(text, 8);
        bytes.set(data, 8 + text.length);
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), headed), (bytes) => {
        try {
          for (const { data, shape } of decodeSafetensors(bytes).tensors) {
            expect(shape.reduce((product, n) => product * n, 1)).toBe(data.length);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(ModelFileError);
        }
      }),
      { numRuns: 300, seed: 9 },
    );
  });

  it('refuses to write a name twice or numbers that do not fill their shape', () => {
    const a = { name: 'a', shape: [1], data: Float32Array.of(1) };
    expect(() => encodeSafetensors({ tensors: [a, a], metadata: {} })).toThrow('got "a" twice');
    const reserved = { ...a, name: '__metadata__' };
    expect(() => encodeSafetensors({ tensors: [reserved], metadata: {} })).toThrow(
      '"__metadata__"',
    );
    expect(() => encodeSafetensors({ tensors: [{ ...a, shape: [2] }], metadata: {} })).toThrow(
      'tensor "a" of shape [2] expected 2 numbers, got 1',
    );
  });
});
