import { Matrix, solve } from 'ml-matrix';

/** A transition matrix, rows from, columns to. */
export type Chain = readonly (readonly number[])[];

/**
 * Accepted moves of Metropolis–Hastings with the proposal rows `q`, one that stays where it is included;
 * what is missing to one in a row is rejected. `refused(x, y)` is rejected outright.
 */
export function acceptedMoves(
  target: readonly number[],
  q: Chain,
  refused: (x: number, y: number) => boolean = () => false,
): Chain {
  return target.map((_, x) =>
    target.map((_, y) =>
      q[x][y] === 0 || refused(x, y)
        ? 0
        : q[x][y] * Math.min(1, (target[y] * q[y][x]) / (target[x] * q[x][y])),
    ),
  );
}

/** The chain of these accepted moves: rejected ones stay. */
export function chainOf(accepted: Chain): Chain {
  return accepted.map((own, x) => own.map((p, y) => (x === y ? p + rejection(own) : p)));
}

function rejection(own: readonly number[]): number {
  return 1 - own.reduce((sum, p) => sum + p, 0);
}

/** One chain after the other. */
export function after(first: Chain, second: Chain): Chain {
  return new Matrix(first.map((own) => [...own]))
    .mmul(new Matrix(second.map((own) => [...own])))
    .to2DArray();
}

/** The distribution p = p T, from the linear equations with Σ p = 1 in place of one of them. */
export function stationaryDistribution(chain: Chain): number[] {
  const size = chain.length;
  const equations = Matrix.eye(size).sub(new Matrix(chain.map((own) => [...own])).transpose());
  equations.setRow(size - 1, new Array<number>(size).fill(1));
  const right = Matrix.zeros(size, 1);
  right.set(size - 1, 0, 1);
  return solve(equations, right).to1DArray();
}

/** ½ Σ |p − q|. */
export function totalVariation(p: readonly number[], q: readonly number[]): number {
  return 0.5 * p.reduce((sum, value, i) => sum + Math.abs(value - q[i]), 0);
}

/**
 * What a schedule that goes to MD once a flow move is accepted, and back to the flow after it, records at
 * every step: the marginal over configurations of the chain over (configuration, next kernel).
 */
export function switchingMarginal(acceptedFlow: Chain, local: Chain): number[] {
  const size = local.length;
  const joint = Array.from({ length: 2 * size }, () => new Array<number>(2 * size).fill(0));
  for (let x = 0; x < size; x++) {
    joint[x][x] = rejection(acceptedFlow[x]);
    for (let y = 0; y < size; y++) {
      joint[x][size + y] = acceptedFlow[x][y];
      joint[size + x][y] = local[x][y];
    }
  }
  const p = stationaryDistribution(joint);
  return Array.from({ length: size }, (_, x) => p[x] + p[size + x]);
}
