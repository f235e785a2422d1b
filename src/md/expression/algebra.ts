/** A node of an expression, named by its place: a node's arguments have smaller numbers than itself. */
export type Node = number;

export type Operation = 'number' | 'input' | 'power' | CallName;

/** Operations of other nodes; `pow`, `call`s of the formula's functions and the arithmetic. */
export type CallName = 'add' | 'subtract' | 'multiply' | 'divide' | 'negate' | `call:${string}`;

export interface NodeRecord {
  readonly operation: Operation;
  readonly of: readonly Node[];
  /** Of a number: itself. Of an input: its index. Of a power: its whole exponent, at least 2. */
  readonly value: number;
}

/**
 * Expressions as one graph in which equal subexpressions are one node, simplified as they are built.
 *
 * Only identities are used that hold wherever both sides are finite, and that keep a double's digits:
 * constants fold, powers of one base join, signs and shared denominators move outwards. Thus the energy
 * and its derivatives share what they have in common.
 */
export interface Algebra {
  /** By node. */
  readonly nodes: readonly NodeRecord[];
  /** The value of a number node, else undefined. */
  constant(node: Node): number | undefined;
  number(value: number): Node;
  /** A quantity known at evaluation; `isSquare` says that it is never negative. */
  input(index: number, isSquare?: boolean): Node;
  add(a: Node, b: Node): Node;
  subtract(a: Node, b: Node): Node;
  multiply(a: Node, b: Node): Node;
  divide(a: Node, b: Node): Node;
  negate(a: Node): Node;
  /** a to a power that is a whole number, of either sign. */
  power(a: Node, exponent: number): Node;
  /** A function by name; numbers in, number out. */
  call(name: string, of: readonly Node[]): Node;
}

/** What functions of numbers are folded with. */
export type FoldFunction = (name: string, values: readonly number[]) => number;

