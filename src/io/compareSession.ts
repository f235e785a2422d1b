import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { comparedMethods } from '../scenario/compare/comparedMethods.ts';
import {
  type CompareOptions,
  type CompareProgress,
  compareMethods,
} from '../scenario/compare/compareMethods.ts';
import type { Comparison } from '../scenario/comparison.ts';
import type { BackendName } from '../scenario/result.ts';
import { InterruptedError } from '../scenario/runScenario.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { toPlan } from '../scenario/toPlan.ts';
import { chooseBackend } from './backend.ts';
import { fileHash, gitCommit, machine } from './machine.ts';
import { createRunDirectory } from './runDirectory.ts';
import { describeBackend, tiersOf } from './tiers.ts';
import { version } from './version.ts';

/** What of a comparison a command line may set. */
export type CompareSettings = Pick<
  CompareOptions,
  'methods' | 'evaluations' | 'seconds' | 'temperature' | 'smoke'
>;

export interface StartComparison {
  readonly scenario: Scenario;
  /** The file that defines the scenario. */
  readonly file: string;
  readonly shipped: boolean;
  readonly settings: CompareSettings;
  /** Runs of every method; seeds are counted up from the scenario's own. */
  readonly seeds: number;
  readonly out: string | undefined;
  readonly force: boolean;
  readonly backend: BackendName | undefined;
  readonly signal: AbortSignal;
  readonly onStart: (lines: readonly string[]) => void;
  readonly onProgress: (progress: CompareProgress) => void;
  readonly onWarning: (message: string) => void;
}

export interface ComparisonOutcome {
  readonly comparison: Comparison;
  readonly folder: string;
}

/**
 * Compares methods into a new directory: `run.json`, `events.jsonl`, `compare.json`. Nothing that exists
 * is overwritten, and a comparison that was stopped is not taken up again.
 */
export async function startComparison(options: StartComparison): Promise<ComparisonOutcome> {
  const { scenario, settings, onProgress, onWarning } = options;
  const { seed } = toPlan(scenario);
  const seeds = Array.from({ length: options.seeds }, (_, i) => seed + i);
  const backend = await chooseBackend(options.backend);
  const { methods: asked, ...others } = settings;
  const methods = comparedMethods(scenario, asked);
  const named = asked ?? methods;
  const directory = createRunDirectory(
    {
      scenario: {
        name: scenario.name,
        hash: fileHash(options.file),
        argument: options.shipped ? scenario.name : options.file,
      },
      seed,
      version,
      commit: gitCommit(),
      node: process.version,
      backend: describeBackend(backend),
      machine: machine(),
      units: scenario.potential.units,
      options: { compare: true, seeds, methods: [...named], ...others },
    },
    { out: options.out ?? unusedFolder(scenario.name), force: options.force },
  );
  const { events, folder } = directory;
  const note = (event: object): void => events.append({ time: new Date().toISOString(), ...event });
  const tiers = tiersOf(backend, (message) => {
    note({ type: 'warning', message });
    onWarning(message);
  });
  options.onStart([
    `${scenario.name}: ${scenario.about}`,
    `${named.join(', ')}; seeds ${seeds.join(', ')}; ${backend.name} ${backend.library}, ` +
      `flow ${tiers.name}, into ${folder}`,
    ...(backend.faster === undefined ? [] : [backend.faster]),
  ]);
  let phase = '';
  try {
    const comparison = await compareMethods(scenario, {
      ...settings,
      seeds,
      signal: options.signal,
      createStepper: tiers.createStepper,
      createDensity: tiers.createDensity,
      backend: { name: backend.name, library: backend.library },
      onProgress(progress) {
        const next = `seed ${progress.seed} ${progress.phase}`;
        if (next !== phase) note({ type: 'phase', seed: progress.seed, phase: progress.phase });
        phase = next;
        onProgress(progress);
      },
    });
    directory.write('compare.json', `${JSON.stringify(comparison, null, 2)}\n`);
    directory.close('done');
    return { comparison, folder };
  } catch (error) {
    directory.close(error instanceof InterruptedError ? 'interrupted' : 'failed');
    throw error;
  }
}

function unusedFolder(scenario: string): string {
  const wanted = join('runs', `${scenario}-compare`);
  let folder = wanted;
  for (let n = 2; existsSync(folder); n++) folder = `${wanted}-${n}`;
  return folder;
}
