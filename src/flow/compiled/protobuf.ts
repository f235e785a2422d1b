/**
 * Writes the wire format of protocol buffers: varints, 32-bit floats and length-delimited fields.
 * protobuf.dev/programming-guides/encoding
 */
export interface ProtobufWriter {
  /** A field of type bool, enum, int32, int64 or uint64. */
  integer(field: number, value: number): void;
  /** A field of type float. */
  float(field: number, value: number): void;
  text(field: number, value: string): void;
  bytes(field: number, value: Uint8Array): void;
  message(field: number, write: (inner: ProtobufWriter) => void): void;
  /** An entry of a map from names to messages. */
  entry(field: number, key: string, write: (inner: ProtobufWriter) => void): void;
}

/** The bytes of a message. */
export function protobuf(write: (message: ProtobufWriter) => void): Uint8Array {
  const chunks: Uint8Array[] = [];
  const writer: ProtobufWriter = {
    integer(field, value) {
      chunks.push(varint(field * 8 + VARINT), varint(value));
    },
    float(field, value) {
      const bits = new Uint8Array(4);
      new DataView(bits.buffer).setFloat32(0, value, true);
      chunks.push(varint(field * 8 + FIXED32), bits);
    },
    text: (field, value) => writer.bytes(field, new TextEncoder().encode(value)),
    bytes(field, value) {
      chunks.push(varint(field * 8 + LENGTH_DELIMITED), varint(value.length), value);
    },
    message: (field, inner) => writer.bytes(field, protobuf(inner)),
    entry: (field, key, inner) =>
      writer.message(field, (pair) => {
        pair.text(1, key);
        pair.message(2, inner);
      }),
  };
  write(writer);
  return joined(chunks);
}

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** Seven bits a byte, lowest first; a negative number is its 64-bit two's complement. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    out.set(chunk, offset);
    offset += chunk.length;
  }
  return out;
}
