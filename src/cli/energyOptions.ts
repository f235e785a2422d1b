import { type Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { integer, positive } from './numberOption.ts';

/** Adds `ergoflow energy` to the commands. */
export function addEnergyCommand(ergoflow: Pick<Command, 'command'>): void {
  ergoflow
    .command('energy')
    .description('the energy of a molecule term by term, and the forces on its atoms')
    .argument('<topology>', 'an Amber prmtop, or a System that OpenMM serialised (XML)')
    .argument(
      '<coordinates>',
      'an Amber inpcrd or rst7, a PDB, an mmCIF, or a State of OpenMM (XML)',
    )
    .addOption(
      new Option(
        '--solvent <model>',
        "a continuum solvent, in place of the file's own (default: the file's; none for a prmtop)",
      ).choices(['vacuum', 'hct', 'obc1', 'obc2', 'gbn', 'gbn2'] as const),
    )
    .option('--salt <molar>', 'mol/l of a 1:1 salt in the solvent, at 298.15 K', notNegative)
    .option(
      '--cutoff <nm>',
      "of nonbonded interactions, with a reaction field (default: the file's; none for a prmtop)",
      positive,
    )
    .option('--frame <n>', 'which model of the coordinates (default: 1)', integer(1, 1e9))
    .option('--drop', 'leave out what is not supported, with a warning, instead of stopping')
    .option('--json', 'print JSON')
    .option('--forces <file.npz>', 'write the forces, [atoms, 3] in kJ/mol/nm, as `forces`')
    .addHelpText(
      'after',
      '\nEnergies are in kJ/mol, as OpenMM gives them for the same files: compare before you trust a run.\n' +
        'Formats are told by content. A PDB alone has no force field; OpenMM makes a System of it:\n' +
        '  system = ForceField("amber14-all.xml").createSystem(pdb.topology)\n' +
        '  open("system.xml", "w").write(XmlSerializer.serialize(system))\n' +
        'without constraints, with nonbondedMethod NoCutoff or CutoffPeriodic (PME is not supported).\n' +
        '\nExamples:\n' +
        '  ergoflow energy ala.prmtop ala.inpcrd                     in vacuum\n' +
        '  ergoflow energy ala.prmtop ala.rst7 --solvent obc2        radii of the prmtop, OBC2 solvent\n' +
        '  ergoflow energy ala.prmtop ala.rst7 --solvent gbn2 --salt 0.15\n' +
        '  ergoflow energy system.xml molecule.pdb                   as OpenMM wrote it\n' +
        '  ergoflow energy system.xml molecule.pdb --json --forces forces.npz\n' +
        '\nExit codes: 0 done, 2 usage or bad input.',
    )
    .action(async (topology, coordinates, options) =>
      (await import('./energy.ts')).energyCommand(topology, coordinates, options),
    );
}

function notNegative(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError(`expected zero or a positive number, got "${text}".`);
}
