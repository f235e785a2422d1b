import { chainEffectiveSampleSize } from '../analysis/autocorrelation.ts';
import { combineChainAndFlow } from '../analysis/combineChainAndFlow.ts';
import { essFraction, essPerState } from '../analysis/effectiveSampleSize.ts';
import type { Estimate } from '../analysis/estimate.ts';
import { forwardEssFraction } from '../analysis/forwardEss.ts';
import { chainFreeEnergies, reweightedFreeEnergies } from '../analysis/freeEnergy.ts';
import { logPartition } from '../analysis/logPartition.ts';
import { paretoLimit } from '../analysis/paretoSmoothing.ts';
import { paretoTail } from '../analysis/paretoTail.ts';
import { splitRhat } from '../analysis/splitRhat.ts';
import {
  countTransitions,
  idealUsefulAcceptance,
  type Transitions,
  totalTransitions,
} from '../analysis/transitions.ts';
import { type Ledger, totalEvaluations } from '../core/ledger.ts';
import type { ArtifactStore } from '../hybrid/artifacts.ts';
import type { BaselineMeta } from '../hybrid/baseline.ts';
import type { CampaignActors } from '../hybrid/campaign.ts';
import { float64, int32 } from '../hybrid/dataset.ts';
import type { Plan } from '../hybrid/plan.ts';
import { acceptanceOf, type ProductionMeta } from '../hybrid/producing.ts';
import type { DrawsMeta } from '../hybrid/reweighting.ts';
import { judge } from './judge.ts';
import { neighbours } from './neighbours.ts';
import { perChain } from './perChain.ts';
import { profileFigures } from './profileFigures.ts';
import { referenceOf } from './reference.ts';
import type { BackendName, Result, WallSeconds } from './result.ts';
import type { Scenario } from './scenario.ts';
import { pooledWeights, type ScoredChains, scoredChains } from './scoredChains.ts';
import { type PlanOverrides, temperatureOf } from './toPlan.ts';
import { chainFigure, withholding } from './withhold.ts';

/** What a summary is made of. */
export interface SummaryInput {
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly overrides: PlanOverrides;
  readonly store: ArtifactStore;
  readonly ledger: Ledger;
  readonly wallSeconds: WallSeconds;
  readonly input: CampaignActors['summarise']['input'];
  readonly backend: { readonly name: BackendName; readonly library: string };
}

/** Turns the artifacts of a finished production into the result. The verdict is the machine's to give. */
export function summarise(summary: SummaryInput): Result {
  const { scenario, plan, overrides, store, ledger, wallSeconds, input, backend } = summary;
  const chain = chainFigures(plan, store, input);
  const draws = drawFigures(plan, store, input, chain);
  const temperature = temperatureOf(scenario, overrides);
  const total = totalEvaluations(ledger);
  const sampled = ledger.flowProposals + ledger.localMoves;
  const reference = referenceOf(scenario, plan, temperature);
  const combined =
    draws === undefined || draws.scored.unscored !== undefined
      ? undefined
      : combineChainAndFlow(
          draws.scored.chains,
          { labels: draws.labels, logWeights: draws.logWeights },
          plan.states.length,
        );
  const figures = withholding({ plan, chain, draws, combined });
  const draft: Omit<Result, 'checks'> = {
    schema: 'ergoflow.result/1',
    scenario: scenario.name,
    seed: plan.seed,
    temperature,
    verdict: input.exhausted ? 'exhausted' : 'converged',
    states: plan.states.map((state) => ({
      name: state.name,
      definition: state.definition,
      core: state.core.definition,
    })),
    freeEnergy: { unit: 'kT', difference: figures.hybrid, reference },
    profile: profileFigures(scenario, plan, store),
    reweighted: {
      difference: figures.reweighted,
      essFraction: draws?.essFraction ?? 0,
      essFractionPerState: draws?.essFractionPerState ?? plan.states.map(() => 0),
      forwardEssFraction: draws?.forwardEssFraction ?? null,
      paretoK: draws === undefined ? null : finite(draws.paretoK),
      samples: draws?.count ?? 0,
      outsideDomain: draws?.meta.outsideDomain ?? 0,
      notInvertible: draws?.meta.notInvertible ?? 0,
      notFinite: draws?.meta.notFinite ?? 0,
      logZ: figures.logZ,
    },
    combined: { difference: figures.combined, method: 'BAR' },
    hybrid: {
      chains: chain.meta.chains,
      steps: chain.records,
      flowMoves: chain.transitions.flowMoves,
      acceptance: acceptanceOf(chain.meta.moves, chain.meta.isFlowMove),
      localAcceptance: acceptanceOf(
        chain.meta.moves,
        chain.meta.moves.map((_, i) => i === 0),
      ),
      transitions: totalTransitions(chain.transitions.byFlow),
      usefulAcceptance: chain.usefulAcceptance,
      idealUsefulAcceptance: chain.ideal,
      ess: chain.ess,
      essPerSecond: chain.ess / wallSeconds.sampling,
      essPerEvaluation: chain.ess / sampled,
      essPerSecondTotal:
        chain.ess / (wallSeconds.sampling + wallSeconds.training + wallSeconds.seeding),
      essPerEvaluationTotal: chain.ess / total,
      // ∞ where no chain ever left its state: as bad as unknown, and no number of JSON.
      rhat: chain.rhat === undefined ? null : finite(chain.rhat),
    },
    tempering: temperingFigures(chain),
    neighbours: neighbours({ scenario, plan, temperature, chain, draws }),
    plainMd: plainMdFigures(plan, store, input),
    ledger: { ...ledger, total },
    wallSeconds: {
      ...wallSeconds,
      total: wallSeconds.seeding + wallSeconds.training + wallSeconds.sampling,
    },
    backend,
  };
  return { ...draft, checks: judge(draft, scenario, overrides) };
}

