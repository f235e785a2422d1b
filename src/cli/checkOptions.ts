import { type Command, InvalidArgumentError } from '@commander-js/extra-typings';
import type { Symmetry } from '../md/check/symmetry.ts';
import { integer, positive } from './numberOption.ts';

/** Adds `ergoflow check` to the commands. */
export function addCheckCommand(ergoflow: Pick<Command, 'command'>): void {
  ergoflow
    .command('check')
    .description('look at a force field from all sides before a run is built on it')
    .argument(
      '<file|scenario>',
      'a file whose default export is a potential or a scenario, or a name from `ergoflow list`',
    )
    .option('--points <n>', 'configurations for each test (default: 48)', integer(2, 1e5))
    .option('--seed <n>', 'seed of every random number (default: 1)', integer(0, 2 ** 32 - 1))
    .option('--temperature <T>', 'K, or kT itself for a model system in reduced units', positive)
    .option('--particles <dimensions>', 'coordinates make particles in 1, 2 or 3 dimensions', axes)
    .option(
      '--claim <symmetries>',
      'fail unless these hold: translation,rotation,permutation',
      list,
    )
    .option('--picture <file>', 'draw a landscape of one or two coordinates, as .svg or .png')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nWhat is looked at: whether a call leaves its argument and its earlier results alone, gives the same\n' +
        'answer again, and treats rows of a batch alike; the gradient against finite differences; where U is\n' +
        'finite; jumps and kinks; symmetries; the energy of undisturbed motion; minima and the barrier between\n' +
        'the lowest two; time steps that suit it; and its speed.\n' +
        '\nExamples:\n' +
        '  ergoflow check my-potential.ts                       everything, in a second or two\n' +
        '  ergoflow check my-potential.ts --picture u.svg       and what it looks like\n' +
        '  ergoflow check cluster.ts --claim translation,rotation,permutation --temperature 120\n' +
        '  ergoflow check double-well --json                    for a program\n' +
        '\nExit codes: 0 nothing failed (warnings pass), 1 something failed, 2 usage or bad input.',
    )
    .action(async (argument, options) =>
      (await import('./check.ts')).checkCommand(argument, options),
    );
}

function axes(text: string): 1 | 2 | 3 {
  if (text === '1' || text === '2' || text === '3') return text === '1' ? 1 : text === '2' ? 2 : 3;
  throw new InvalidArgumentError(`expected 1, 2 or 3, got "${text}".`);
}

const symmetries: readonly Symmetry[] = ['translation', 'rotation', 'permutation'];

function list(text: string): Symmetry[] {
  return text.split(',').map((part) => {
    const name = symmetries.find((symmetry) => symmetry === part.trim());
    if (name !== undefined) return name;
    throw new InvalidArgumentError(`expected some of ${symmetries.join(',')}, got "${part}".`);
  });
}
