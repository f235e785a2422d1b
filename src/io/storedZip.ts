import { crc32 } from 'node:zlib';

/** A file in an archive. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes of the whole content. */
  readonly size: number;
  /** The content in parts; asked for twice, for its checksum stands before it. */
  parts(): Iterable<Uint8Array>;
}

/** The largest that 32 bits hold, which says "see the 64-bit field". */
const ELSEWHERE = 0xffffffff;

/** 1 January 1980, midnight, where zip's time begins: the bytes tell no clock. */
const DATE = 0x00210000;

/** The version of zip that a reader must know: 2.0, or 4.5 for 64-bit sizes. */
const [PLAIN, WIDE] = [20, 45];

/**
 * A zip archive, nothing in it compressed, in parts to be written one after the other. The 64-bit fields
 * are there only where an entry, or its place, is at 4 GiB or beyond.
 *
 * PKWARE, ".ZIP File Format Specification", version 6.3.10, sections 4.3 and 4.5.3.
 * @param wideFrom the size or place from which on they are used.
 */
export function* storedZip(
  entries: readonly ZipEntry[],
  wideFrom: number = ELSEWHERE,
): Generator<Uint8Array, void, void> {
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = new TextEncoder().encode(entry.name);
    const isWide = entry.size >= wideFrom;
    const isFar = offset >= wideFrom;
    const sizes: Field[] = isWide
      ? [
          [8, entry.size],
          [8, entry.size],
        ]
      : [];
    const size = isWide ? ELSEWHERE : entry.size;
    const common: readonly Field[] = [
      // The bit says that the name is in UTF-8.
      [2, name.length === entry.name.length ? 0 : 0x800],
      [2, 0],
      [4, DATE],
      [4, checksum(entry.parts())],
      [4, size],
      [4, size],
      [2, name.length],
    ];
    const here = extra(sizes);
    const local = record(
      [4, 0x04034b50],
      [2, isWide ? WIDE : PLAIN],
      ...common,
      [2, here.length],
      name,
      here,
    );
    const there = extra(isFar ? [...sizes, [8, offset]] : sizes);
    directory.push(
      record(
        [4, 0x02014b50],
        [2, isWide || isFar ? WIDE : PLAIN],
        [2, isWide || isFar ? WIDE : PLAIN],
        ...common,
        [2, there.length],
        // No comment, one disk, no attributes.
        [2, 0],
        [2, 0],
        [2, 0],
        [4, 0],
        [4, isFar ? ELSEWHERE : offset],
        name,
        there,
      ),
    );
    yield local;
    yield* entry.parts();
    offset += local.length + entry.size;
  }
  yield* directory;
  yield ending(
    entries.length,
    offset,
    directory.reduce((sum, { length }) => sum + length, 0),
    wideFrom,
  );
}

/** What stands after the directory of `count` entries, which begins at `offset` and has `size` bytes. */
function ending(count: number, offset: number, size: number, wideFrom: number): Uint8Array {
  const isFar = offset >= wideFrom;
  const wide = isFar
    ? [
        record([4, 0x06064b50], [8, 44], [2, WIDE], [2, WIDE], [4, 0], [4, 0]),
        record([8, count], [8, count], [8, size], [8, offset]),
        record([4, 0x07064b50], [4, 0], [8, offset + size], [4, 1]),
      ]
    : [];
  return record(
    ...wide,
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, size],
    [4, isFar ? ELSEWHERE : offset],
    [2, 0],
  );
}

function checksum(parts: Iterable<Uint8Array>): number {
  let sum = 0;
  // Node's crc32 begins again at an empty part.
  for (const part of parts) if (part.length > 0) sum = crc32(part, sum);
  return sum;
}

/** A number of 2, 4 or 8 bytes, little-endian, or bytes as they are. */
type Field = readonly [bytes: 2 | 4 | 8, value: number] | Uint8Array;

function extra(fields: readonly Field[]): Uint8Array {
  return fields.length === 0
    ? new Uint8Array(0)
    : record([2, 0x0001], [2, 8 * fields.length], ...fields);
}

function record(...fields: readonly Field[]): Uint8Array {
  const lengthOf = (field: Field): number =>
    field instanceof Uint8Array ? field.length : field[0];
  const out = new Uint8Array(fields.reduce((sum, field) => sum + lengthOf(field), 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const field of fields) {
    if (field instanceof Uint8Array) out.set(field, at);
    else if (field[0] === 2) view.setUint16(at, field[1], true);
    else if (field[0] === 4) view.setUint32(at, field[1], true);
    else view.setBigUint64(at, BigInt(field[1]), true);
    at += lengthOf(field);
  }
  return out;
}
