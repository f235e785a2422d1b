import { batch } from '../core/batch.ts';
import type { CollectiveVariable } from '../core/collectiveVariable.ts';
import type { ScenarioState } from './scenario.ts';

/** A half-line or an interval: `{ below: 0 }`, `{ from: 1.5 }`, `{ from: 1, below: 2 }`. */
export interface Range {
  /** Inclusive. */
  readonly from?: number;
  /** Exclusive. */
  readonly below?: number;
}

/**
 * The state in which a collective variable lies in `range`; its definition writes itself.
 *
 *     stateAlong(x, 'left', { below: 0 }, { core: { below: -1 }, start: [-1.8, 0] })
 */
export function stateAlong(
  variable: CollectiveVariable,
  name: string,
  range: Range,
  options: { readonly core?: Range; readonly start: ScenarioState['start'] },
): ScenarioState {
  return {
    name,
    ...region(variable, range),
    core: region(variable, options.core ?? range),
    start: options.start,
  };
}

function region(variable: CollectiveVariable, { from = -Infinity, below = Infinity }: Range) {
  const bounds =
    from === -Infinity
      ? `${variable.name} < ${below}`
      : below === Infinity
        ? `${variable.name} >= ${from}`
        : `${from} <= ${variable.name} < ${below}`;
  return {
    definition: bounds,
    contains: (x: Float64Array): boolean => {
      const [value] = variable.value(batch(x, x.length));
      return value >= from && value < below;
    },
  };
}