/** What the production chain says. */
export interface ChainFigures {
  readonly meta: ProductionMeta;
  readonly records: number;
  readonly estimates: readonly (Estimate | undefined)[];
  readonly transitions: Transitions;
  readonly usefulAcceptance: number;
  readonly ideal: number;
  /** Of the state indicator with the fewest, as sampled; 0 where one never changes. */
  readonly ess: number;
  readonly rhat: number | undefined;
  /** State of each record of each chain, `[M][n]`. */
  readonly labels: readonly Int32Array[];
  /** log-weight of each record of each chain, `[M][n]`; undefined where production had no bias. */
  readonly logWeights: readonly Float64Array[] | undefined;
  readonly energies: Float64Array;
  /** log q of the records that a flow move made, NaN elsewhere; step by step. */
  readonly logProb: Float64Array;
}

function chainFigures(
  plan: Plan,
  store: ArtifactStore,
  input: CampaignActors['summarise']['input'],
): ChainFigures {
  const production = store.get(input.production);
  const meta = production.meta as ProductionMeta;
  const labels = perChain(int32(production, 'states'), meta.chains);
  const cores = perChain(int32(production, 'cores'), meta.chains);
  const logWeights =
    production.arrays['logWeights'] === undefined
      ? undefined
      : perChain(float64(production, 'logWeights'), meta.chains);
  const records = labels[0].length;
  const cycle = meta.isFlowMove;
  const schedule = Array.from({ length: records }, (_, n) => cycle[n % cycle.length]);
  const transitions = countTransitions(cores, plan.states.length, schedule);
  const indicators = plan.states.map((_, s) =>
    labels.map((own) => Float64Array.from(own, (label) => (label === s ? 1 : 0))),
  );
  const sizes = indicators.map((series) => chainEffectiveSampleSize(series) ?? 0);
  const rhats = indicators.flatMap((series) => splitRhat(series) ?? []);
  const populations = plan.states.map((_, s) => {
    let inside = 0;
    for (const own of labels) for (const label of own) if (label === s) inside++;
    return inside / (records * meta.chains);
  });
  return {
    meta,
    records,
    estimates: chainFreeEnergies(
      labels.map((own, c) => ({ labels: own, ...(logWeights && { logWeights: logWeights[c] }) })),
      plan.states.length,
    ),
    transitions,
    usefulAcceptance:
      transitions.flowMoves === 0
        ? 0
        : totalTransitions(transitions.byFlow) / transitions.flowMoves,
    ideal: idealUsefulAcceptance(populations),
    ess: Math.min(...sizes),
    rhat: rhats.length === 0 ? undefined : Math.max(...rhats),
    labels,
    logWeights,
    energies: float64(production, 'energies'),
    logProb: float64(production, 'logProb'),
  };
}

