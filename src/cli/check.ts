import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { row } from '../core/batch.ts';
import { kelvinToKT } from '../core/units.ts';
import {
  type CheckOptions,
  checkPotential,
  type PotentialCheck,
} from '../md/check/checkPotential.ts';
import type { Symmetry } from '../md/check/symmetry.ts';
import { checkPicture } from '../report/checkPicture.ts';
import { checkRecord } from '../report/checkRecord.ts';
import { checkTable } from '../report/checkTable.ts';
import { loadPngRenderer } from '../report/pngRenderer.ts';
import { temperatureOf, toPlan } from '../scenario/toPlan.ts';
import { EXIT, ExitRequest } from './exit.ts';
import {
  type LoadedPotential,
  type LoadedScenario,
  loadSource,
  UsageError,
} from './loadScenario.ts';
import { progressReporter } from './progress.ts';

export interface CheckCommandOptions {
  readonly points?: number;
  readonly seed?: number;
  readonly temperature?: number;
  readonly particles?: 1 | 2 | 3;
  readonly claim?: readonly Symmetry[];
  readonly picture?: string;
  readonly json?: true;
}

/** `ergoflow check <file|scenario>`: exit code 1 where something failed. */
export async function checkCommand(argument: string, options: CheckCommandOptions): Promise<void> {
  const loaded = await loadSource(argument);
  const potential = 'scenario' in loaded ? loaded.scenario.potential : loaded.potential;
  const { picture } = options;
  if (picture !== undefined) expectDrawable(picture, potential.dim);
  const reporter = progressReporter(process.stderr);
  let check: PotentialCheck;
  try {
    check = checkPotential(potential, {
      ...known(loaded, options),
      ...(options.points === undefined ? {} : { points: options.points }),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(options.particles === undefined ? {} : { particles: { dimensions: options.particles } }),
      ...(options.claim === undefined ? {} : { claims: options.claim }),
      onProgress: ({ stage, done }) =>
        reporter.onEvent({ type: 'progress', phase: stage, done, total: 1, figure: undefined }),
    });
  } catch (error) {
    // Claims and layouts that do not fit this potential are mistakes of the command line.
    if (error instanceof RangeError) throw new UsageError(error.message, { cause: error });
    throw error;
  } finally {
    reporter.end();
  }
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(checkRecord(check), null, 2)}\n`
      : `${checkTable(check)}\n`,
  );
  if (picture !== undefined) await draw(picture, potential, check);
  if (!check.passed) throw new ExitRequest(EXIT.missed);
}

/** What a scenario says about its potential: temperature, masses, and where configurations lie. */
function known(
  loaded: LoadedScenario | LoadedPotential,
  { temperature }: CheckCommandOptions,
): Pick<CheckOptions, 'kT' | 'masses' | 'starts'> {
  if ('potential' in loaded) {
    if (temperature === undefined) return {};
    const isReduced = loaded.potential.units.energy === 'reduced';
    return { kT: isReduced ? temperature : kelvinToKT(temperature) };
  }
  const { scenario } = loaded;
  const overrides = temperature === undefined ? {} : { temperature };
  const plan = toPlan(scenario, { temperature: temperatureOf(scenario, overrides) });
  return {
    kT: plan.kT,
    ...(plan.masses === undefined ? {} : { masses: plan.masses }),
    starts: plan.states.flatMap(({ start }) =>
      Array.from({ length: start.count }, (_, b) => row(start, b)),
    ),
  };
}

function expectDrawable(picture: string, dim: number): void {
  if (!['.svg', '.png'].includes(extname(picture))) {
    throw new UsageError(`--picture expected a file that ends in .svg or .png, got "${picture}"`);
  }
  if (dim > 2) {
    throw new UsageError(`--picture draws one or two coordinates, and this potential has ${dim}`);
  }
}

async function draw(
  file: string,
  potential: LoadedPotential['potential'],
  check: PotentialCheck,
): Promise<void> {
  const svg = checkPicture(potential, check);
  if (svg === undefined) {
    process.stderr.write(`no picture: nothing was reached that could be drawn\n`);
    return;
  }
  if (extname(file) === '.svg') {
    writeFileSync(file, svg);
  } else {
    const renderer = await loadPngRenderer();
    const png = 'render' in renderer ? renderer.render(svg) : undefined;
    if (png === undefined) {
      const reason = 'missing' in renderer ? renderer.missing : 'the picture cannot be rendered';
      throw new UsageError(`${file} was not written: ${reason}; ask for .svg instead`);
    }
    writeFileSync(file, png);
  }
  process.stderr.write(`${file}\n`);
}
