import { createActor, type Snapshot } from 'xstate';
import { ErgoflowError } from '../core/errors.ts';
import { emptyLedger, type Ledger } from '../core/ledger.ts';
import { eagerStepper } from '../flow/eagerStepper.ts';
import { flowDensity } from '../flow/flowDensity.ts';
import type { FlowModel } from '../flow/model.ts';
import { campaignActors } from '../hybrid/actors.ts';
import { type Artifact, type ArtifactStore, memoryStore } from '../hybrid/artifacts.ts';
import { type CampaignContext, campaignMachine, type Verdict } from '../hybrid/campaign.ts';
import type { Environment } from '../hybrid/environment.ts';
import type { RunEvent } from '../hybrid/events.ts';
import { modelArtifact } from '../hybrid/models.ts';
import { type CheckpointPolicy, checkpoints } from './checkpoints.ts';
import type { BackendName, Result, WallSeconds } from './result.ts';
import type { Scenario } from './scenario.ts';
import { summarise } from './summarise.ts';
import { type PlanOverrides, toPlan } from './toPlan.ts';

/** Where a run stood, between two phases or within one: all that a later process needs beside the artifacts. */
export interface SavedRun {
  /** The machine's persisted snapshot. */
  readonly snapshot: unknown;
  readonly ledger: Ledger;
  readonly wallSeconds: WallSeconds;
  /** Where it stood within its phase; undefined at the phase's start. */
  readonly midway?: Artifact | undefined;
}

/** What one run of a scenario is told beside the scenario. */
export interface RunOptions extends PlanOverrides {
  /** In memory by default. */
  readonly store?: ArtifactStore;
  readonly emit?: (event: RunEvent) => void;
  /** Aborting it ends the run between two steps with an `InterruptedError`. */
  readonly signal?: AbortSignal;
  /** A flow trained before, used as it is. */
  readonly model?: FlowModel;
  /** Goes on from what `onCheckpoint` saved last; `store` must hold that run's artifacts. */
  readonly resume?: SavedRun;
  /** Called whenever a phase has begun, its predecessor's artifacts being stored, and within phases. */
  readonly onCheckpoint?: (saved: SavedRun) => void;
  /** Called where a phase threw, with where it stood before the step that did. */
  readonly onFailure?: (error: unknown, before: SavedRun) => void;
  /** When to call `onCheckpoint` within a phase. */
  readonly checkpoint?: CheckpointPolicy;
  /** The training tier; eager on the current tfjs backend by default. */
  readonly createStepper?: Environment['createStepper'];
  /** The float64 tier; plain TypeScript and WebAssembly by default. */
  readonly createDensity?: Environment['createDensity'];
  readonly backend?: { readonly name: BackendName; readonly library: string };
}

/** The run was told to stop; what it had finished is kept. */
export class InterruptedError extends ErgoflowError {
  override name = 'InterruptedError' as const;

  /** @param reason why, where it was not a person: `the time limit of 2 h is reached`. */
  constructor(phase: string, reason?: string) {
    super(`interrupted while ${phase}${reason === undefined ? '' : `: ${reason}`}`);
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
  let ended = false;
  const emit = (event: RunEvent): void => {
    // A phase that was stopped ends at its next step, and until then nobody listens.
    if (!ended) options.emit?.(event);
  };
  let cause: unknown;
  let phase = '';
  let since = performance.now();
  const spent = (now: number): WallSeconds => {
    const account = wallAccount(phase);
    return account === undefined
      ? { ...wallSeconds }
      : { ...wallSeconds, [account]: wallSeconds[account] + (now - since) / 1000 };
  };
  // As the phase began: nothing that the machine remembers changes within one.
  let phaseSnapshot: unknown = options.resume?.snapshot;
  const standingAt = (midway: Artifact | undefined): SavedRun => ({
    snapshot: phaseSnapshot,
    ledger: { ...ledger },
    wallSeconds: spent(performance.now()),
    midway,
  });
  const points = checkpoints(options.checkpoint ?? {}, options.resume?.midway, (midway) => {
    if (!ended) options.onCheckpoint?.(standingAt(midway));
  });
  const env: Environment = {
    plan,
    store,
    ledger,
    emit,
    ...(options.onCheckpoint === undefined ? {} : { midway: points }),
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
      hasFlow: plan.flow !== undefined,
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
    const cancel = (): void => {
      try {
        points.flush();
      } catch (error) {
        // The checkpoint before it is good, and the run ends either way.
        emit({ type: 'warning', message: error instanceof Error ? error.message : String(error) });
      }
      actor.send({ type: 'CANCELLED' });
    };
    options.signal?.addEventListener('abort', cancel, { once: true });
    const follow = (snapshot: ReturnType<typeof actor.getSnapshot>): void => {
      const next = phaseName(snapshot.value);
      if (next === phase) return;
      const now = performance.now();
      Object.assign(wallSeconds, spent(now));
      if (phase !== '') emit({ type: 'ledger', phase, ledger: { ...ledger } });
      since = now;
      const left = phase;
      phase = next;
      emit({ type: 'phase', phase, round: snapshot.context.round });
      if (snapshot.status === 'active' && next !== 'deciding' && next !== 'judging') {
        phaseSnapshot = actor.getPersistedSnapshot();
        // What the first phase of a resumed run stands on is on the disk, middle and all.
        if (left !== '' || options.resume === undefined) points.boundary();
      }
      if (snapshot.status !== 'done') return;
      ended = true;
      options.signal?.removeEventListener('abort', cancel);
      if (next === 'interrupted') reject(new InterruptedError(left, stopReason(options.signal)));
      else if (next === 'failed') {
        options.onFailure?.(cause, standingAt(points.standing()));
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
    };
    actor.subscribe({
      next: (snapshot) => {
        try {
          follow(snapshot);
        } catch (error) {
          // A checkpoint that cannot be written, say: nobody would hear of it from in here.
          ended = true;
          options.signal?.removeEventListener('abort', cancel);
          actor.stop();
          reject(error);
        }
      },
      error: reject,
    });
    const { name, evaluationsPerGradient } = plan.potential;
    if (evaluationsPerGradient > 1 && options.resume === undefined) {
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

/** What the caller gave as the reason to stop, if it is one that says something. */
function stopReason(signal: AbortSignal | undefined): string | undefined {
  return typeof signal?.reason === 'string' ? signal.reason : undefined;
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
    case 'buildingLadder':
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
