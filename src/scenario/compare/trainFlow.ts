import { createActor, fromPromise } from 'xstate';
import { ErgoflowError } from '../../core/errors.ts';
import { emptyLedger, type Ledger, totalEvaluations } from '../../core/ledger.ts';
import { campaignActors } from '../../hybrid/actors.ts';
import { type ArtifactStore, memoryStore } from '../../hybrid/artifacts.ts';
import {
  type CampaignActors,
  type CampaignContext,
  campaignMachine,
} from '../../hybrid/campaign.ts';
import { isGoodEnough } from '../../hybrid/campaignGuards.ts';
import type { Environment } from '../../hybrid/environment.ts';
import type { Plan } from '../../hybrid/plan.ts';
import type { Budget } from '../comparison.ts';
import { InterruptedError } from '../runScenario.ts';
import { BudgetSpentError, limited, meter } from './meter.ts';
import type { Tiers } from './methodOutcome.ts';

/** A flow as the campaign's machine froze it, and what it had cost by then. */
export interface TrainedFlow {
  readonly store: ArtifactStore;
  /** Seeding, training, exploring and assessing. */
  readonly ledger: Ledger;
  readonly seconds: number;
  /** Artifact ids and pilot acceptance; undefined where the budget ended first. */
  readonly frozen:
    | { readonly seeds: string; readonly model: string; readonly acceptance: number }
    | undefined;
  readonly warnings: readonly string[];
}

/**
 * Runs the campaign of a plan until its flow is frozen: everything that comes before the samples that count.
 *
 * It is the same machine that makes a run; only what follows the freeze is left to the caller.
 * @param budget Undefined to train for as long as the plan says.
 * @throws {InterruptedError} when `signal` is aborted; whatever a phase throws otherwise.
 */
export async function trainFlow(options: {
  readonly plan: Plan;
  readonly budget: Pick<Budget, 'unit' | 'amount'> | undefined;
  readonly tiers: Tiers;
  readonly signal: AbortSignal;
  readonly onProgress: (phase: string, share: number) => void;
}): Promise<TrainedFlow> {
  const { plan, budget, tiers, signal, onProgress } = options;
  const ledger = emptyLedger();
  const store = memoryStore();
  const own = meter(budget, ledger);
  const warnings: string[] = [];
  let cause: unknown;
  const env: Environment = {
    plan: { ...plan, potential: limited(plan.potential, own, budget) },
    store,
    ledger,
    emit: (event) => {
      if (event.type === 'warning') warnings.push(event.message);
      if (event.type !== 'progress') return;
      onProgress(event.phase, event.total > 0 ? event.done / event.total : 0);
    },
    ...tiers,
  };
  const actors = campaignActors(
    env,
    () => {
      throw new ErgoflowError('a comparison ends the campaign where its flow is frozen');
    },
    (error) => {
      cause = error;
    },
  );
  const frozen = fromPromise<CampaignActors['warmUp']['output'], CampaignActors['warmUp']['input']>(
    () => new Promise(() => {}),
  );
  const actor = createActor(campaignMachine.provide({ actors: { ...actors, warmUp: frozen } }), {
    input: {
      hasFlow: true,
      maxRounds: plan.assessing.maxRounds,
      targetEssFraction: plan.assessing.targetEssFraction,
      targetAcceptance: plan.assessing.targetAcceptance,
      model: undefined,
    },
  });
  const end = await ending(actor, signal, secondsLeft(budget));
  const seconds = own.seconds();
  if (end.kind === 'failed' && !(cause instanceof BudgetSpentError)) {
    throw cause ?? new ErgoflowError(end.context.failure ?? 'training failed');
  }
  if (end.kind !== 'frozen') {
    return {
      store,
      ledger,
      seconds,
      frozen: undefined,
      warnings: [
        ...warnings,
        `the budget ended while ${end.phase}, after ${totalEvaluations(ledger)} evaluations`,
      ],
    };
  }
  const { seeds, model, assessment, round } = end.context;
  if (seeds === undefined || model === undefined || assessment === undefined) {
    throw new ErgoflowError('the campaign froze a flow that it had not assessed');
  }
  return {
    store,
    ledger,
    seconds,
    frozen: { seeds, model, acceptance: assessment.acceptance },
    warnings: isGoodEnough(end.context)
      ? warnings
      : [
          ...warnings,
          `the flow still missed its targets after ${round === 1 ? 'one round' : `${round} rounds`} of training, and was used as it was`,
        ],
  };
}

type CampaignActor = ReturnType<typeof createActor<typeof campaignMachine>>;

interface Ending {
  readonly kind: 'frozen' | 'outOfTime' | 'failed';
  /** What it was doing. */
  readonly phase: string;
  readonly context: CampaignContext;
}

/** Starts the machine and waits until its flow is frozen, it fails, is cancelled or is out of time. */
function ending(
  actor: CampaignActor,
  signal: AbortSignal,
  seconds: number | undefined,
): Promise<Ending> {
  return new Promise((resolve, reject) => {
    let phase = 'starting';
    const cancel = (): void => actor.send({ type: 'CANCELLED' });
    const timer = seconds === undefined ? undefined : setTimeout(cancel, seconds * 1000);
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      finish();
      actor.stop();
    };
    signal.addEventListener('abort', cancel, { once: true });
    actor.subscribe({
      next: ({ value, context }) => {
        if (typeof value === 'object') settle(() => resolve({ kind: 'frozen', phase, context }));
        else if (value === 'failed') settle(() => resolve({ kind: 'failed', phase, context }));
        else if (value === 'interrupted') {
          settle(() =>
            signal.aborted
              ? reject(new InterruptedError(phase))
              : resolve({ kind: 'outOfTime', phase, context }),
          );
        } else phase = value;
      },
      error: reject,
    });
    if (signal.aborted) settle(() => reject(new InterruptedError(phase)));
    else actor.start();
  });
}

function secondsLeft(budget: Pick<Budget, 'unit' | 'amount'> | undefined): number | undefined {
  return budget?.unit === 'seconds' ? budget.amount : undefined;
}
