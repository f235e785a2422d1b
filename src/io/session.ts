import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import type { FlowModel } from '../flow/model.ts';
import { modelFromBytes } from '../flow/modelFile.ts';
import type { RunEvent } from '../hybrid/events.ts';
import type { BackendName, Result } from '../scenario/result.ts';
import {
  InterruptedError,
  type RunOptions,
  runScenario,
  type SavedRun,
} from '../scenario/runScenario.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type PlanOverrides, temperatureOf, toPlan } from '../scenario/toPlan.ts';
import { type Backend, chooseBackend } from './backend.ts';
import { fileHash, gitCommit, machine } from './machine.ts';
import { type Manifest, RunDirectoryError } from './manifest.ts';
import { createRunDirectory, openRunDirectory, type RunDirectory } from './runDirectory.ts';
import { runFiles } from './runFiles.ts';
import { tiersOf } from './tiers.ts';
import { version } from './version.ts';

/** A run that has begun, in the lines that a person should read first. */
export interface RunStart {
  readonly folder: string;
  readonly lines: readonly string[];
}

export interface SessionOutcome {
  readonly result: Result;
  readonly folder: string;
}

interface Watching {
  readonly scenario: Scenario;
  /** The file that defines the scenario. */
  readonly file: string;
  readonly shipped: boolean;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
  readonly onStart: (start: RunStart) => void;
}

export interface StartRun extends Watching {
  readonly overrides: PlanOverrides;
  readonly out: string | undefined;
  readonly force: boolean;
  /** Run directory whose trained flow is used as it is. */
  readonly modelFrom: string | undefined;
  readonly backend: BackendName | undefined;
}

/** Runs a scenario into a new run directory. */
export async function startRun(options: StartRun): Promise<SessionOutcome> {
  const { scenario, overrides } = options;
  const model = options.modelFrom === undefined ? undefined : modelOf(options.modelFrom, scenario);
  const plan = toPlan(scenario, overrides);
  const backend = await chooseBackend(options.backend);
  const { seed: _, ...others } = overrides;
  const directory = createRunDirectory(
    {
      scenario: {
        name: scenario.name,
        hash: fileHash(options.file),
        argument: options.shipped ? scenario.name : options.file,
      },
      seed: plan.seed,
      version,
      commit: gitCommit(),
      node: process.version,
      backend: { name: backend.name, library: backend.library, threads: backend.threads },
      machine: machine(),
      units: scenario.potential.units,
      options: {
        ...others,
        ...(options.modelFrom === undefined ? {} : { model: resolve(options.modelFrom) }),
      },
    },
    { out: options.out, force: options.force },
  );
  return carryOut(directory, options, overrides, backend, model, undefined);
}

export interface ResumeRun extends Watching {
  readonly folder: string;
}

/**
 * Goes on with a run from the last phase that it finished.
 * @throws {RunDirectoryError} where scenario or backend are not those of the run: the numbers would not
 *   be those of an uninterrupted run.
 */
export async function resumeRun(options: ResumeRun): Promise<SessionOutcome> {
  const directory = openRunDirectory(options.folder, version);
  const { manifest } = directory;
  try {
    const hash = fileHash(options.file);
    if (hash !== manifest.scenario.hash) {
      throw new RunDirectoryError(
        `${options.file} has changed since the run began (sha256 ${hash.slice(0, 12)}…, then ` +
          `${manifest.scenario.hash.slice(0, 12)}…): restore it, or start a new run`,
      );
    }
    const backend = await chooseBackend(manifest.backend.name, manifest.backend.threads);
    if (backend.library !== manifest.backend.library) {
      throw new RunDirectoryError(
        `the run began on ${manifest.backend.name} ${manifest.backend.library}, here is ` +
          `${backend.library}: install that version, or start a new run`,
      );
    }
    const overrides = overridesOf(manifest);
    const given = manifest.options['model'];
    const model = typeof given === 'string' ? modelOf(given, options.scenario) : undefined;
    return await carryOut(directory, options, overrides, backend, model, savedRun(directory));
  } catch (error) {
    directory.close('interrupted');
    throw error;
  }
}

async function carryOut(
  directory: RunDirectory,
  watching: Watching,
  overrides: PlanOverrides,
  backend: Backend,
  model: FlowModel | undefined,
  resume: SavedRun | undefined,
): Promise<SessionOutcome> {
  const { scenario, signal, onEvent } = watching;
  const { folder, checkpoint, events } = directory;
  const plan = toPlan(scenario, overrides);
  const tiers = tiersOf(backend, (reason) => {
    const warning: RunEvent = { type: 'warning', message: reason };
    events.append({ time: new Date().toISOString(), ...warning });
    onEvent(warning);
  });
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
  const options: RunOptions = {
    ...overrides,
    store: checkpoint,
    signal,
    emit: (event) => {
      if (event.type !== 'progress') events.append({ time: new Date().toISOString(), ...event });
      onEvent(event);
    },
    onBoundary: (saved) => checkpoint.put('progress', { arrays: {}, meta: saved }),
    ...(model === undefined ? {} : { model }),
    ...(resume === undefined ? {} : { resume }),
    createStepper: tiers.createStepper,
    createDensity: tiers.createDensity,
    backend: { name: backend.name, library: backend.library },
  };
  try {
    const { result, context } = await runScenario(scenario, options);
    const files = runFiles({ scenario, plan, store: checkpoint, result, model: context.model! });
    for (const [name, content] of Object.entries(files)) directory.write(name, content);
    directory.close('done');
    return { result, folder };
  } catch (error) {
    directory.close(error instanceof InterruptedError ? 'interrupted' : 'failed');
    throw error;
  }
}

function savedRun(directory: RunDirectory): SavedRun | undefined {
  // A run that was stopped in its first phase has finished none, and begins again.
  if (!existsSync(join(directory.folder, 'checkpoint', 'progress.json'))) return undefined;
  return directory.checkpoint.get('progress').meta as SavedRun;
}

/** What the command line of a run changed of its scenario. */
export function overridesOf(manifest: Manifest): PlanOverrides {
  const { temperature, chains, smoke } = manifest.options;
  return {
    seed: manifest.seed,
    ...(typeof temperature === 'number' ? { temperature } : {}),
    ...(typeof chains === 'number' ? { chains } : {}),
    ...(smoke === true ? { smoke } : {}),
  };
}

function modelOf(folder: string, scenario: Scenario): FlowModel {
  const path = join(folder, 'model.safetensors');
  if (!existsSync(path)) {
    throw new RunDirectoryError(
      `${isAbsolute(folder) ? folder : `"${folder}"`} has no model.safetensors: ` +
        '--model wants the directory of a finished run',
    );
  }
  const model = modelFromBytes(readFileSync(path));
  if (model.bijector.dim !== scenario.potential.dim) {
    throw new RunDirectoryError(
      `the flow in ${path} has ${model.bijector.dim} dimensions, ` +
        `"${scenario.name}" has ${scenario.potential.dim}`,
    );
  }
  return model;
}
