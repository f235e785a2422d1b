import { createActor, type Snapshot } from 'xstate';
import { ErgoflowError } from '../core/errors.ts';
import { emptyLedger, type Ledger } from '../core/ledger.ts';
import { eagerStepper } from '../flow/eagerStepper.ts';
import { flowDensity } from '../flow/flowDensity.ts';
import type { FlowModel } from '../flow/model.ts';
import { campaignActors } from '../hybrid/actors.ts';
import { type ArtifactStore, memoryStore } from '../hybrid/artifacts.ts';
import { type CampaignContext, campaignMachine, type Verdict } from '../hybrid/campaign.ts';
import type { Environment } from '../hybrid/environment.ts';
import type { RunEvent } from '../hybrid/events.ts';
import { modelArtifact } from '../hybrid/models.ts';
import type { BackendName, Result, WallSeconds } from './result.ts';
import type { Scenario } from './scenario.ts';
import { summarise } from './summarise.ts';
import { type PlanOverrides, toPlan } from './toPlan.ts';

/** Where a run stood when a phase ended: all that a later process needs beside the artifacts. */
export interface SavedRun {
  /** The machine's persisted snapshot. */
  readonly snapshot: unknown;
  readonly ledger: Ledger;
  readonly wallSeconds: WallSeconds;
}

export interface RunOptions extends PlanOverrides {
  /** In memory by default. */
  readonly store?: ArtifactStore;
  readonly emit?: (event: RunEvent) => void;
  /** Aborting it ends the run between two steps with an `InterruptedError`. */
  readonly signal?: AbortSignal;
  /** A flow trained before, used as it is. */
  readonly model?: FlowModel;
  /** Goes on from the phase that `onBoundary` saved last; `store` must hold that run's artifacts. */
  readonly resume?: SavedRun;
  /** Called whenever a phase has ended, after its artifacts were stored. */
  readonly onBoundary?: (saved: SavedRun) => void;
  /** The training tier; eager on the current tfjs backend by default. */
  readonly createStepper?: Environment['createStepper'];
  /** The float64 tier; plain TypeScript and WebAssembly by default. */
  readonly createDensity?: Environment['createDensity'];
  readonly backend?: { readonly name: BackendName; readonly library: string };
}

/** The run was told to stop; what it had finished is kept. */
export class InterruptedError extends ErgoflowError {
  override name = 'InterruptedError' as const;

  constructor(phase: string) {
    super(`interrupted while ${phase}`);
  }
}

/** What a finished run gives back. */
export interface RunOutcome {
  readonly result: Result;
  readonly context: CampaignContext;
}

/**
 * Runs a scenario from seeding to its result.
 *
 * Works on whatever tfjs backend is set; import `@tensorflow/tfjs` (or tfjs-node) first.
 * @throws {InterruptedError} when `signal` is aborted; whatever a phase throws otherwise.
 */
export async function runScenario(
  scenario: Scenario,
  options: RunOptions = {},
): Promise<RunOutcome> {
  const plan = toPlan(scenario, options);
  const store = options.store ?? memoryStore();
  const ledger: Ledger = Object.assign(emptyLedger(), options.resume?.ledger);
  const wallSeconds: WallSeconds = {
    ...(options.resume?.wallSeconds ?? { seeding: 0, training: 0, sampling: 0, comparing: 0 }),
  };
  const emit = options.emit ?? (() => {});
  let cause: unknown;
  const env: Environment = {
    plan,
    store,
    ledger,
    emit,
    createStepper: options.createStepper ?? eagerStepper,
    createDensity: options.createDensity ?? flowDensity,
  };
  if (options.model !== undefined) store.put('model-given', modelArtifact(options.model));

  const actors = campaignActors(
    env,
    (input) => {
      const result = summarise({
        scenario,
        plan,
        overrides: options,
        store,
        ledger,
        wallSeconds,
        input,
        backend: options.backend ?? { name: 'cpu', library: 'unknown' },
      });
      store.put('result', { arrays: {}, meta: result });
      return { missedChecks: result.checks.filter((check) => !check.passed).length };
    },
    (error) => {
      cause = error;
    },
  );
  const actor = createActor(campaignMachine.provide({ actors }), {
    input: {
      maxRounds: options.model === undefined ? plan.assessing.maxRounds : 0,
      targetEssFraction: plan.assessing.targetEssFraction,
      targetAcceptance: plan.assessing.targetAcceptance,
      model: options.model === undefined ? undefined : 'model-given',
    },
    ...(options.resume === undefined
      ? {}
      : { snapshot: options.resume.snapshot as Snapshot<unknown> }),
  });

  return new Promise((resolve, reject) => {
    let phase = '';
    let since = performance.now();
    const cancel = (): void => actor.send({ type: 'CANCELLED' });
    options.signal?.addEventListener('abort', cancel, { once: true });
    actor.subscribe({
      next: (snapshot) => {
        const next = phaseName(snapshot.value);
        if (next === phase) return;
        const now = performance.now();
        const account = wallAccount(phase);
        if (account !== undefined) wallSeconds[account] += (now - since) / 1000;
        if (phase !== '') emit({ type: 'ledger', phase, ledger: { ...ledger } });
        since = now;
        const left = phase;
        phase = next;
        emit({ type: 'phase', phase, round: snapshot.context.round });
        if (snapshot.status === 'active' && next !== 'deciding' && next !== 'judging') {
          options.onBoundary?.({
            snapshot: actor.getPersistedSnapshot(),
            ledger: { ...ledger },
            wallSeconds: { ...wallSeconds },
          });
        }
        if (snapshot.status !== 'done') return;
        options.signal?.removeEventListener('abort', cancel);
        if (next === 'interrupted') reject(new InterruptedError(left));
        else if (next === 'failed') {
          reject(cause ?? new ErgoflowError(snapshot.context.failure ?? 'the run failed'));
        } else {
          const draft = store.get('result').meta as Result;
          const result: Result = {
            ...draft,
            verdict: next as Verdict,
            wallSeconds: { ...wallSeconds, total: totalSeconds(wallSeconds) },
          };
          store.put('result', { arrays: {}, meta: result });
          resolve({ result, context: snapshot.context });
        }
      },
      error: reject,
    });
    const { name, evaluationsPerGradient } = plan.potential;
    if (evaluationsPerGradient > 1) {
      emit({
        type: 'warning',
        message:
          `${name} has no gradient of its own: central differences book ` +
          `${evaluationsPerGradient} evaluations for each`,
      });
    }
    if (options.signal?.aborted === true) reject(new InterruptedError('starting'));
    else actor.start();
  });
}

function phaseName(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? String(Object.values(value)[0])
    : String(value);
}

function wallAccount(phase: string): keyof WallSeconds | undefined {
  switch (phase) {
    case 'seeding':
      return 'seeding';
    case 'trainingByExample':
    case 'trainingByEnergy':
    case 'assessing':
    case 'exploring':
      return 'training';
    case 'warmingUp':
    case 'producing':
    case 'reweighting':
      return 'sampling';
    case 'comparing':
      return 'comparing';
    default:
      return undefined;
  }
}

function totalSeconds(wall: WallSeconds): number {
  return wall.seeding + wall.training + wall.sampling;
}
