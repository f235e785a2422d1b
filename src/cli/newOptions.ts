import type { Command } from '@commander-js/extra-typings';

/** Adds `ergoflow new` to the commands. */
export function addNewCommand(ergoflow: Pick<Command, 'command'>): void {
  const create = ergoflow
    .command('new')
    .description('write a commented file to begin with, which runs at once')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  ergoflow new potential my-potential    my-potential.ts: a force field, energy and gradient\n' +
        '  ergoflow new scenario my-scenario      my-scenario.ts: states, a coordinate, a reference\n' +
        '\nA file that exists is never overwritten.',
    );
  create
    .command('potential')
    .description('a force field of your own: ergoflow check and ergoflow run take it')
    .argument('<name>', 'lower-case-with-dashes; the file is <name>.ts')
    .action(async (name) => (await import('./newFile.ts')).newCommand('potential', name));
  create
    .command('scenario')
    .description('states to compare, a coordinate, and a potential')
    .argument('<name>', 'lower-case-with-dashes; the file is <name>.ts')
    .action(async (name) => (await import('./newFile.ts')).newCommand('scenario', name));
}
