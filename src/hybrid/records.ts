import { type Batch, batch, concat, rows } from '../core/batch.ts';
import { ErgoflowError } from '../core/errors.ts';

/** Recorded configurations in their order, where memory need not hold them all at once. */
export interface RecordReader {
  /** D */
  readonly dim: number;
  /** Rows that are there. */
  readonly count: number;
  /** Rows `from` to `to` (exclusive), copied. */
  rows(from: number, to: number): Batch;
}

/** Records that a phase of a run appends to. */
export interface Records extends RecordReader {
  /** Adds the rows of `x`, which may change afterwards. */
  append(x: Batch): void;
  /** Keeps what was appended: a later process finds it. @returns what a checkpoint remembers of it. */
  mark(): RecordMark;
  /**
   * Takes back every row that was appended after `mark` returned this; all of them where undefined.
   * @throws {ErgoflowError} where fewer rows are there, or others.
   */
  rewind(to: RecordMark | undefined): void;
}

/** The first rows of some records, by which a checkpoint knows them again. Plain JSON. */
export interface RecordMark {
  /** What the store calls the records. */
  readonly id: string;
  readonly dim: number;
  readonly rows: number;
  /** A checksum of the rows; empty where they lie in memory, which nobody damages. */
  readonly sum: string;
}

const BLOCK_BYTES = 2 ** 20;

/** All rows in their order, in batches of a mebibyte or of one multiple of `unit` rows. */
export function* recordBlocks(records: RecordReader, unit = 1): Generator<Batch, void, void> {
  const unitBytes = unit * records.dim * Float64Array.BYTES_PER_ELEMENT;
  const most = unit * Math.max(1, Math.floor(BLOCK_BYTES / unitBytes));
  for (let from = 0; from < records.count; from += most) {
    yield records.rows(from, Math.min(from + most, records.count));
  }
}

/** Records that last as long as the process. */
export function memoryRecords(id: string, dim: number): Records {
  /** All full but the last; the rows in use are the first `count`. */
  let blocks: Batch[] = [];
  let count = 0;
  const perBlock = Math.max(1, Math.floor(BLOCK_BYTES / (dim * Float64Array.BYTES_PER_ELEMENT)));
  return {
    dim,
    get count() {
      return count;
    },
    append(x) {
      if (x.dim !== dim) throw new ErgoflowError(`records "${id}": dimensions ${dim} and ${x.dim}`);
      for (let from = 0; from < x.count; ) {
        const at = count % perBlock;
        if (at === 0) blocks.push(batch(new Float64Array(perBlock * dim), dim));
        const to = Math.min(x.count, from + perBlock - at);
        blocks[blocks.length - 1].data.set(rows(x, from, to).data, at * dim);
        count += to - from;
        from = to;
      }
    },
    mark: () => ({ id, dim, rows: count, sum: '' }),
    rewind(to) {
      const kept = to?.rows ?? 0;
      if (kept > count) {
        throw new ErgoflowError(`records "${id}": ${count} rows are there, ${kept} should be`);
      }
      count = kept;
      blocks = blocks.slice(0, Math.ceil(kept / perBlock));
    },
    rows(from, to) {
      const parts = [batch(new Float64Array(0), dim)];
      for (let at = from; at < to; ) {
        const block = Math.floor(at / perBlock);
        const end = Math.min(to, (block + 1) * perBlock);
        parts.push(rows(blocks[block], at - block * perBlock, end - block * perBlock));
        at = end;
      }
      return concat(parts);
    },
  };
}
