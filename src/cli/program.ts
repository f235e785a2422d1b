import { Command, Option } from '@commander-js/extra-typings';
import { version } from '../io/version.ts';
import { addCheckCommand } from './checkOptions.ts';
import { addCompareCommand } from './compareOptions.ts';
import { addEnergyCommand } from './energyOptions.ts';
import { addLimitOptions } from './limitOptions.ts';
import { addNewCommand } from './newOptions.ts';
import { integer, positive } from './numberOption.ts';

/**
 * The command line: commands, options, help. Does nothing until it is parsed, and loads a command only
 * when it is asked for, so that help and complaints come at once.
 */
export function program() {
  const ergoflow = new Command('ergoflow')
    .description(
      'Molecular dynamics and normalizing flows in one exact sampler:\n' +
        'MD explores, a Boltzmann generator jumps, Metropolis decides, reweighting measures.',
    )
    .version(version)
    .exitOverride()
    .showHelpAfterError(
      '(ergoflow --help shows the commands, ergoflow <command> --help the options)',
    )
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  ergoflow list                                what ships\n' +
        '  ergoflow run double-well                     run it, into runs/double-well-seed1\n' +
        '  ergoflow run my-scenario.ts --seed 7         a scenario of your own, or a potential alone\n' +
        '  ergoflow compare double-well                 plain MD, tempering, flow, hybrid at equal cost\n' +
        '  ergoflow resume runs/double-well-seed1       go on after Ctrl-C or a crash\n' +
        '  ergoflow replay runs/double-well-seed1       run it again: are the bytes the same?\n' +
        '  ergoflow new potential my-potential          a file to begin with\n' +
        '  ergoflow check my-potential.ts               a force field from all sides, before a run\n' +
        '  ergoflow energy ala.prmtop ala.rst7          energies of a molecule, term by term\n' +
        '  ergoflow doctor                              which backend runs here, and how to get a faster one\n' +
        '\nExit codes: 0 done, 1 an expectation was missed, 2 usage or bad input, 3 the run failed,\n' +
        '130 interrupted (resumable).',
    );

  ergoflow
    .command('list')
    .description('the scenarios that ship')
    .option('--json', 'print JSON')
    .action(async (options) => (await import('./list.ts')).listCommand(options));

  addLimitOptions(
    ergoflow
      .command('run')
      .description('run a scenario: one that ships, or a file of your own')
      .argument(
        '<scenario>',
        'a name from `ergoflow list`, or a .ts, .mts, .js or .mjs file; one with a potential alone gets a scenario first',
      )
      .option('--seed <n>', 'seed of every random number', integer(0, 2 ** 32 - 1))
      .option('--out <folder>', 'run directory (default: runs/<scenario>-seed<n>)')
      .option('--force', 'where the folder exists, move what is in it aside first')
      .option('--chains <n>', 'chains in production', integer(2, 1e6))
      .option('--temperature <T>', 'K, or kT itself for a model system in reduced units', positive)
      .option('--model <run-dir>', 'use the trained flow of that run as it is')
      .option('--no-report', 'leave out report.html and its figures')
      .option('--smoke', 'walk through every phase in seconds; proves nothing about the physics')
      .option('--check', 'also fail (exit 1) when a figure is withheld or training fell short')
      .option('--json', 'print the result as JSON')
      .addOption(backendOption('tensor backend (default: the fastest that works)')),
  ).action(async (argument, options) => (await import('./run.ts')).runCommand(argument, options));

  addCompareCommand(ergoflow);
  addCheckCommand(ergoflow);
  addEnergyCommand(ergoflow);
  addNewCommand(ergoflow);

  addLimitOptions(
    ergoflow
      .command('resume')
      .description('go on with an interrupted run from its last checkpoint')
      .argument('<run-dir>', 'its run directory')
      .option('--json', 'print the result as JSON')
      .option('--check', 'also fail (exit 1) when a figure is withheld or training fell short')
      .option('--no-report', 'leave out report.html and its figures')
      .option(
        '--allow-inexact',
        'go on with other code, backend or machine: the numbers may differ; noted in run.json',
      )
      .addOption(backendOption('another tensor backend than the one it began on')),
  ).action(async (folder, options) => (await import('./resume.ts')).resumeCommand(folder, options));

  ergoflow
    .command('replay')
    .description(
      'run a finished run again and compare the bytes, or a failure up to where it failed',
    )
    .argument('<run-dir>', 'its run directory, or the failure/ in it')
    .option('--allow-inexact', 'try with other code, backend or machine')
    .option('--keep <folder>', 'keep the second run there')
    .action(async (folder, options) =>
      (await import('./replay.ts')).replayCommand(folder, options),
    );

  ergoflow
    .command('report')
    .description('write report.html and its figures for a finished run or comparison')
    .argument('<run-dir>', 'its run directory')
    .action(async (folder) => (await import('./report.ts')).reportCommand(folder));

  ergoflow
    .command('doctor')
    .description('what this machine offers: backend, versions, and how to get the faster one')
    .option('--json', 'print JSON')
    .option('--install-native', 'try to install the native TensorFlow backend now')
    .action(async (options) => (await import('./doctor.ts')).doctorCommand(options));

  return ergoflow;
}

function backendOption(description: string) {
  return new Option('--backend <name>', description).choices([
    'tensorflow',
    'wasm',
    'cpu',
  ] as const);
}
