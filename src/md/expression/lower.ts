import type { Algebra, Node } from './algebra.ts';
import { powerChain } from './powerChain.ts';

/** Where a result is kept while a program runs. */
export type Slot = number;

/** One operation of a program; its result goes into the slot of its own number. */
export type Instruction =
  | { readonly operation: 'number'; readonly value: number }
  | { readonly operation: 'variable'; readonly index: number }
  | { readonly operation: 'column'; readonly index: number }
  | {
      readonly operation: 'add' | 'subtract' | 'multiply' | 'divide';
      readonly of: readonly [Slot, Slot];
    }
  | { readonly operation: 'negate'; readonly of: readonly [Slot] }
  | { readonly operation: 'call'; readonly name: string; readonly of: readonly Slot[] };

/** Instructions in an order in which each uses only what came before it. */
export interface Program {
  readonly instructions: readonly Instruction[];
  readonly energy: Slot;
  /** By variable. */
  readonly slopes: readonly Slot[];
  /** The nodes whose values stand in the columns: what depends on parameters alone. */
  readonly columns: readonly Node[];
}

/** What is asked of a graph. */
export interface Wanted {
  readonly energy: Node;
  readonly slopes: readonly Node[];
  /** The index of an input node that is a variable, else undefined: then it is a parameter. */
  variableOf(input: Node): number | undefined;
}

/**
 * Puts a graph in order for evaluation in a loop over terms.
 *
 * What depends on parameters alone is left to columns, one number a term, computed once. Whole powers
 * become products that share their factors, and divisions by one thing a product with its reciprocal.
 * All this is decided for energy and slopes together: the energy has the same bytes with and without them.
 */
export function lower(a: Algebra, wanted: Wanted): Program {
  const { nodes } = a;
  const needed = neededNodes(a, [wanted.energy, ...wanted.slopes]);
  const varies = new Set<Node>();
  for (const node of needed) {
    const { operation, of } = nodes[node];
    const isVariable = operation === 'input' && wanted.variableOf(node) !== undefined;
    if (isVariable || of.some((each) => varies.has(each))) varies.add(node);
  }

  const exponents = new Map<Node, number[]>();
  const divisions = new Map<Node, number>();
  for (const node of needed) {
    if (!varies.has(node)) continue;
    const { operation, of, value } = nodes[node];
    if (operation === 'power') exponents.set(of[0], [...(exponents.get(of[0]) ?? []), value]);
    if (operation === 'divide') divisions.set(of[1], (divisions.get(of[1]) ?? 0) + 1);
  }

  const instructions: Instruction[] = [];
  const columns: Node[] = [];
  const slots = new Map<Node, Slot>();
  const reciprocals = new Map<Node, Slot>();

  function emit(instruction: Instruction): Slot {
    instructions.push(instruction);
    return instructions.length - 1;
  }

  function slotOf(node: Node): Slot {
    const known = slots.get(node);
    if (known !== undefined) return known;
    const slot = varies.has(node) ? instruct(node) : emit(fixed(node));
    slots.set(node, slot);
    return slot;
  }

  function fixed(node: Node): Instruction {
    const value = a.constant(node);
    if (value !== undefined) return { operation: 'number', value };
    columns.push(node);
    return { operation: 'column', index: columns.length - 1 };
  }

  function instruct(node: Node): Slot {
    const { operation, of, value } = nodes[node];
    switch (operation) {
      case 'number':
        return emit({ operation, value });
      case 'input':
        return emit({ operation: 'variable', index: wanted.variableOf(node) ?? value });
      case 'power':
        return powers(of[0]).get(value)!;
      case 'divide':
        return quotient(of[0], of[1]);
      case 'negate':
        return emit({ operation, of: [slotOf(of[0])] });
      case 'add':
      case 'subtract':
      case 'multiply':
        return emit({ operation, of: [slotOf(of[0]), slotOf(of[1])] });
      default:
        return emit({
          operation: 'call',
          name: operation.slice('call:'.length),
          of: of.map(slotOf),
        });
    }
  }

  /** All needed powers of `base` at once, by exponent. */
  function powers(base: Node): ReadonlyMap<number, Slot> {
    const found = new Map<number, Slot>([[1, slotOf(base)]]);
    for (const [exponent, i, j] of powerChain(exponents.get(base) ?? [])) {
      const factors: [Slot, Slot] = [found.get(i)!, found.get(j)!];
      found.set(exponent, emit({ operation: 'multiply', of: factors }));
    }
    for (const node of needed) {
      const { operation, of, value } = nodes[node];
      if (operation === 'power' && of[0] === base) slots.set(node, found.get(value)!);
    }
    return found;
  }

  function quotient(above: Node, below: Node): Slot {
    if ((divisions.get(below) ?? 0) < 2 || a.constant(below) !== undefined) {
      return emit({ operation: 'divide', of: [slotOf(above), slotOf(below)] });
    }
    let reciprocal = reciprocals.get(below);
    if (reciprocal === undefined) {
      const one = slotOf(a.number(1));
      reciprocal = emit({ operation: 'divide', of: [one, slotOf(below)] });
      reciprocals.set(below, reciprocal);
    }
    return a.constant(above) === 1
      ? reciprocal
      : emit({ operation: 'multiply', of: [slotOf(above), reciprocal] });
  }

  // Upwards through the graph, so that no call nests deeper than one node.
  for (const node of needed) if (varies.has(node)) slotOf(node);
  const energy = slotOf(wanted.energy);
  return { instructions, energy, slopes: wanted.slopes.map(slotOf), columns };
}

/** The part of a program that its energy needs. */
export function energyPart(program: Program): Program {
  const { instructions, energy, columns } = program;
  const isNeeded = new Array<boolean>(instructions.length).fill(false);
  isNeeded[energy] = true;
  for (let slot = energy; slot >= 0; slot--) {
    const instruction = instructions[slot];
    if (isNeeded[slot] && 'of' in instruction) {
      for (const each of instruction.of) isNeeded[each] = true;
    }
  }
  const renumbered = new Map<Slot, Slot>();
  const kept: Instruction[] = [];
  instructions.forEach((instruction, slot) => {
    if (!isNeeded[slot]) return;
    renumbered.set(slot, kept.length);
    kept.push(withSlots(instruction, (each) => renumbered.get(each)!));
  });
  return { instructions: kept, energy: kept.length - 1, slopes: [], columns };
}

function withSlots(instruction: Instruction, to: (slot: Slot) => Slot): Instruction {
  switch (instruction.operation) {
    case 'number':
    case 'variable':
    case 'column':
      return instruction;
    case 'negate':
      return { ...instruction, of: [to(instruction.of[0])] };
    case 'call':
      return { ...instruction, of: instruction.of.map(to) };
    default:
      return { ...instruction, of: [to(instruction.of[0]), to(instruction.of[1])] };
  }
}

/** What the roots are made of, in the order of the graph: arguments first. */
function neededNodes(a: Algebra, roots: readonly Node[]): Node[] {
  const isNeeded = new Set(roots);
  const found: Node[] = [];
  for (let node = Math.max(...roots); node >= 0; node--) {
    if (!isNeeded.has(node)) continue;
    found.push(node);
    for (const each of a.nodes[node].of) isNeeded.add(each);
  }
  return found.reverse();
}
