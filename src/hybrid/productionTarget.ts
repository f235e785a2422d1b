import type { Batch } from '../core/batch.ts';
import type { Potential } from '../core/potential.ts';
import { biasAlong, tabulatedFunction } from '../md/biasAlong.ts';
import { sumOf } from '../md/sumOf.ts';
import type { Plan } from './plan.ts';

/** What production samples: U, or U + V with the plan's bias, one evaluation of which is one of U. */
export function productionTarget({ potential, coordinate, production }: Plan): Potential {
  return production.bias === undefined
    ? potential
    : sumOf([potential, biasAlong(coordinate.variable, production.bias, potential)]);
}

/** V/kT at values of the coordinate: the log-weights of what production samples; undefined without a bias. */
export function biasLogWeights(
  { kT, production }: Pick<Plan, 'kT' | 'production'>,
  coordinate: Float64Array,
): Float64Array | undefined {
  if (production.bias === undefined) return undefined;
  const { value } = tabulatedFunction(production.bias);
  return coordinate.map((s) => value(s) / kT);
}

/** The same at configurations. */
export function biasLogWeightsAt(plan: Plan, x: Batch): Float64Array | undefined {
  return plan.production.bias && biasLogWeights(plan, plan.coordinate.variable.value(x));
}