/** What the flow's independent draws say. */
export interface DrawFigures {
  readonly meta: DrawsMeta;
  readonly count: number;
  readonly estimates: readonly (Estimate | undefined)[];
  readonly logZ: Estimate | undefined;
  readonly essFraction: number;
  readonly essFractionPerState: readonly number[];
  /** Draws with a weight, by state. */
  readonly drawsPerState: readonly number[];
  readonly forwardEssFraction: number | null;
  readonly paretoK: number;
  readonly paretoLimit: number;
  readonly labels: Int32Array;
  /** U, `[N]`; NaN for a draw of weight 0 that was refused before U was asked. */
  readonly energies: Float64Array;
  readonly logWeights: Float64Array;
  /** Production records that the flow has scored. */
  readonly scored: ScoredChains;
}

function drawFigures(
  plan: Plan,
  store: ArtifactStore,
  input: CampaignActors['summarise']['input'],
  chain: ChainFigures,
): DrawFigures | undefined {
  if (input.draws === undefined) return undefined;
  const draws = store.get(input.draws);
  const meta = draws.meta as DrawsMeta;
  const labels = int32(draws, 'states');
  const logWeights = float64(draws, 'logWeights');
  const coverage = essPerState(logWeights, labels, plan.states.length);
  const logZ = logPartition(logWeights);
  const scored = scoredChains(plan, chain);
  const weighty = logWeights.reduce((count, w) => count + (w > -Infinity ? 1 : 0), 0);
  const inside = weighty / logWeights.length;
  return {
    meta,
    count: logWeights.length,
    estimates: reweightedFreeEnergies(labels, logWeights, plan.states.length),
    logZ: logZ && { ...logZ, value: logZ.value + (plan.identicalParticles?.logCopies ?? 0) },
    essFraction: essFraction(logWeights),
    essFractionPerState: coverage.map((one) => one.fraction),
    drawsPerState: coverage.map((one) => one.draws),
    scored,
    forwardEssFraction:
      scored.unscored === undefined
        ? finite(forwardEssFraction(pooledWeights(scored.chains), inside))
        : null,
    paretoK: paretoTail(logWeights).k,
    paretoLimit: paretoLimit(logWeights.length),
    labels,
    energies: float64(draws, 'energies'),
    logWeights,
  };
}

function temperingFigures({ meta, transitions }: ChainFigures): Result['tempering'] {
  const { swaps } = meta;
  if (swaps === undefined) return null;
  return {
    ladder: swaps.ladder,
    swapAcceptance: swaps.acceptance,
    roundTrips: swaps.roundTrips,
    transitions: totalTransitions(transitions.counts),
  };
}

function plainMdFigures(
  plan: Plan,
  store: ArtifactStore,
  input: CampaignActors['summarise']['input'],
): Result['plainMd'] {
  const baseline = store.get(input.baseline);
  const meta = baseline.meta as BaselineMeta;
  if (meta.chains === 0) return null;
  const labels = perChain(int32(baseline, 'states'), meta.chains);
  const cores = perChain(int32(baseline, 'cores'), meta.chains);
  const transitions = countTransitions(cores, plan.states.length);
  const estimates = chainFreeEnergies(
    labels.map((own) => ({ labels: own })),
    plan.states.length,
  );
  const roundTrip = transitions.meanRoundTrip[0]?.[1];
  return {
    evaluations: meta.evaluations,
    chains: meta.chains,
    transitions: totalTransitions(transitions.counts),
    // Two journeys a round trip, of two states; more states have no single rate.
    predictedTransitions:
      plan.states.length === 2 && roundTrip !== undefined
        ? (2 * labels[0].length * meta.chains) / roundTrip
        : null,
    difference: chainFigure(estimates, transitions, plan.states),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
