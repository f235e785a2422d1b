import type { KernelSpec, Plan, ProductionSpec } from './plan.ts';

/** A number that a run chose for itself, and why. */
export interface Choice {
  readonly flowMoves: number;
  readonly reason: string;
}

const MOST_FLOW_MOVES = 20;

/** Energy evaluations that one flow move costs one chain. */
export function evaluationsPerFlowMove({ annealed }: Pick<ProductionSpec, 'annealed'>): number {
  return annealed === undefined ? 1 : 2 * (annealed.levels - 1) * annealed.steps + 1;
}

/** Energy evaluations that one burst costs one chain. */
export function evaluationsPerBurst(spec: KernelSpec): number {
  switch (spec.kind) {
    case 'langevin':
    case 'euler-maruyama':
      return spec.steps;
    case 'random-walk':
    case 'mala':
      return spec.attempts;
    case 'hmc':
    case 'ghmc':
      return spec.attempts * spec.steps;
  }
}

/**
 * How many flow moves follow each local burst, by a rule that looks at nothing but the pilot:
 *
 *     m = min(20, max(⌈1/a⌉, ⌊L/c⌋, 1))
 *
 * a is the pilot acceptance, of moves without annealing, L the evaluations of a local burst and c those of a
 * flow move, with `passCost` for its network passes. So half of the cost goes to flow moves, and more where
 * less would leave a sweep without an accepted one. The choice is made before production and kept.
 */
export function chooseFlowMoves(plan: Plan, acceptance: number): Choice {
  const { flowMoves, local, passCost } = plan.production;
  if (flowMoves !== 'auto') return { flowMoves, reason: 'set by the scenario' };
  const burst = evaluationsPerBurst(local);
  const cost = evaluationsPerFlowMove(plan.production) + passCost;
  const balanced = Math.floor(burst / cost);
  const needed = acceptance > 0 ? Math.ceil(1 / acceptance) : MOST_FLOW_MOVES;
  const chosen = Math.min(MOST_FLOW_MOVES, Math.max(1, balanced, needed));
  return {
    flowMoves: chosen,
    reason:
      `${chosen} flow moves a sweep: ${balanced} cost as much as a local burst of ${burst} evaluations ` +
      `(a flow move counted as ${cost}), ${needed} give one acceptance at the pilot's ` +
      `${acceptance.toPrecision(3)}; the larger, at most ${MOST_FLOW_MOVES}`,
  };
}
