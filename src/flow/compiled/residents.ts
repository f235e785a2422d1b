import type { Input } from '../stepper.ts';
import type { GraphRuntime, Resident } from './runtime.ts';

/** Calls `use` and disposes of the residents afterwards, whatever happens. */
export function withResidents<Result>(
  residents: readonly Resident[],
  use: (residents: readonly Resident[]) => Result,
): Result {
  try {
    return use(residents);
  } finally {
    for (const resident of residents) resident.dispose();
  }
}

/** The numbers of residents, which are disposed of. @throws {TypeError} where one holds integers. */
export function taken(residents: readonly Resident[]): Float32Array[] {
  return withResidents(residents, (all) =>
    all.map((resident) => {
      const numbers = resident.read();
      return numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
    }),
  );
}

/** Inputs in the runtime's memory. */
export function placed(runtime: GraphRuntime, inputs: readonly Input[]): Resident[] {
  return inputs.map((input) => runtime.place(input.data, input.shape));
}

/** A number in the runtime's memory. */
export function placedScalar(runtime: GraphRuntime, value: number): Resident {
  return runtime.place(Float32Array.of(value), []);
}

/** Doubles in the runtime's memory as pairs of int32, `[…shape, 2]`: their bits, all 64 of them. */
export function placedBits(
  runtime: GraphRuntime,
  numbers: Float64Array,
  shape: readonly number[],
): Resident {
  const bits = new Int32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length);
  return runtime.place(bits, [...shape, 2]);
}

/** The doubles behind residents that hold their bits; the residents are disposed of. */
export function takenBits(residents: readonly Resident[]): Float64Array[] {
  return withResidents(residents, (all) =>
    all.map((resident) => {
      const bits = resident.read();
      return new Float64Array(bits.buffer, bits.byteOffset, bits.length / 2);
    }),
  );
}
