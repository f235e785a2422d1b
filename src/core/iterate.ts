import type { ChainState, Kernel, Transition } from './kernel.ts';
import { at, type Key } from './rng.ts';

/**
 * Runs kernels for ever, yielding every transition: the consumer decides what to keep and when to
 * stop. Several kernels take turns in the order given, step `n` being made by `kernels[n mod L]`.
 *
 * The turn depends on the step number alone, never on the chain or its past, so a cycle of kernels
 * that each leave a distribution invariant leaves it invariant too (design rule 2).
 * Step `n` draws from `at(key, n)`, so a run resumed at `from` continues the same trajectory.
 */
export function* iterate(
  kernels: Kernel | readonly [Kernel, ...Kernel[]],
  state: ChainState,
  key: Key,
  from = 0,
): Generator<Transition, never, void> {
  const cycle = Array.isArray(kernels) ? kernels : [kernels];
  for (let step = from; ; step++) {
    const transition = cycle[step % cycle.length].step(state, at(key, step));
    yield transition;
    state = transition.state;
  }
}

/** The first `count` items. */
export function* take<T>(count: number, items: Iterable<T>): Generator<T, void, void> {
  if (count <= 0) return;
  for (const item of items) {
    yield item;
    if (--count === 0) return;
  }
}
