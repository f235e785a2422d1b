import type { FlowDensity } from '../flow/density.ts';
import { eagerStepper } from '../flow/eagerStepper.ts';
import { flowDensity } from '../flow/flowDensity.ts';
import type { FlowModel } from '../flow/model.ts';
import type { Stepper, StepperSpec } from '../flow/stepper.ts';
import type { Backend } from './backend.ts';

/** How flows are trained and evaluated on a backend. */
export interface Tiers {
  /** For the log and `ergoflow doctor`. */
  readonly name: string;
  createStepper(spec: StepperSpec): Stepper;
  createDensity(model: FlowModel): FlowDensity;
  dispose(): void;
}

/** The fastest training and float64 evaluation that `backend` offers. */
export function tiersOf(_backend: Backend, _onFallback: (reason: string) => void): Tiers {
  return {
    name: 'eager training, float64 in WebAssembly',
    createStepper: eagerStepper,
    createDensity: flowDensity,
    dispose: () => {},
  };
}
