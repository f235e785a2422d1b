import { ModelFileError } from './errors.ts';

/** One tensor as the header of a safetensors file describes it, checked against the file. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: 'F32' | 'F64';
  readonly shape: readonly number[];
  /** Numbers in it. */
  readonly size: number;
  /** Bytes from the end of the header. */
  readonly begin: number;
}

/** Larger headers are refused, as by the reference implementation. */
const LONGEST = 100_000_000;

/**
 * The tensors that a header promises, in the order of their bytes. A header is a claim by whoever wrote
 * the file: types, sizes and places are checked, and the tensors must cover the `available` bytes behind
 * the header exactly, without gap or overlap.
 *
 * @throws {ModelFileError} at the first claim that does not hold.
 */
export function headerEntries(
  header: Uint8Array,
  available: number,
): { readonly entries: readonly TensorEntry[]; readonly metadata: Record<string, string> } {
  if (header.length > LONGEST)
    fail(`a header of ${header.length} bytes, at most ${LONGEST} expected`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(header));
  } catch (cause) {
    throw new ModelFileError('safetensors: the header is not JSON in UTF-8', { cause });
  }
  if (!isRecord(parsed)) return fail('the header is not a record');
  const metadata = Object.fromEntries(
    Object.entries(parsed)
      .filter(([name]) => name === '__metadata__')
      .flatMap(([, value]) =>
        isRecord(value) ? Object.entries(value) : fail('"__metadata__" is not a record'),
      )
      .map(([key, value]): [string, string] =>
        typeof value === 'string' ? [key, value] : fail(`"__metadata__.${key}" is not text`),
      ),
  );
  const entries = Object.entries(parsed)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, claim]) => entry(name, claim))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);

  let end = 0;
  for (const { name, begin, end: next } of entries) {
    if (begin !== end) {
      fail(`tensor "${name}" begins at byte ${begin}, the one before it ends at ${end}`);
    }
    end = next;
  }
  if (end !== available) fail(`the tensors take ${end} bytes, ${available} are there`);
  return { entries, metadata };
}

function entry(name: string, claim: unknown): TensorEntry & { readonly end: number } {
  if (!isRecord(claim)) return fail(`tensor "${name}" is not a record`);
  const { dtype, shape, data_offsets: offsets } = claim;
  if (dtype !== 'F32' && dtype !== 'F64') {
    return fail(`tensor "${name}" is of type ${JSON.stringify(dtype)}, F32 or F64 expected`);
  }
  if (!isSizes(shape)) {
    return fail(`tensor "${name}" has shape ${JSON.stringify(shape)}, a list of sizes expected`);
  }
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    return fail(
      `tensor "${name}" lies at ${JSON.stringify(offsets)}, two rising byte offsets expected`,
    );
  }
  const size = shape.reduce((product, n) => product * n, 1);
  const bytes = size * (dtype === 'F64' ? 8 : 4);
  const [begin, end] = offsets;
  if (bytes !== end - begin) {
    fail(`tensor "${name}" of shape [${shape}] needs ${bytes} bytes, it has ${end - begin}`);
  }
  return { name, dtype, shape, size, begin, end };
}

function isSizes(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.every((n) => typeof n === 'number' && Number.isSafeInteger(n) && n >= 0)
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fail(message: string): never {
  throw new ModelFileError(`safetensors: ${message}`);
}
