/** How Debian and Ubuntu, conda and pip name what is missing. */
interface Hint {
  /** Matches a program's name, or what a program said before it ended. */
  readonly sign: RegExp;
  readonly advice: string;
}

const PROGRAMS: readonly Hint[] = [
  {
    sign: /^(lmp|lammps)/,
    advice: 'LAMMPS is in the package "lammps" of Debian, Ubuntu and conda-forge',
  },
  { sign: /^cp2k/, advice: 'CP2K is in the package "cp2k" of Debian, Ubuntu and conda-forge' },
  { sign: /^python/, advice: 'Python is in the package "python3" of Debian and Ubuntu' },
];

const OUTPUTS: readonly Hint[] = [
  {
    sign: /No module named '(openmm|simtk)/,
    advice:
      'OpenMM is in the packages "python3-simtk" of Debian and Ubuntu (for /usr/bin/python3) ' +
      'and "openmm" of conda-forge and pip',
  },
  {
    sign: /No module named 'ase/,
    advice:
      'ASE is in the packages "python3-ase" of Debian and Ubuntu (for /usr/bin/python3) ' +
      'and "ase" of conda-forge and pip',
  },
  {
    sign: /Unrecognized fix style 'ipi'/,
    advice:
      'this LAMMPS was built without its package MISC, which holds fix ipi; that of Debian has it',
  },
];

/** Which package holds a program that is not installed; undefined where we do not know. */
export function packageOfProgram(command: string): string | undefined {
  const program = command.slice(command.lastIndexOf('/') + 1);
  return PROGRAMS.find(({ sign }) => sign.test(program))?.advice;
}

/** What the last words of a program say is missing; undefined where they say nothing of the kind. */
export function packageMissedIn(output: string): string | undefined {
  return OUTPUTS.find(({ sign }) => sign.test(output))?.advice;
}
