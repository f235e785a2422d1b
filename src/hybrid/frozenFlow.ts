import type { FlowDensity } from '../flow/density.ts';
import type { FlowModel } from '../flow/model.ts';
import { symmetrised } from '../flow/symmetrised.ts';
import { symmetryGroup } from '../flow/symmetryGroup.ts';
import { bookedDensity } from './bookedDensity.ts';
import type { Environment } from './environment.ts';
import type { Plan } from './plan.ts';

/** The density of a model as the plan uses it, averaged over symmetries or not; its passes are booked. */
export function frozenFlow(
  { plan, ledger, createDensity }: Pick<Environment, 'plan' | 'ledger' | 'createDensity'>,
  model: FlowModel,
): FlowDensity {
  return asPlanned(plan, bookedDensity(createDensity(model), ledger));
}

/** `flow`, averaged over the plan's symmetries where it says so. */
export function asPlanned(plan: Pick<Plan, 'flow' | 'training'>, flow: FlowDensity): FlowDensity {
  const { symmetries } = plan.training;
  return plan.flow?.symmetrised === true && symmetries !== undefined
    ? symmetrised(flow, symmetryGroup(symmetries, flow.dim))
    : flow;
}
