/**
 * The messages of the i-PI protocol, byte by byte: headers are twelve ASCII bytes, padded with spaces;
 * numbers are int32 and float64 in the byte order of the machine; lengths are in Bohr, energies in
 * hartree. The server of the protocol (this package) asks, the client (the engine) answers.
 *
 * M. Ceriotti, J. More & D. E. Manolopoulos, Comput. Phys. Commun. 185, 1019 (2014),
 * doi:10.1016/j.cpc.2013.10.027.
 */

export type Question = 'STATUS' | 'INIT' | 'POSDATA' | 'GETFORCE' | 'EXIT';

/** Bytes of a header. */
export const HEADER = 12;

/** Bytes of an int32. */
export const INT32 = 4;

/** Bytes of the energy and the number of atoms that follow a FORCEREADY. */
export const FORCE_HEAD = 8 + INT32;

/** Bytes of POSDATA before its coordinates: header, cell, inverse cell, number of atoms. */
const POSITIONS_HEAD = HEADER + 9 * 8 + 9 * 8 + INT32;

/** A header on its own. */
export function header(question: Question): Uint8Array {
  return Uint8Array.from({ length: HEADER }, (_, i) =>
    i < question.length ? question.charCodeAt(i) : 0x20,
  );
}

/**
 * The answer to NEEDINIT: bead 0 and one byte of initialisation, which clients read and ignore.
 * One, as some take an empty message for a closed connection.
 */
export function initMessage(): Uint8Array {
  const message = new Uint8Array(HEADER + 2 * INT32 + 1);
  message.set(header('INIT'));
  message.set(bytesOf(Int32Array.of(0, 1)), HEADER);
  return message;
}

/**
 * All that is asked about one configuration, to be filled with one after the other: POSDATA with a
 * STATUS, a GETFORCE and another STATUS behind it.
 *
 * A client reads the questions one by one and answers each when it can, so that they may as well be
 * there from the first: it then costs one exchange and not three.
 *
 * `cell` holds the cell vectors as rows, `[3, 3]`, in Bohr. On the wire the vectors are columns, and
 * so are those of the inverse: clients such as LAMMPS read h = (ax bx cx; 0 by cy; 0 0 cz).
 */
export function questions(
  atoms: number,
  cell: ArrayLike<number>,
): { readonly bytes: Uint8Array; readonly coordinates: Float64Array } {
  const size = 8 * 3 * atoms;
  // The coordinates begin at byte 160, so that they can be viewed as doubles in place.
  const bytes = new Uint8Array(POSITIONS_HEAD + size + 3 * HEADER);
  bytes.set(header('POSDATA'));
  bytes.set(bytesOf(transposed(cell)), HEADER);
  bytes.set(bytesOf(transposed(inverse(cell))), HEADER + 9 * 8);
  bytes.set(bytesOf(Int32Array.of(atoms)), POSITIONS_HEAD - INT32);
  (['STATUS', 'GETFORCE', 'STATUS'] as const).forEach((question, i) => {
    bytes.set(header(question), POSITIONS_HEAD + size + i * HEADER);
  });
  return { bytes, coordinates: new Float64Array(bytes.buffer, POSITIONS_HEAD, 3 * atoms) };
}

/** Bytes of forces, virial and the length of the extras, for `atoms` atoms. */
export function forceBodySize(atoms: number): number {
  return 8 * 3 * atoms + 8 * 9 + INT32;
}

/** The doubles in `bytes`, from the one at byte `from` on. */
export function doublesAt(bytes: Uint8Array, from: number, count: number): Float64Array {
  return new Float64Array(copied(bytes, from, 8 * count));
}

/** The int32 at byte `from`. */
export function int32At(bytes: Uint8Array, from: number): number {
  return new Int32Array(copied(bytes, from, INT32))[0];
}

/** Copied, as numbers must begin at a multiple of their size; by hand, as a Buffer's slice is none. */
function copied(bytes: Uint8Array, from: number, length: number): ArrayBuffer {
  return new Uint8Array(bytes.subarray(from, from + length)).buffer;
}

/** The int32 whose bytes are those of `value` in the opposite order. */
export function byteSwapped(value: number): number {
  return new Int32Array(Uint8Array.from(bytesOf(Int32Array.of(value))).reverse().buffer)[0];
}

/** Bytes as a person reads them: text where it is text, hexadecimal digits where it is not. */
export function legible(bytes: Uint8Array): string {
  const printable = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return printable
    ? `"${String.fromCharCode(...bytes).trimEnd()}"`
    : `the bytes ${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;
}

function bytesOf(numbers: Int32Array | Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

function transposed(m: ArrayLike<number>): Float64Array {
  return Float64Array.of(m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]);
}

/** The inverse of a 3 × 3 matrix, by cofactors. */
export function inverse(m: ArrayLike<number>): Float64Array {
  const cofactor = (a: number, b: number, c: number, d: number): number =>
    m[a] * m[d] - m[b] * m[c];
  const first = [cofactor(4, 5, 7, 8), cofactor(5, 3, 8, 6), cofactor(3, 4, 6, 7)];
  const volume = m[0] * first[0] + m[1] * first[1] + m[2] * first[2];
  return Float64Array.of(
    first[0],
    cofactor(2, 1, 8, 7),
    cofactor(1, 2, 4, 5),
    first[1],
    cofactor(0, 2, 6, 8),
    cofactor(2, 0, 5, 3),
    first[2],
    cofactor(1, 0, 7, 6),
    cofactor(0, 1, 3, 4),
  ).map((value) => value / volume);
}
