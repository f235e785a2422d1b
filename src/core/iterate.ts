import type { ChainState, Kernel, Transition } from './kernel.ts';
import { at, type Key } from './rng.ts';

/**
 * Runs a kernel for ever, yielding every transition: the consumer decides what to keep and when to
 * stop. Step `n` draws from `at(key, n)`, so a run resumed at `from` continues the same trajectory.
 */
export function* iterate(
  kernel: Kernel,
  state: ChainState,
  key: Key,
  from = 0,
): Generator<Transition, never, void> {
  for (let step = from; ; step++) {
    const transition = kernel.step(state, at(key, step));
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
