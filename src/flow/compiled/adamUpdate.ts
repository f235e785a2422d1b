import type { AdamOptions } from '../stepper.ts';
import { arithmetic, unary } from './arithmetic.ts';
import type { Graph, GraphNode, Value } from './graph.ts';
import { predicate, real, select } from './kernels/elementwise.ts';
import type { Variable } from './variables.ts';

/** What an Adam step is fed with, besides its gradient. */
export interface AdamFeeds {
  /** α √(1 − β₂ᵗ) / (1 − β₁ᵗ) */
  readonly rate: Value;
  /** ε √(1 − β₂ᵗ) */
  readonly epsilon: Value;
}

export interface AdamUpdate {
  /** Has run when weights and moments have their new values. */
  readonly node: GraphNode;
  /** Euclidean norm of the gradient before clipping. */
  readonly norm: Value;
  /** Whether loss and gradient are finite; where not, nothing changes. */
  readonly finite: Value;
}

/**
 * One Adam step of a vector of weights, with its gradient clipped to a largest norm.
 *
 *     m ← m + (g − m)(1 − β₁),   v ← v + (g² − v)(1 − β₂),   w ← w − rate · m / (√v + epsilon)
 *
 * A step whose loss or gradient is not finite is made with g = 0, β₁ = β₂ = 1 and a rate of 0, which
 * leaves every number as it is: a branch in the graph would slow down all the others.
 * Kingma & Ba, ICLR 2015, arXiv:1412.6980.
 */
export function adamUpdate(
  graph: Graph,
  variables: { readonly weights: Variable; readonly first: Variable; readonly second: Variable },
  loss: Value,
  gradient: Value,
  feeds: AdamFeeds,
  options: AdamOptions,
): AdamUpdate {
  const type = { type: 'float32' } as const;
  const halfSquare = graph.op('L2Loss', [gradient], { T: type }, 'float32', []);
  const norm = unary(graph, 'Sqrt', arithmetic(graph, 'Mul', halfSquare, real(graph, 2)));
  const finiteness = (x: Value): Value => graph.op('IsFinite', [x], { T: type }, 'bool', []);
  const finite = predicate(graph, 'LogicalAnd', finiteness(loss), finiteness(norm));
  const whereFinite = (yes: Value, no: number): Value =>
    select(graph, finite, yes, real(graph, no));
  const limit = real(graph, options.clipNorm);
  const shrink = arithmetic(graph, 'RealDiv', limit, arithmetic(graph, 'Maximum', norm, limit));
  const clipped = graph.op(
    'MulNoNan',
    [gradient, whereFinite(shrink, 0)],
    { T: type },
    'float32',
    gradient.shape,
  );
  const { node } = graph.effect(
    'ResourceApplyAdam',
    [
      variables.weights.handle,
      variables.first.handle,
      variables.second.handle,
      // The bias corrections are in the rate already, to more digits than float32 powers have.
      real(graph, 0),
      real(graph, 0),
      whereFinite(feeds.rate, 0),
      whereFinite(real(graph, options.beta1), 1),
      whereFinite(real(graph, options.beta2), 1),
      feeds.epsilon,
      clipped,
    ],
    { T: type },
    [],
    [],
  );
  return { node, norm, finite };
}
