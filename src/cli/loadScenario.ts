import { existsSync, readdirSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createJiti } from 'jiti';
import { ErgoflowError } from '../core/errors.ts';
import { defineScenario, looksLikeScenario } from '../scenario/defineScenario.ts';
import { didYouMean } from '../scenario/didYouMean.ts';
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

/** All scenarios that ship, by name. */
export async function shippedScenarios(): Promise<LoadedScenario[]> {
  const files = readdirSync(shippedFolder)
    .filter((file) => file.endsWith('.js'))
    .sort();
  return Promise.all(
    files.map(async (name) => {
      const file = join(shippedFolder, name);
      return {
        scenario: accept(await import(pathToFileURL(file).href), file),
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

async function loadFile(file: string, asGiven: string): Promise<LoadedScenario> {
  if (!existsSync(file))
    throw new UsageError(`scenario file "${asGiven}" does not exist (${file})`);
  // The user's file sees this very package, wherever the file lies.
  const own = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
  const jiti = createJiti(import.meta.url, {
    fsCache: false,
    alias: {
      'ergoflow/md': own('md/index.js'),
      'ergoflow/flow': own('flow/index.js'),
      'ergoflow/hybrid': own('hybrid/index.js'),
      'ergoflow/analysis': own('analysis/index.js'),
      ergoflow: own('index.js'),
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
  return { scenario: accept(module, asGiven), file, shipped: false };
}

function accept(module: unknown, file: string): Scenario {
  const value =
    typeof module === 'object' && module !== null && 'default' in module
      ? module.default
      : undefined;
  if (looksLikeScenario(value)) return defineScenario(value);
  if (typeof value === 'object' && value !== null && 'energyAndGradient' in value) {
    throw new UsageError(
      `"${file}" exports a potential; a run also needs the states to compare. ` +
        'Wrap it: export default defineScenario({ name, about, potential, states, coordinate })',
    );
  }
  throw new UsageError(
    `"${file}" has no scenario as its default export (found ${value === undefined ? 'none' : typeof value}); ` +
      'it should end with: export default defineScenario({ … })',
  );
}
