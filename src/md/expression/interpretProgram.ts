import { functionOf } from './functions.ts';
import type { Program } from './lower.ts';

/** Runs a program over the terms `from` to `to`, and returns Σ u; see `interpreter`. */
export type Interpreter = (
  values: Float64Array,
  columns: Float64Array,
  from: number,
  to: number,
  slopes?: Float64Array,
) => number;

/**
 * A program instruction by instruction, some thirty times slower than compiled, with the same bytes.
 *
 * `values` is `[terms, variables]`, `columns` is `[terms, columns]`; slopes are written where there is an
 * array for them, `[terms, slopes]`.
 */
export function interpreter(program: Program, variables: number): Interpreter {
  const slots = new Float64Array(program.instructions.length);
  const layout = { variables, columns: program.columns.length };
  return (values, columns, from, to, slopes) => {
    let total = 0;
    for (let term = from; term < to; term++) {
      runTerm(program, layout, slots, values, columns, term);
      total += slots[program.energy];
      if (slopes === undefined) continue;
      program.slopes.forEach((slot, i) => {
        slopes[term * program.slopes.length + i] = slots[slot];
      });
    }
    return total;
  };
}

/** What one term occupies in the arrays. */
interface TermLayout {
  readonly variables: number;
  readonly columns: number;
}

function runTerm(
  { instructions }: Program,
  layout: TermLayout,
  slots: Float64Array,
  values: Float64Array,
  columns: Float64Array,
  term: number,
): void {
  instructions.forEach((instruction, slot) => {
    switch (instruction.operation) {
      case 'number':
        slots[slot] = instruction.value;
        return;
      case 'variable':
        slots[slot] = values[term * layout.variables + instruction.index];
        return;
      case 'column':
        slots[slot] = columns[term * layout.columns + instruction.index];
        return;
      case 'negate':
        slots[slot] = -slots[instruction.of[0]];
        return;
      case 'call':
        slots[slot] = functionOf(instruction.name).evaluate(
          ...instruction.of.map((each) => slots[each]),
        );
        return;
      default: {
        const [a, b] = instruction.of;
        slots[slot] = arithmetic[instruction.operation](slots[a], slots[b]);
      }
    }
  });
}

const arithmetic = {
  add: (a: number, b: number): number => a + b,
  subtract: (a: number, b: number): number => a - b,
  multiply: (a: number, b: number): number => a * b,
  divide: (a: number, b: number): number => a / b,
};
