import { type Batch, batch, row, select } from '../../core/batch.ts';
import { expectInteger } from '../../core/expectNumber.ts';
import { metropolisHastings, type Proposer } from '../../core/hastings.ts';
import type { ChainState, Kernel, RefusalCause } from '../../core/kernel.ts';
import { energyAndGradientBuffer, type Potential } from '../../core/potential.ts';
import { fold } from '../../core/rng.ts';
import type { FlowDensity } from '../../flow/density.ts';
import type { FlowScore } from '../../flow/flowScore.ts';
import { anneal } from '../annealing/anneal.ts';
import { bridge } from '../annealing/bridge.ts';
import type { BridgeOptions, BridgePoint } from '../annealing/flowBridge.ts';
import { INVERTIBILITY_BOUND, invertedDensity } from '../invertedDensity.ts';
import { type FlowMoveOptions, outsideEither, refusals } from './flowProposal.ts';

/** Settings of an annealed flow move. */
export interface AnnealedProposalOptions extends FlowMoveOptions, BridgeOptions {
  /** K, steps between the flow and the target; K − 1 of them have a move. */
  readonly levels: number;
}

/**
 * A flow move that is let down and pulled up gently: a non-equilibrium candidate.
 *
 *     x ~ target  ──anneal down──►  x₀      y₀ ~ q  ──anneal up──►  y
 *     log α = ln W(y₀ → y) − ln W(x₀ ← x)
 *
 * The chain's own configuration is annealed down to the flow by the reverse protocol, a fresh draw of
 * the flow is annealed up, and the work of both stands in the acceptance. Every move on the bridge is
 * reversible, and the draw replaces x₀ by an independent one of the same density, so the whole is in
 * detailed balance with the target; neither path's moves need be good ones. One attempt costs
 * 2 (K − 1) L + 1 evaluations and as many scores.
 *
 * What the flow may have drawn is tested on y₀ and on x₀, the two points that stand for draws (design
 * rule 6); points between need no more than a log q that is a function of them.
 * Nilmeier, Crooks, Minh & Chodera, PNAS 108, E1009, 2011. doi:10.1073/pnas.1106094108;
 * Neal, Stat. Comput. 6, 353, 1996 (tempered transitions). doi:10.1007/BF00143556
 */
export function annealedProposal(
  potential: Potential,
  flow: FlowDensity,
  score: FlowScore,
  options: AnnealedProposalOptions,
): Kernel {
  return metropolisHastings(potential, annealedProposer(potential, flow, score, options), options);
}

/** The proposal behind `annealedProposal`. */
export function annealedProposer(
  potential: Potential,
  flow: FlowDensity,
  score: FlowScore,
  options: Omit<AnnealedProposalOptions, 'attempts'>,
): Proposer {
  const { kT, domain, invertibilityBound: bound = INVERTIBILITY_BOUND } = options;
  const levels = expectInteger('levels', options.levels, 1);
  const path = bridge(potential, flow, score, options);
  const { dim } = potential;

  return {
    name: 'annealed-flow',
    redrawsVelocities: true,
    propose(state, key) {
      const { count } = state.positions;
      const { x: drawn } = flow.sample(count, fold(key, 'latent'));
      const everywhere = new Uint8Array(count).fill(1);
      const refused: (RefusalCause | undefined)[] =
        refusals(
          everywhere,
          invertedDensity(flow, drawn, bound).invertible,
          outsideEither(domain, state.positions, drawn),
        ) ?? new Array<RefusalCause | undefined>(count).fill(undefined);
      const kept = Array.from(refused.keys()).filter((b) => refused[b] === undefined);
      const y = batch(drawn.data, dim);
      const evaluated = energyAndGradientBuffer(count, dim);
      evaluated.energy.fill(Number.NaN);
      evaluated.gradient.fill(Number.NaN);
      const logForward = new Float64Array(count);
      const logReverse = new Float64Array(count);

      if (kept.length > 0) {
        const own = path.point(select(state.positions, kept), knownOf(state, kept));
        const down = anneal(path, own, levels, 'down', fold(key, 'down'));
        const drawable = invertedDensity(flow, own.x, bound).invertible;
        const offered = path.point(select(drawn, kept));
        const up = anneal(path, offered, levels, 'up', fold(key, 'up'));
        kept.forEach((b, i) => {
          if (drawable[i] === 0 || !Number.isFinite(down[i])) refused[b] = 'notInvertible';
          take(offered, i, y, evaluated, b);
          // The rule adds −ΔU/kT: what is left is the difference of the two works.
          logForward[b] = up[i] === -Infinity ? Infinity : -offered.energy[i] / kT - up[i];
          logReverse[b] = -state.energy[b] / kT - down[i];
        });
      }
      return { y, logForward, logReverse, evaluated, refused, density: undefined };
    },
  };
}

/** U and gradient of the chosen chains, which are known already. */
function knownOf(
  state: ChainState,
  kept: readonly number[],
): Pick<BridgePoint, 'energy' | 'gradient'> {
  const { dim } = state.positions;
  return {
    energy: Float64Array.from(kept, (b) => state.energy[b]),
    gradient: select(batch(state.gradient, dim), kept).data,
  };
}

/** Copies row `i` of a point to row `b`. */
function take(
  point: BridgePoint,
  i: number,
  y: Batch,
  evaluated: Pick<BridgePoint, 'energy' | 'gradient'>,
  b: number,
): void {
  const { dim } = y;
  y.data.set(row(point.x, i), b * dim);
  evaluated.energy[b] = point.energy[i];
  evaluated.gradient.set(point.gradient.subarray(i * dim, (i + 1) * dim), b * dim);
}