/** An empty graph. */
export function expressionAlgebra(fold: FoldFunction): Algebra {
  const nodes: NodeRecord[] = [];
  const known = new Map<string, Node>();
  const squares = new Set<Node>();

  function intern(operation: Operation, of: readonly Node[], value = 0): Node {
    const key = `${operation} ${of.join(' ')} ${value}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    nodes.push({ operation, of, value });
    known.set(key, nodes.length - 1);
    return nodes.length - 1;
  }

  const constant = (node: Node): number | undefined =>
    nodes[node].operation === 'number' ? nodes[node].value : undefined;

  /** The arguments of `node` where it is such an operation. */
  function parts(node: Node, operation: Operation): readonly Node[] | undefined {
    return nodes[node].operation === operation ? nodes[node].of : undefined;
  }

  // −0 and 0 would be two constants that print alike.
  const number = (value: number): Node => intern('number', [], value === 0 ? 0 : value);

  /** The node whose root `node` is, where that is never negative, so that (√a)² is a. */
  function squareUnderRoot(node: Node): Node | undefined {
    const under = parts(node, 'call:sqrt')?.[0];
    return under !== undefined && squares.has(under) ? under : undefined;
  }

  function negate(a: Node): Node {
    const value = constant(a);
    if (value !== undefined) return number(-value);
    const inner = parts(a, 'negate');
    if (inner !== undefined) return inner[0];
    const difference = parts(a, 'subtract');
    if (difference !== undefined) return subtract(difference[1], difference[0]);
    const product = parts(a, 'multiply');
    const factor = product === undefined ? undefined : constant(product[0]);
    if (product !== undefined && factor !== undefined) {
      return multiply(number(-factor), product[1]);
    }
    return intern('negate', [a]);
  }

  function add(a: Node, b: Node): Node {
    const [left, right] = [constant(a), constant(b)];
    if (left !== undefined && right !== undefined) return number(left + right);
    if (left === 0) return b;
    if (right === 0) return a;
    if (a === b) return multiply(number(2), a);
    const negative = parts(b, 'negate');
    if (negative !== undefined) return subtract(a, negative[0]);
    const negated = parts(a, 'negate');
    if (negated !== undefined) return subtract(b, negated[0]);
    const quotients = overOneDenominator(a, b);
    if (quotients !== undefined) return divide(add(quotients.a, quotients.b), quotients.by);
    return intern('add', a < b ? [a, b] : [b, a]);
  }

  function subtract(a: Node, b: Node): Node {
    const [left, right] = [constant(a), constant(b)];
    if (left !== undefined && right !== undefined) return number(left - right);
    if (left === 0) return negate(b);
    if (right === 0) return a;
    if (a === b) return number(0);
    const negative = parts(b, 'negate');
    if (negative !== undefined) return add(a, negative[0]);
    const negated = parts(a, 'negate');
    if (negated !== undefined) return negate(add(negated[0], b));
    const quotients = overOneDenominator(a, b);
    if (quotients !== undefined) return divide(subtract(quotients.a, quotients.b), quotients.by);
    return intern('subtract', [a, b]);
  }

  function overOneDenominator(a: Node, b: Node): { a: Node; b: Node; by: Node } | undefined {
    const [left, right] = [parts(a, 'divide'), parts(b, 'divide')];
    if (left === undefined || right === undefined || left[1] !== right[1]) return undefined;
    return { a: left[0], b: right[0], by: left[1] };
  }

  function multiply(a: Node, b: Node): Node {
    const [left, right] = [constant(a), constant(b)];
    if (left !== undefined && right !== undefined) return number(left * right);
    if (right !== undefined) return multiply(b, a);
    if (left === 0) return a;
    if (left === 1) return b;
    if (left === -1) return negate(b);
    for (const [one, other] of [
      [a, b],
      [b, a],
    ]) {
      const negative = parts(one, 'negate');
      if (negative !== undefined) return negate(multiply(negative[0], other));
      // Constants go first, where they meet and fold.
      const product = parts(one, 'multiply');
      const factor = product === undefined ? undefined : constant(product[0]);
      if (product !== undefined && factor !== undefined) {
        return left === undefined
          ? multiply(product[0], multiply(product[1], other))
          : multiply(number(left * factor), product[1]);
      }
    }
    if (left !== undefined) {
      const quotient = parts(b, 'divide');
      return quotient === undefined
        ? intern('multiply', [a, b])
        : divide(multiply(a, quotient[0]), quotient[1]);
    }
    const joined = joinPowers(a, b);
    if (joined !== undefined) return joined;
    for (const [one, other] of [
      [a, b],
      [b, a],
    ]) {
      const quotient = parts(other, 'divide');
      if (quotient === undefined) continue;
      if (constant(quotient[0]) === 1) return divide(one, quotient[1]);
      const numerator = joinPowers(one, quotient[0]);
      if (numerator !== undefined) return divide(numerator, quotient[1]);
    }
    return intern('multiply', a < b ? [a, b] : [b, a]);
  }

  /** bᵐ · bⁿ as one power, or nothing where the bases differ. */
  function joinPowers(a: Node, b: Node): Node | undefined {
    const [left, right] = [baseOf(a), baseOf(b)];
    return left.base === right.base ? power(left.base, left.exponent + right.exponent) : undefined;
  }

  function baseOf(node: Node): { base: Node; exponent: number } {
    const base = parts(node, 'power')?.[0];
    return base === undefined ? { base: node, exponent: 1 } : { base, exponent: nodes[node].value };
  }

  function divide(a: Node, b: Node): Node {
    const [left, right] = [constant(a), constant(b)];
    if (left !== undefined && right !== undefined) return number(left / right);
    if (right === 1) return a;
    if (right === -1) return negate(a);
    if (left === 0) return a;
    // The reciprocal of a power of two is exact, and a product is faster.
    if (right !== undefined && Number.isInteger(Math.log2(Math.abs(right)))) {
      return multiply(number(1 / right), a);
    }
    const negative = parts(a, 'negate');
    if (negative !== undefined) return negate(divide(negative[0], b));
    const below = parts(b, 'negate');
    if (below !== undefined) return negate(divide(a, below[0]));
    return intern('divide', [a, b]);
  }

  function power(a: Node, exponent: number): Node {
    const value = constant(a);
    if (value !== undefined) return number(value ** exponent);
    if (exponent === 0) return number(1);
    if (exponent === 1) return a;
    if (exponent < 0) return divide(number(1), power(a, -exponent));
    const inner = parts(a, 'power');
    if (inner !== undefined) return power(inner[0], nodes[a].value * exponent);
    const negative = parts(a, 'negate');
    if (negative !== undefined) {
      const size = power(negative[0], exponent);
      return exponent % 2 === 0 ? size : negate(size);
    }
    if (exponent % 2 === 0) {
      const square = squareUnderRoot(a);
      if (square !== undefined) return power(square, exponent / 2);
      const quotient = parts(a, 'divide');
      const below = quotient === undefined ? undefined : squareUnderRoot(quotient[1]);
      if (quotient !== undefined && below !== undefined) {
        return power(divide(power(quotient[0], 2), below), exponent / 2);
      }
    }
    return intern('power', [a], exponent);
  }

  function call(name: string, of: readonly Node[]): Node {
    const values = of.map(constant);
    return values.every((each) => each !== undefined)
      ? number(fold(name, values))
      : intern(`call:${name}`, of);
  }

  function input(index: number, isSquare = false): Node {
    const node = intern('input', [], index);
    if (isSquare) squares.add(node);
    return node;
  }

  return { nodes, constant, number, input, add, subtract, multiply, divide, negate, power, call };
}
