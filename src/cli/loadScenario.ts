import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createJiti } from 'jiti';
import { didYouMean } from '../core/didYouMean.ts';
import { ErgoflowError } from '../core/errors.ts';
import type { Potential } from '../core/potential.ts';
import { readManifest, savedScenario } from '../io/manifest.ts';
import { defineScenario, looksLikeScenario } from '../scenario/defineScenario.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** A scenario argument cannot be turned into a scenario; the fault is in the command or its file. */
export class UsageError extends ErgoflowError {
  override name = 'UsageError' as const;
}

/** A scenario and where it came from. */
export interface LoadedScenario {
  readonly scenario: Scenario;
  /** The file that defines it. */
  readonly file: string;
  /** Whether it is one of ours. */
  readonly shipped: boolean;
}

const shippedFolder = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const extensions = ['.ts', '.mts', '.js', '.mjs'];

/** A potential of the user's own, without a scenario around it. */
export interface LoadedPotential {
  readonly potential: Potential;
  readonly file: string;
  readonly shipped: false;
}

/** All scenarios that ship, by name. */
export async function shippedScenarios(): Promise<LoadedScenario[]> {
  const files = readdirSync(shippedFolder)
    .filter((file) => file.endsWith('.js'))
    .sort();
  return Promise.all(
    files.map(async (name) => {
      const file = join(shippedFolder, name);
      return {
        scenario: acceptScenario(accept(await import(pathToFileURL(file).href), file), file),
        file,
        shipped: true,
      };
    }),
  );
}

/**
 * The scenario that a command line names: one of ours, or a file.
 * @throws {UsageError} for an unknown name, a missing file, or a file that holds something else.
 * @throws {ScenarioError} listing every problem of the scenario itself.
 */
export async function loadScenario(argument: string): Promise<LoadedScenario> {
  const loaded = await loadSource(argument);
  if ('scenario' in loaded) return loaded;
  throw new UsageError(
    `"${argument}" exports a potential, and this wants a scenario: states to compare, and a coordinate. ` +
      `ergoflow run ${argument} proposes one and saves it as scenario.ts in its run directory`,
  );
}

/**
 * What a command line names: a scenario, ours or from a file, or a file with nothing but a potential.
 * @throws {UsageError} @throws {ScenarioError} as `loadScenario`.
 */
export async function loadSource(argument: string): Promise<LoadedScenario | LoadedPotential> {
  if (extensions.includes(extname(argument)) || argument.includes('/')) {
    return loadFile(resolve(argument), argument);
  }
  const shipped = await shippedScenarios();
  const found = shipped.find(({ scenario }) => scenario.name === argument);
  if (found !== undefined) return found;
  const names = shipped.map(({ scenario }) => scenario.name);
  const suggestion = didYouMean(argument, names);
  throw new UsageError(
    `unknown scenario "${argument}"${suggestion === undefined ? '' : `; did you mean "${suggestion}"?`}\n` +
      `Scenarios that ship: ${names.join(', ')}. A file of your own ends in ${extensions.join(', ')}.`,
  );
}

async function loadFile(file: string, asGiven: string): Promise<LoadedScenario | LoadedPotential> {
  if (!existsSync(file))
    throw new UsageError(`scenario file "${asGiven}" does not exist (${file})`);
  // The user's file sees this very package, wherever the file lies, and its tensors: those of another copy
  // of tfjs would be unknown here.
  const { resolve: dependency } = createRequire(import.meta.url);
  const own = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
  const jiti = createJiti(import.meta.url, {
    fsCache: false,
    alias: {
      'ergoflow/md': own('md/index.js'),
      'ergoflow/flow': own('flow/index.js'),
      'ergoflow/hybrid': own('hybrid/index.js'),
      'ergoflow/analysis': own('analysis/index.js'),
      'ergoflow/molecules': own('io/molecule/index.js'),
      'ergoflow/threads': own('io/threads/index.js'),
      'ergoflow/trajectory': own('io/trajectory/index.js'),
      'ergoflow/sockets': own('io/sockets/index.js'),
      ergoflow: own('index.js'),
      '@tensorflow/tfjs': dependency('@tensorflow/tfjs'),
      '@tensorflow/tfjs-core': dependency('@tensorflow/tfjs-core'),
    },
  });
  let module: unknown;
  try {
    module = await jiti.import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof ErgoflowError) throw error;
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new UsageError(`scenario file "${asGiven}" threw while it was loaded:\n${reason}`, {
      cause: error,
    });
  }
  const value = accept(module, asGiven);
  if (isPotential(value)) return { potential: value, file, shipped: false };
  return { scenario: acceptScenario(value, asGiven), file, shipped: false };
}

/**
 * The scenario of a run: that of its manifest, or the one that was made for a bare potential and saved
 * beside it.
 */
export async function loadRunScenario(folder: string): Promise<LoadedScenario> {
  const { argument } = readManifest(folder).scenario;
  const loaded = await loadSource(argument);
  if ('scenario' in loaded) return loaded;
  // A failure's reproducer lies in a folder of its own inside the run.
  const saved = [folder, dirname(resolve(folder))]
    .map((place) => resolve(place, savedScenario))
    .find((path) => existsSync(path));
  if (saved === undefined) {
    throw new UsageError(
      `${argument} is a potential alone, and the scenario of the run, ${savedScenario}, is missing in ${folder}`,
    );
  }
  const { scenario } = await loadScenario(saved);
  return { scenario, file: loaded.file, shipped: false };
}

function accept(module: unknown, file: string): object {
  const value =
    typeof module === 'object' && module !== null && 'default' in module
      ? module.default
      : undefined;
  if (typeof value === 'object' && value !== null) return value;
  throw new UsageError(
    `"${file}" has no scenario as its default export (found ${value === undefined ? 'none' : typeof value}); ` +
      'it should end with: export default defineScenario({ … }), or export default definePotential({ … })',
  );
}

function acceptScenario(value: object, file: string): Scenario {
  if (looksLikeScenario(value)) return defineScenario(value);
  const isDefinition = 'energy' in value && 'dim' in value;
  throw new UsageError(
    `"${file}" has neither a scenario nor a potential as its default export` +
      (isDefinition
        ? '; wrap what it has: export default definePotential({ name, dim, energy })'
        : '; it should end with: export default defineScenario({ … })'),
  );
}

function isPotential(value: object): value is Potential {
  return (
    'energyAndGradient' in value &&
    typeof value.energyAndGradient === 'function' &&
    'dim' in value &&
    typeof value.dim === 'number'
  );
}
