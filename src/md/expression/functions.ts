import type { Algebra, Node } from './algebra.ts';
import { erf, erfc } from './errorFunction.ts';

/** A function that formulas know. */
export interface FormulaFunction {
  readonly arity: number;
  /** Its value. */
  evaluate(...values: number[]): number;
  /** JavaScript for its value, of locals and numbers. */
  emit(...locals: string[]): string;
  /** What it is built of in the graph, where that is simpler than a call. */
  build?(a: Algebra, of: readonly Node[]): Node;
  /**
   * The derivative of f(u, v, …) where u, v, … change by `change`; `self` is f(u, v, …). Zero where
   * missing: OpenMM's convention for step, delta, floor and ceil, also at their jumps.
   */
  derivative?(a: Algebra, of: readonly Node[], change: readonly Node[], self: Node): Node;
}

/** f′(u) u′ of a function of one value. */
type Chain = (a: Algebra, u: Node, self: Node) => Node;

function ofOne(
  evaluate: (x: number) => number,
  emit: (x: string) => string,
  slope?: Chain,
): FormulaFunction {
  return {
    arity: 1,
    evaluate,
    emit,
    ...(slope && {
      derivative: (a, [u], [du], self) => a.multiply(slope(a, u, self), du),
    }),
  };
}

type MathName =
  | ('exp' | 'log' | 'sin' | 'cos' | 'tan' | 'asin' | 'acos' | 'atan')
  | ('sinh' | 'cosh' | 'tanh' | 'abs' | 'floor' | 'ceil');

/** As `Math` has it. */
function ofMath(name: MathName, slope?: Chain): FormulaFunction {
  return ofOne(Math[name], (x) => `Math.${name}(${x})`, slope);
}

/** A shorthand, built of other operations and never called itself. */
function shorthand(
  evaluate: (x: number) => number,
  build: (a: Algebra, x: Node) => Node,
): FormulaFunction {
  const never = (): never => {
    throw new Error('a shorthand is built of other operations');
  };
  return { arity: 1, evaluate, emit: never, build: (a, [x]) => build(a, x) };
}

const reciprocal = (a: Algebra, x: Node): Node => a.divide(a.number(1), x);
const square = (a: Algebra, x: Node): Node => a.power(x, 2);

/** 1/√(1 − u²). */
const arc: Chain = (a, u) => reciprocal(a, a.call('sqrt', [a.subtract(a.number(1), square(a, u))]));

/** 2/√π exp(−u²). */
const bell: Chain = (a, u) =>
  a.multiply(a.number(2 / Math.sqrt(Math.PI)), a.call('exp', [a.negate(square(a, u))]));

/**
 * The functions of OpenMM's custom forces, by name.
 *
 * step(x) is 1 where x ≥ 0, delta(x) is 1 where x = 0, select(c, a, b) is a where c ≠ 0. The derivative
 * of |x| at 0 is +1; of min(a, b) and max(a, b) at a = b it is that of b and of a.
 */
export const formulaFunctions: ReadonlyMap<string, FormulaFunction> = new Map<
  string,
  FormulaFunction
