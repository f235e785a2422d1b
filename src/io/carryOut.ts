import type { FlowModel } from '../flow/model.ts';
import type { RunEvent } from '../hybrid/events.ts';
import type { Result } from '../scenario/result.ts';
import { InterruptedError, type RunOptions, runScenario } from '../scenario/runScenario.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type PlanOverrides, temperatureOf, toPlan } from '../scenario/toPlan.ts';
import type { Backend } from './backend.ts';
import type { CheckpointStore } from './checkpointStore.ts';
import { type Limits, limited } from './limits.ts';
import type { FoundProgress, ProgressStore } from './progressStore.ts';
import { writeReproducer } from './reproducer.ts';
import type { RunDirectory } from './runDirectory.ts';
import { runFiles } from './runFiles.ts';
import { StorageError } from './storageError.ts';
import { tiersOf } from './tiers.ts';

/** A run that has begun, in the lines that a person should read first. */
export interface RunStart {
  readonly folder: string;
  readonly lines: readonly string[];
}

export interface SessionOutcome {
  readonly result: Result;
  readonly folder: string;
}

/** A run as whoever started it sees and stops it. */
export interface Watching {
  readonly scenario: Scenario;
  /** The file that defines the scenario. */
  readonly file: string;
  readonly shipped: boolean;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
  readonly onStart: (start: RunStart) => void;
  readonly limits?: Limits;
  /** When checkpoints are written within phases. */
  readonly checkpoint?: RunOptions['checkpoint'];
}

/** What a run is made of beside its directory and whoever watches it. */
export interface Work {
  readonly overrides: PlanOverrides;
  readonly backend: Backend;
  readonly model: FlowModel | undefined;
  readonly progress: ProgressStore;
  /** Where an earlier process left it; undefined for a new run. */
  readonly found: FoundProgress | undefined;
}

/** Runs a scenario in its directory to the end, which it writes, or to its last checkpoint. */
export async function carryOut(
  directory: RunDirectory,
  watching: Watching,
  work: Work,
): Promise<SessionOutcome> {
  const { scenario, onEvent } = watching;
  const { overrides, backend, model, progress, found } = work;
  const { folder, checkpoint, events } = directory;
  const saved = found?.progress?.saved;
  const plan = toPlan(scenario, overrides);
  const log = (event: RunEvent): void => {
    events.append({ time: new Date().toISOString(), ...event });
  };
  const warn = (message: string): void => {
    log({ type: 'warning', message });
    onEvent({ type: 'warning', message });
  };
  if (found !== undefined) events.rewind(found.progress?.logLength ?? 0);
  for (const message of damageReport(found)) warn(message);
  const tiers = tiersOf(backend, warn);
  watching.onStart({
    folder,
    lines: [
      `${scenario.name}: ${scenario.about}`,
      `seed ${plan.seed}, temperature ${temperatureOf(scenario, overrides)}` +
        `${scenario.potential.units.energy === 'reduced' ? ' (reduced units)' : ' K'}, ` +
        `${backend.name} ${backend.library}, flow ${tiers.name}, into ${folder}`,
      ...(backend.faster === undefined ? [] : [backend.faster]),
    ],
  });
  const limits = limited(watching.signal, watching.limits ?? {});
  // The log of a resumed run already says which phase it is in.
  let isKnown = saved !== undefined;
  const options: RunOptions = {
    ...overrides,
    store: checkpoint,
    signal: limits.signal,
    emit: (event) => {
      const repeats = isKnown && event.type === 'phase';
      if (repeats) isKnown = false;
      else if (event.type !== 'progress') log(event);
      onEvent(event);
    },
    onCheckpoint: (now) => progress.put({ saved: now, logLength: events.mark() }),
    ...(watching.checkpoint === undefined ? {} : { checkpoint: watching.checkpoint }),
    onFailure: (error, before) => {
      if (error instanceof StorageError) return;
      const reproducer = writeReproducer(directory, error, before);
      if (reproducer === undefined) return;
      onEvent({
        type: 'warning',
        message: `to see this failure again from just before it: ergoflow replay ${reproducer}`,
      });
    },
    ...(model === undefined ? {} : { model }),
    ...(saved === undefined ? {} : { resume: saved }),
    createStepper: tiers.createStepper,
    createDensity: tiers.createDensity,
    backend: { name: backend.name, library: backend.library },
  };
  try {
    const { result, context } = await runScenario(scenario, options);
    const files = runFiles({ scenario, plan, store: checkpoint, result, model: context.model });
    for (const [name, content] of Object.entries(files)) directory.write(name, content);
    directory.close('done');
    dropRecords(checkpoint);
    return { result, folder };
  } catch (error) {
    directory.close(error instanceof InterruptedError ? 'interrupted' : 'failed');
    throw error;
  } finally {
    limits.end();
  }
}

/** They are in `samples.npz` now. A copy that cannot be removed takes room, and does no other harm. */
function dropRecords(checkpoint: CheckpointStore): void {
  try {
    checkpoint.forgetRecords();
  } catch {
    // The run is done and says so; to fail now would deny that.
  }
}

function damageReport(found: FoundProgress | undefined): string[] {
  if (found === undefined || found.damaged.length === 0) return [];
  return [
    ...found.damaged,
    found.progress === undefined
      ? 'no checkpoint is whole: the run begins again, to the same numbers'
      : 'the run goes on from the checkpoint before, to the same numbers',
  ];
}
