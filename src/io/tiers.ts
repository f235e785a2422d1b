import { compiledDensity } from '../flow/compiled/compiledDensity.ts';
import { compiledStepper } from '../flow/compiled/compiledStepper.ts';
import type { FlowDensity } from '../flow/density.ts';
import { eagerStepper } from '../flow/eagerStepper.ts';
import { fallbackDensity } from '../flow/fallbackDensity.ts';
import { fallbackStepper } from '../flow/fallbackStepper.ts';
import { flowDensity } from '../flow/flowDensity.ts';
import type { FlowModel } from '../flow/model.ts';
import type { Stepper, StepperSpec } from '../flow/stepper.ts';
import { type Backend, tensorflowBinding } from './backend.ts';
import { graphRuntime } from './graphRuntime.ts';

/** How flows are trained and evaluated on a backend. */
export interface Tiers {
  /** For the log and `ergoflow doctor`. */
  readonly name: string;
  createStepper(spec: StepperSpec): Stepper;
  createDensity(model: FlowModel): FlowDensity;
}

/**
 * The fastest training and float64 evaluation that a chosen backend offers.
 * @param onFallback is told why where a slower tier has to do the work after all.
 */
export function tiersOf(backend: Backend, onFallback: (reason: string) => void): Tiers {
  const binding = tensorflowBinding();
  if (binding === undefined) {
    return {
      name: `eager training on ${backend.name}, float64 in WebAssembly`,
      createStepper: eagerStepper,
      createDensity: flowDensity,
    };
  }
  const runtime = graphRuntime(binding);
  return {
    name: 'compiled training and float64 in TensorFlow',
    createStepper: (spec) =>
      fallbackStepper(
        compiledStepper(spec, runtime),
        () => eagerStepper(spec),
        (reason) => onFallback(`training goes on one operation at a time: ${reason}`),
      ),
    createDensity(model) {
      const { forwardOnTensors, logDensity } = model.bijector;
      const fallback = (first: FlowDensity): FlowDensity =>
        fallbackDensity(
          first,
          () => flowDensity(model),
          (reason) => onFallback(`the flow is evaluated in WebAssembly: ${reason}`),
        );
      if (forwardOnTensors !== false) return fallback(compiledDensity(model, runtime));
      const plain = flowDensity(model);
      if (logDensity === undefined || model.priorVariance !== 1) return plain;
      // What has no way from z to x on tensors is compiled by half: the density that annealing asks for.
      const { logProb } = compiledDensity(model, runtime);
      return fallback({ ...plain, logProb });
    },
  };
}

/** A backend and what flows are trained and evaluated by on it, for the manifest and `ergoflow doctor`. */
export function describeBackend(backend: Backend): {
  readonly name: Backend['name'];
  readonly library: string;
  readonly threads: number;
  readonly flow: string;
} {
  const { name, library, threads } = backend;
  return { name, library, threads, flow: tiersOf(backend, () => undefined).name };
}
