import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import type { FlowModel } from '../flow/model.ts';
import { modelFromBytes } from '../flow/modelFile.ts';
import type { BackendName } from '../scenario/result.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type PlanOverrides, toPlan } from '../scenario/toPlan.ts';
import { type Backend, chooseBackend } from './backend.ts';
import { carryOut, type SessionOutcome, type Watching } from './carryOut.ts';
import { codeHash } from './codeHash.ts';
import { expectRoomFor, expectToFit } from './limits.ts';
import { fileHash, gitCommit, machine } from './machine.ts';
import { type Manifest, RunDirectoryError, readManifest, savedScenario } from './manifest.ts';
import { findProgress, newProgress } from './progressStore.ts';
import { createRunDirectory, openRunDirectory, RUNS } from './runDirectory.ts';
import { expectSameNumbers, type Surroundings } from './sameNumbers.ts';
import { describeBackend } from './tiers.ts';
import { version } from './version.ts';

export type { RunStart, SessionOutcome } from './carryOut.ts';

export interface StartRun extends Watching {
  readonly overrides: PlanOverrides;
  readonly out: string | undefined;
  readonly force: boolean;
  /** Run directory whose trained flow is used as it is. */
  readonly modelFrom: string | undefined;
  readonly backend: BackendName | undefined;
  /** The file that would repeat a scenario made for a bare potential, as it reads in that folder. */
  readonly scenarioText?: (folder: string) => string;
}

/** Runs a scenario into a new run directory. */
export async function startRun(options: StartRun): Promise<SessionOutcome> {
  const { scenario, overrides } = options;
  const model = options.modelFrom === undefined ? undefined : modelOf(options.modelFrom, scenario);
  const plan = toPlan(scenario, overrides);
  expectToFit(plan, options.limits ?? {});
  expectRoomFor(plan, options.out ?? RUNS);
  const backend = await chooseBackend(options.backend);
  const { seed: _, ...others } = overrides;
  const here = surroundings(options.file, backend);
  const directory = createRunDirectory(
    {
      scenario: {
        name: scenario.name,
        hash: here.scenario.hash,
        argument: options.shipped ? scenario.name : options.file,
      },
      seed: plan.seed,
      version,
      code: here.code,
      commit: gitCommit(),
      node: process.version,
      backend: describeBackend(backend),
      machine: machine(),
      units: scenario.potential.units,
      options: {
        ...others,
        ...(options.modelFrom === undefined ? {} : { model: resolve(options.modelFrom) }),
      },
    },
    { out: options.out, force: options.force },
  );
  if (options.scenarioText !== undefined) {
    directory.write(savedScenario, options.scenarioText(directory.folder));
  }
  return carryOut(directory, options, {
    overrides,
    backend,
    model,
    progress: newProgress(directory.checkpoint),
    found: undefined,
  });
}

export interface ResumeRun extends Watching {
  readonly folder: string;
  /** Go on where last digits will differ from those of an uninterrupted run. */
  readonly allowInexact: boolean;
  /** Another backend than the one it began on. */
  readonly backend: BackendName | undefined;
}

/**
 * Goes on with a run from its last whole checkpoint.
 * @throws {RunDirectoryError} where scenario, code or backend are not those of the run: the numbers would
 *   not be those of an uninterrupted run. `allowInexact` takes all of that but another scenario.
 * @throws {FormatVersionError} where its checkpoints are of another format.
 */
export async function resumeRun(options: ResumeRun): Promise<SessionOutcome> {
  const { folder, limits = {} } = options;
  const manifest = readManifest(folder);
  const backend = await chooseBackend(
    options.backend ?? manifest.backend.name,
    manifest.backend.threads,
  );
  const inexact =
    manifest.status === 'done'
      ? // Opening it says what is wrong.
        []
      : expectSameNumbers(manifest, surroundings(options.file, backend), options.allowInexact);
  const overrides = overridesOf(manifest);
  const model = modelGiven(manifest, options.scenario);
  const plan = toPlan(options.scenario, overrides);
  expectToFit(plan, limits);
  const directory = openRunDirectory(folder, inexact);
  try {
    expectRoomFor(plan, folder, directory.checkpoint.recordedBytes());
    const found = findProgress(directory.checkpoint);
    return await carryOut(directory, options, {
      overrides,
      backend,
      model,
      progress: found.next,
      found,
    });
  } catch (error) {
    directory.close('interrupted');
    throw error;
  }
}

/** What bears on the numbers of a run, here and now. @throws {StorageError} */
export function surroundings(file: string, backend: Backend): Surroundings {
  return {
    scenario: { file, hash: fileHash(file) },
    version,
    code: codeHash(),
    node: process.version,
    backend,
    machine: machine(),
  };
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

/** The trained flow that a run was given to use as it is. @throws {RunDirectoryError} */
export function modelGiven(manifest: Manifest, scenario: Scenario): FlowModel | undefined {
  const folder = manifest.options['model'];
  return typeof folder === 'string' ? modelOf(folder, scenario) : undefined;
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
