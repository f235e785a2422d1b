import { erf, erfc } from './errorFunction.ts';
import { functionOf } from './functions.ts';
import { at, type LoopFrame } from './loopFrame.ts';
import type { Instruction, Program } from './lower.ts';

/**
 * A program and a frame as one JavaScript function, which the engine compiles to machine code;
 * undefined where a page's security policy forbids new functions.
 *
 * The source is written here and in the frames, of numbered locals, numbers and names from a fixed
 * list; no character of a user's text is in it.
 */
export function compileLoop<F>(
  program: Program,
  frame: LoopFrame,
  columns: Float64Array,
): F | undefined {
  const bound = { ...frame.bound, columns, erf, erfc };
  try {
    const make = new Function(
      ...Object.keys(bound),
      `"use strict";\nreturn (${frame.parameters.join(', ')}) => {\n${loopSource(program, frame)}\n};`,
    );
    // The source is ours, and so is the knowledge of what it is.
    return make(...Object.values(bound)) as F;
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}

/** The body of a function that sums a program over its terms. */
export function loopSource(program: Program, frame: LoopFrame): string {
  const { instructions, energy, slopes, columns } = program;
  const local = (slot: number): string => {
    const instruction = instructions[slot];
    // Numbers are written where they are used; parentheses keep a sign apart from a minus before it.
    if (instruction.operation === 'number') return `(${instruction.value})`;
    return instruction.operation === 'variable' ? `v${instruction.index}` : `t${slot}`;
  };
  const lines = instructions.flatMap((instruction, slot) =>
    instruction.operation === 'number' || instruction.operation === 'variable'
      ? []
      : [`const t${slot} = ${expressionOf(instruction, local, columns.length)};`],
  );
  return [
    'let total = 0;',
    ...frame.open,
    ...lines,
    `total += ${local(energy)};`,
    ...(frame.store?.(slopes.map(local)) ?? []),
    ...frame.close,
    'return total;',
  ].join('\n');
}

function expressionOf(
  instruction: Exclude<Instruction, { operation: 'number' | 'variable' }>,
  local: (slot: number) => string,
  columns: number,
): string {
  switch (instruction.operation) {
    case 'column':
      return `columns[${at(columns, instruction.index)}]`;
    case 'negate':
      return `-${local(instruction.of[0])}`;
    case 'call':
      return functionOf(instruction.name).emit(...instruction.of.map(local));
    default: {
      const [a, b] = instruction.of.map(local);
      return `${a} ${symbols[instruction.operation]} ${b}`;
    }
  }
}

const symbols = { add: '+', subtract: '-', multiply: '*', divide: '/' };
