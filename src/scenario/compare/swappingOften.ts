import { evaluationsPerBurst } from '../../hybrid/flowMoves.ts';
import { isExact } from '../../hybrid/makeKernel.ts';
import type { Plan } from '../../hybrid/plan.ts';

/**
 * The plan as tempering runs it: replicas move by production's local bursts, or by the baseline's where these are
 * shorter and exact. Long bursts are made for a flow whose moves are dear; swaps cost nothing, and the more of them
 * the better.
 */
export function swappingOften(plan: Plan): Plan {
  const { baseline, production } = plan;
  if (baseline === undefined || !isExact(baseline.dynamics)) return plan;
  const isShorter = evaluationsPerBurst(baseline.dynamics) < evaluationsPerBurst(production.local);
  return isShorter ? { ...plan, production: { ...production, local: baseline.dynamics } } : plan;
}
