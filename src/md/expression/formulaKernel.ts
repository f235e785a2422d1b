import { type Algebra, expressionAlgebra, type Node } from './algebra.ts';
import { buildExpression, type Scope } from './buildExpression.ts';
import { compileLoop } from './compileLoop.ts';
import { differentiate } from './differentiate.ts';
import { ExpressionError } from './expressionError.ts';
import { foldFunction } from './functions.ts';
import { interpreter } from './interpretProgram.ts';
import { arrayFrames, type LoopFrames } from './loopFrame.ts';
import { energyPart, lower, type Program } from './lower.ts';
import { parseFormula } from './parseFormula.ts';
import type { Formula } from './syntaxTree.ts';
import type { FusedLoops, TermKernel } from './termKernel.ts';

/** A quantity that a formula is evaluated for. */
export interface FormulaVariable {
  /** How formulas may call it; of several names a parameter may take all but the first. */
  readonly names: readonly string[];
  /** The kernel is given its square: a distance, whose root is taken only where the formula needs it. */
  readonly isSquared?: boolean;
}

/** What stands for the names of a formula, and how many terms it is summed over. */
export interface FormulaInputs {
  readonly variables: readonly FormulaVariable[];
  /** One number for all terms, or one a term, `[terms]`. */
  readonly parameters: ReadonlyMap<string, number | Float64Array>;
  readonly terms: number;
  readonly hints?: ReadonlyMap<string, string>;
  /** `pair 0–3`, for messages. */
  describe(term: number): string;
}

/**
 * The sum of a formula over terms, and its derivatives, differentiated symbolically and compiled.
 *
 * Parameters that the formula does not name are of no effect, as in OpenMM, where one list serves many
 * formulas.
 * @throws {ExpressionError} where the formula is wrong, defines what is also given as a parameter, or
 *   parameters of a term give a number that is not finite.
 */
export function formulaKernel(text: string, inputs: FormulaInputs): TermKernel {
  const formula = parseFormula(text);
  const graph = expressionAlgebra(foldFunction);
  const { scope, variables, perTerm } = namesInto(graph, inputs);
  const { value, used } = buildExpression(formula, scope, graph);
  refuseShadowed(formula, inputs, used);

  const slopes = variables.map((variable) => differentiate(graph, value, variable));
  const indexOf = new Map(variables.map((node, i) => [node, i]));
  const program = lower(graph, { energy: value, slopes, variableOf: (node) => indexOf.get(node) });
  const columns = evaluateColumns(text, graph, program, perTerm, inputs);
  return programKernel(program, variables.length, columns);
}

/** The compiled loops of a program; interpreted where functions may not be made. */
function programKernel(program: Program, variables: number, columns: Float64Array): TermKernel {
  const frames = arrayFrames(variables);
  const interpreted = interpreter(program, variables);
  const energy = compileLoop<TermKernel['energy']>(energyPart(program), frames.energy, columns);
  const slopes = compileLoop<TermKernel['energyAndSlopes']>(program, frames.gradient, columns);
  return {
    variables,
    evaluationsPerGradient: 1,
    energy: energy ?? ((values, from, to) => interpreted(values, columns, from, to)),
    energyAndSlopes:
      slopes ?? ((values, from, to, out) => interpreted(values, columns, from, to, out)),
    fuse(around: LoopFrames) {
      const alone = compileLoop<FusedLoops['energy']>(energyPart(program), around.energy, columns);
      const both = compileLoop<FusedLoops['gradient']>(program, around.gradient, columns);
      return alone && both && { energy: alone, gradient: both };
    },
  };
}

interface Names {
  readonly scope: Scope;
  /** The input node of each variable. */
  readonly variables: readonly Node[];
  /** The input node of each parameter that differs between terms, with its values. */
  readonly perTerm: ReadonlyMap<Node, Float64Array>;
}

/** Makes nodes of variables and parameters; what is the same for all terms is a number like any other. */
function namesInto(graph: Algebra, inputs: FormulaInputs): Names {
  const names = new Map<string, Node>();
  const perTerm = new Map<Node, Float64Array>();
  const variables = inputs.variables.map(({ names: aliases, isSquared = false }, i) => {
    const input = graph.input(i, isSquared);
    const node = isSquared ? graph.call('sqrt', [input]) : input;
    for (const alias of aliases) names.set(alias, node);
    return input;
  });
  for (const [name, value] of inputs.parameters) {
    if (typeof value === 'number') {
      names.set(name, graph.number(value));
    } else if (value.every((each) => each === value[0]) && value.length > 0) {
      names.set(name, graph.number(value[0]));
    } else {
      const node = graph.input(inputs.variables.length + perTerm.size);
      perTerm.set(node, value);
      names.set(name, node);
    }
  }
  const { hints } = inputs;
  return { scope: { names, ...(hints && { hints }) }, variables, perTerm };
}

/** Refuses a number given to what the formula defines, since nothing would come of it. */
function refuseShadowed(formula: Formula, inputs: FormulaInputs, used: ReadonlySet<string>): void {
  for (const { name, start, end } of formula.definitions) {
    if (!inputs.parameters.has(name) || used.has(name)) continue;
    throw new ExpressionError(
      `parameter "${name}" is of no effect: the formula defines "${name}" itself`,
      formula.text,
      { start, end },
    );
  }
}

/** What depends on parameters alone, `[terms, columns]`. */
function evaluateColumns(
  text: string,
  graph: Algebra,
  { columns }: Program,
  perTerm: ReadonlyMap<Node, Float64Array>,
  inputs: FormulaInputs,
): Float64Array {
  const { terms } = inputs;
  const found = new Float64Array(terms * columns.length);
  if (columns.length === 0) return found;
  const given = [...perTerm];
  const indexOf = new Map(given.map(([node], i) => [node, i]));
  const table = new Float64Array(terms * given.length);
  given.forEach(([, values], i) => {
    for (let term = 0; term < terms; term++) table[term * given.length + i] = values[term];
  });
  const program = lower(graph, {
    energy: columns[0],
    slopes: columns,
    variableOf: (node) => indexOf.get(node),
  });
  interpreter(program, given.length)(table, new Float64Array(0), 0, terms, found);
  refuseUseless(text, graph, columns, found, inputs);
  return found;
}

/** Refuses parameters of a term that make no number of what stands in the columns. */
function refuseUseless(
  text: string,
  { nodes }: Algebra,
  columns: readonly Node[],
  found: Float64Array,
  { describe, parameters }: FormulaInputs,
): void {
  // What is not finite may stand in the branch that is not taken for just these parameters.
  if (nodes.some(({ operation }) => operation === 'call:select')) return;
  const divisors = new Set(
    nodes.filter(({ operation }) => operation === 'divide').map(({ of }) => of[1]),
  );
  found.forEach((value, i) => {
    const isDivision = value === 0 && divisors.has(columns[i % columns.length]);
    if (Number.isFinite(value) && !isDivision) return;
    const term = Math.floor(i / columns.length);
    const given = [...parameters].map(
      ([name, each]) => `${name} = ${typeof each === 'number' ? each : each[term]}`,
    );
    throw new ExpressionError(
      `the parameters of ${describe(term)} give ${isDivision ? 'a division by zero' : value} ` +
        `(${given.join(', ')})`,
      text,
      { start: 0, end: text.length },
    );
  });
}
