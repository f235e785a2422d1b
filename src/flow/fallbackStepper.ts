import { GraphRuntimeError } from './compiled/runtime.ts';
import { TraceError } from './compiled/traceError.ts';
import type { Stepper } from './stepper.ts';

/**
 * A stepper that goes on in another tier where the first cannot do its work: a layer that cannot be
 * traced, a graph that cannot be stored or loaded. Its state moves over, so that nothing is lost.
 *
 * @param onFallback is told why, once.
 */
export function fallbackStepper(
  first: Stepper,
  makeSecond: () => Stepper,
  onFallback: (reason: string) => void,
): Stepper {
  let active = first;

  function attempt<T>(work: (stepper: Stepper) => T): T {
    try {
      return work(active);
    } catch (error) {
      const isOurs = error instanceof TraceError || error instanceof GraphRuntimeError;
      if (active !== first || !isOurs) throw error;
      const second = makeSecond();
      second.restore(first.state());
      first.dispose();
      active = second;
      onFallback(error.message);
      return work(active);
    }
  }

  return {
    get tier() {
      return active.tier;
    },
    step: (inputs, learningRate) => attempt((stepper) => stepper.step(inputs, learningRate)),
    evaluate: (map, inputs) => attempt((stepper) => stepper.evaluate(map, inputs)),
    weights: () => active.weights(),
    state: () => active.state(),
    restore: (state) => active.restore(state),
    dispose: () => active.dispose(),
  };
}
