import type { Kernel } from '../core/kernel.ts';
import { booked, type Ledger } from '../core/ledger.ts';
import type { FlowDensity } from '../flow/density.ts';
import type { FlowScore } from '../flow/flowScore.ts';
import { relabelled } from '../md/identicalParticles/relabelled.ts';
import { bookedScore } from './bookedScore.ts';
import { annealedProposal } from './kernels/annealedProposal.ts';
import { flowProposal } from './kernels/flowProposal.ts';
import { latentWalk } from './kernels/latentWalk.ts';
import { makeKernel } from './makeKernel.ts';
import type { Plan } from './plan.ts';
import { productionTarget } from './productionTarget.ts';

/** A cycle of kernels, and which of them are flow moves. */
export interface Schedule {
  readonly kernels: readonly [Kernel, ...Kernel[]];
  /** One flag a kernel of the cycle: an independence move of the flow. */
  readonly isFlowMove: readonly boolean[];
}

/**
 * One sweep of production: a local burst, the flow's proposals, then steps in latent space.
 *
 * With identical particles local bursts are relabelled, and what the flow proposes outside the domain is
 * refused (design rule 5).
 * @param score makes the flow's score, where the proposals are annealed.
 */
export function productionSchedule(
  plan: Plan,
  flow: FlowDensity,
  ledger: Ledger,
  flowMoves: number,
  score: () => FlowScore,
): Schedule {
  const { local, latent, annealed } = plan.production;
  const { kT, masses, identicalParticles: labels } = plan;
  const domain = labels && { domain: labels };
  const target = productionTarget(plan);
  const proposals = booked(target, ledger, 'flowProposals');
  const flowMove =
    annealed === undefined
      ? flowProposal(proposals, flow, { ...domain, kT, attempts: 1 })
      : annealedProposal(proposals, flow, bookedScore(score(), ledger), {
          ...annealed,
          ...(masses && { masses }),
          ...domain,
          kT,
          attempts: 1,
        });
  const latentMove =
    latent === undefined
      ? undefined
      : latentWalk(proposals, flow, { ...domain, kT, attempts: 1, stepSize: latent.stepSize });
  const localMove = makeKernel(local, booked(target, ledger, 'localMoves'), plan);
  return {
    kernels: [
      labels === undefined ? localMove : relabelled(localMove, labels),
      ...Array.from({ length: flowMoves }, () => flowMove),
      ...(latentMove === undefined
        ? []
        : Array.from({ length: latent?.moves ?? 0 }, () => latentMove)),
    ],
    isFlowMove: [
      false,
      ...Array.from({ length: flowMoves }, () => true),
      ...Array.from({ length: latent?.moves ?? 0 }, () => false),
    ],
  };
}
