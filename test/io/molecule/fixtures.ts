import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../fixtures/molecule/', import.meta.url);

/** Path of a file that `scripts/molecule-files.py` made. */
export function fixturePath(name: string): string {
  return fileURLToPath(new URL(name, folder));
}

export function fixture(name: string): string {
  return readFileSync(fixturePath(name), 'utf8');
}

const kinds: Readonly<Record<string, string>> = {
  HarmonicBondForce: 'harmonic-bonds',
  HarmonicAngleForce: 'harmonic-angles',
  PeriodicTorsionForce: 'periodic-torsions',
  RBTorsionForce: 'ryckaert-bellemans-torsions',
  CMAPTorsionForce: 'cmap-torsions',
  NonbondedForce: 'nonbonded',
  GBSAOBCForce: 'generalized-born',
  CustomGBForce: 'generalized-born',
  CustomExternalForce: 'position-restraints',
  CustomBondForce: 'distance-restraints',
};

/** What OpenMM's Reference platform says of a fixture. */
export interface Expected {
  /** Kind of a term and its energy, kJ/mol. */
  readonly terms: readonly (readonly [kind: string, energy: number])[];
  /** `[3N]`, kJ/mol/nm. */
  readonly forces: readonly number[] | undefined;
}

export function expected(name: string): Expected {
  const all: Record<string, Record<string, number> & { forces?: number[] }> = JSON.parse(
    fixture('energies.json'),
  );
  const { forces, ...energies } = all[name];
  return {
    terms: Object.entries(energies).map(([force, energy]) => [kinds[force], energy] as const),
    forces,
  };
}