>([
  [
    'sqrt',
    {
      ...ofOne(Math.sqrt, (x) => `Math.sqrt(${x})`),
      derivative: (a, _, [du], self) => a.divide(a.multiply(a.number(0.5), du), self),
    },
  ],
  ['exp', ofMath('exp', (_a, _u, self) => self)],
  ['log', ofMath('log', reciprocal)],
  ['sin', ofMath('sin', (a, u) => a.call('cos', [u]))],
  ['cos', ofMath('cos', (a, u) => a.negate(a.call('sin', [u])))],
  ['tan', ofMath('tan', (a, _u, self) => a.add(a.number(1), square(a, self)))],
  [
    'sec',
    shorthand(
      (x) => 1 / Math.cos(x),
      (a, x) => reciprocal(a, a.call('cos', [x])),
    ),
  ],
  [
    'csc',
    shorthand(
      (x) => 1 / Math.sin(x),
      (a, x) => reciprocal(a, a.call('sin', [x])),
    ),
  ],
  [
    'cot',
    shorthand(
      (x) => 1 / Math.tan(x),
      (a, x) => reciprocal(a, a.call('tan', [x])),
    ),
  ],
  ['asin', ofMath('asin', arc)],
  ['acos', ofMath('acos', (a, u, self) => a.negate(arc(a, u, self)))],
  ['atan', ofMath('atan', (a, u) => reciprocal(a, a.add(a.number(1), square(a, u))))],
  [
    'atan2',
    {
      arity: 2,
      evaluate: Math.atan2,
      emit: (y, x) => `Math.atan2(${y}, ${x})`,
      derivative: (a, [y, x], [dy, dx]) =>
        a.divide(
          a.subtract(a.multiply(x, dy), a.multiply(y, dx)),
          a.add(square(a, x), square(a, y)),
        ),
    },
  ],
  ['sinh', ofMath('sinh', (a, u) => a.call('cosh', [u]))],
  ['cosh', ofMath('cosh', (a, u) => a.call('sinh', [u]))],
  ['tanh', ofMath('tanh', (a, _u, self) => a.subtract(a.number(1), square(a, self)))],
  ['erf', ofOne(erf, (x) => `erf(${x})`, bell)],
  [
    'erfc',
    ofOne(
      erfc,
      (x) => `erfc(${x})`,
      (a, u, self) => a.negate(bell(a, u, self)),
    ),
  ],
  [
    'step',
    ofOne(
      (x) => (x >= 0 ? 1 : 0),
      (x) => `(${x} >= 0 ? 1 : 0)`,
    ),
  ],
  [
    'delta',
    ofOne(
      (x) => (x === 0 ? 1 : 0),
      (x) => `(${x} === 0 ? 1 : 0)`,
    ),
  ],
  ['square', shorthand((x) => x * x, square)],
  [
    'cube',
    shorthand(
      (x) => x * x * x,
      (a, x) => a.power(x, 3),
    ),
  ],
  ['recip', shorthand((x) => 1 / x, reciprocal)],
  ['min', extreme('min')],
  ['max', extreme('max')],
  [
    'abs',
    ofMath('abs', (a, u) => a.call('select', [a.call('step', [u]), a.number(1), a.number(-1)])),
  ],
  ['floor', ofMath('floor')],
  ['ceil', ofMath('ceil')],
  [
    'select',
    {
      arity: 3,
      evaluate: (condition, yes, no) => (condition !== 0 ? yes : no),
      emit: (condition, yes, no) => `(${condition} !== 0 ? ${yes} : ${no})`,
      build: (a, of) => select(a, of[0], of[1], of[2]),
      derivative: (a, [condition], [, yes, no]) => select(a, condition, yes, no),
    },
  ],
]);

/** x^y where y is no whole number that is known beforehand. */
export const generalPower: FormulaFunction = {
  arity: 2,
  evaluate: (x, y) => x ** y,
  emit: (x, y) => `Math.pow(${x}, ${y})`,
  derivative(a, [x, y], [dx, dy], self) {
    const byBase = a.multiply(a.multiply(y, raise(a, x, a.subtract(y, a.number(1)))), dx);
    // Without this the logarithm of a base that may be zero would enter for nothing.
    if (a.constant(dy) === 0) return byBase;
    // 0^y is 0 for all y above zero, where the logarithm alone would make it NaN.
    const logarithm = select(a, self, a.call('log', [x]), a.number(0));
    return a.add(byBase, a.multiply(a.multiply(logarithm, self), dy));
  },
};

// Beyond, repeated multiplication is neither faster nor better than `Math.pow`.
const largestWholeExponent = 1024;

/** x^y: a whole power or a root where y is one. */
export function raise(a: Algebra, x: Node, y: Node): Node {
  const exponent = a.constant(y);
  if (exponent === undefined) return a.call('pow', [x, y]);
  if (Number.isInteger(exponent) && Math.abs(exponent) <= largestWholeExponent) {
    return a.power(x, exponent);
  }
  if (exponent === 0.5) return a.call('sqrt', [x]);
  if (exponent === -0.5) return reciprocal(a, a.call('sqrt', [x]));
  return a.call('pow', [x, y]);
}

/** The function of a call node. */
export function functionOf(name: string): FormulaFunction {
  const found = name === 'pow' ? generalPower : formulaFunctions.get(name);
  if (found === undefined) throw new Error(`no function "${name}" in this graph`);
  return found;
}

/** The result of a function of numbers. */
export function foldFunction(name: string, values: readonly number[]): number {
  return functionOf(name).evaluate(...values);
}

/** `yes` where the condition is not zero, else `no`. */
function select(a: Algebra, condition: Node, yes: Node, no: Node): Node {
  const known = a.constant(condition);
  if (known !== undefined) return known !== 0 ? yes : no;
  return yes === no ? yes : a.call('select', [condition, yes, no]);
}

/** The smaller or the larger of two values; its derivative follows the value that it is. */
function extreme(name: 'min' | 'max'): FormulaFunction {
  return {
    arity: 2,
    evaluate: Math[name],
    emit: (x, y) => `Math.${name}(${x}, ${y})`,
    derivative(a, [u, v], [du, dv]) {
      const firstIsLarger = a.call('step', [a.subtract(u, v)]);
      return name === 'min' ? select(a, firstIsLarger, dv, du) : select(a, firstIsLarger, du, dv);
    },
  };
}
