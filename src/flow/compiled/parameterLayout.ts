import { ShapeError } from '../../core/errors.ts';
import { type Graph, sizeOf, type Value } from './graph.ts';
import { concat, reshape, slice } from './layout.ts';

/**
 * Where each parameter lies in one vector that holds them all.
 *
 * One vector, because an optimiser of one large variable is a few operations where one of a hundred
 * small variables is hundreds. Parameters start at multiples of 64 bytes, at which TensorFlow takes
 * them out of the vector without a copy.
 */
export interface ParameterLayout {
  /** Length of the vector, gaps included. */
  readonly length: number;
  /** Parameters into one vector; the gaps are zero. @throws {ShapeError} where a size is wrong. */
  join(parameters: readonly Float32Array[]): Float32Array;
  /** Copies of the parameters in a vector. */
  split(vector: Float32Array): Float32Array[];
  /** The parameters, shaped, out of a vector in a graph. */
  splitIn(graph: Graph, vector: Value): Value[];
  /** A vector in a graph out of shaped parameters. */
  joinIn(graph: Graph, parameters: readonly Value[]): Value;
}

const ALIGNMENT = 16;

/** The layout of parameters of these shapes. */
export function parameterLayout(shapes: readonly (readonly number[])[]): ParameterLayout {
  const sizes = shapes.map(sizeOf);
  const starts: number[] = [];
  let length = 0;
  for (const size of sizes) {
    starts.push(length);
    length += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
  }
  // A flow without parameters still has a vector to feed.
  length = Math.max(length, ALIGNMENT);
  const gapAfter = (i: number): number => (starts[i + 1] ?? length) - starts[i] - sizes[i];

  return {
    length,
    join(parameters) {
      if (parameters.length !== shapes.length) {
        throw new ShapeError(`expected ${shapes.length} parameters, got ${parameters.length}`);
      }
      const vector = new Float32Array(length);
      parameters.forEach((parameter, i) => {
        if (parameter.length !== sizes[i]) {
          throw new ShapeError(
            `parameter ${i} of shape [${shapes[i]}] expected ${sizes[i]} numbers, got ${parameter.length}`,
          );
        }
        vector.set(parameter, starts[i]);
      });
      return vector;
    },
    split: (vector) => sizes.map((size, i) => vector.slice(starts[i], starts[i] + size)),
    splitIn: (graph, vector) =>
      shapes.map((shape, i) =>
        reshape(graph, slice(graph, vector, [starts[i]], [sizes[i]]), shape),
      ),
    joinIn: (graph, parameters) =>
      concat(
        graph,
        parameters.flatMap((parameter, i) => [
          reshape(graph, parameter, [sizes[i]]),
          graph.constant([0], [gapAfter(i)], 'float32'),
        ]),
        0,
      ),
  };
}
