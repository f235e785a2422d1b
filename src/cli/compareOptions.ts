import { type Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { didYouMean } from '../core/didYouMean.ts';
import { methodNames } from '../scenario/compare/ranking.ts';
import type { MethodName } from '../scenario/comparison.ts';
import { integer, positive } from './numberOption.ts';

/** Adds `ergoflow compare` to the commands. */
export function addCompareCommand(ergoflow: Pick<Command, 'command'>): void {
  ergoflow
    .command('compare')
    .description('plain MD, parallel tempering, the flow alone and the hybrid at equal cost')
    .argument('<scenario>', 'a name from `ergoflow list`, or a .ts, .mts, .js or .mjs file')
    .option('--methods <list>', `some of ${methodNames.join(',')} (default: all)`, methodList)
    .option('--seeds <n>', 'runs of every method (default: 3)', integer(1, 1000))
    .addOption(
      new Option(
        '--evaluations <n>',
        'energy evaluations of every run (default: what the scenario’s own run spends)',
      )
        .argParser(integer(1, Number.MAX_SAFE_INTEGER))
        .conflicts('seconds'),
    )
    .addOption(
      new Option('--seconds <s>', 'wall-clock seconds of every run, instead').argParser(positive),
    )
    .option('--temperature <T>', 'K, or kT itself for a model system in reduced units', positive)
    .option('--out <folder>', 'run directory (default: runs/<scenario>-compare)')
    .option('--force', 'where the folder exists, move what is in it aside first')
    .option('--smoke', 'a training of seconds; proves nothing about the methods')
    .option('--json', 'print compare.json')
    .addOption(
      new Option('--backend <name>', 'tensor backend (default: the fastest that works)').choices([
        'tensorflow',
        'wasm',
        'cpu',
      ] as const),
    )
    .action(async (argument, options) =>
      (await import('./compare.ts')).compareCommand(argument, options),
    );
}

function methodList(text: string): MethodName[] {
  return text.split(',').map((word) => {
    const found = methodNames.find((name) => name === word.trim());
    if (found !== undefined) return found;
    const suggestion = didYouMean(word, methodNames);
    const help =
      suggestion === undefined
        ? `known are ${methodNames.join(', ')}`
        : `did you mean "${suggestion}"?`;
    throw new InvalidArgumentError(`unknown method "${word}"; ${help}`);
  });
}
