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
