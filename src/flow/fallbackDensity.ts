import { CompiledDensityError } from './compiled/compiledDensity.ts';
import { GraphRuntimeError } from './compiled/runtime.ts';
import { TraceError } from './compiled/traceError.ts';
import type { FlowDensity } from './density.ts';

/**
 * A density that is evaluated in another tier once the first cannot do it: a layer that cannot be
 * traced, a graph that cannot be loaded, or one that was found to compute something else.
 *
 * @param onFallback is told why, once.
 */
export function fallbackDensity(
  first: FlowDensity,
  makeSecond: () => FlowDensity,
  onFallback: (reason: string) => void,
): FlowDensity {
  let active = first;

  function attempt<T>(work: (density: FlowDensity) => T): T {
    try {
      return work(active);
    } catch (error) {
      const isOurs =
        error instanceof TraceError ||
        error instanceof GraphRuntimeError ||
        error instanceof CompiledDensityError;
      if (active !== first || !isOurs) throw error;
      active = makeSecond();
      onFallback(error.message);
      return work(active);
    }
  }

  return {
    name: first.name,
    dim: first.dim,
    priorVariance: first.priorVariance,
    sample: (count, key) => attempt((density) => density.sample(count, key)),
    logProb: (x) => attempt((density) => density.logProb(x)),
    forward: (z) => attempt((density) => density.forward(z)),
    inverse: (x) => attempt((density) => density.inverse(x)),
  };
}
