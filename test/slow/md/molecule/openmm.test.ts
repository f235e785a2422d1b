import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isInstalled } from '../../../io/sockets/installed.ts';
import { disagreements, type Reference } from '../../../md/molecule/reference.ts';

const python = process.env['ERGOFLOW_TEST_PYTHON'] ?? '/usr/bin/python3';
const hasOpenmm = isInstalled('OpenMM', 'python3-simtk', [python, '-c', 'import openmm']);

const fromRoot = (path: string): string =>
  fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const native = '/usr/share/doc/python-mdtraj-doc/examples/data/native.pdb';
const shared = fromRoot('../shared/data');

function isThere(path: string, source: string): boolean {
  if (existsSync(path)) return true;
  console.warn(`SKIPPED: comparisons with OpenMM that need ${path} (${source})`);
  return false;
}

/** What OpenMM says now, of a case of the script. */
function ask(...words: readonly string[]): Reference {
  const script = fromRoot('scripts/molecule-reference.py');
  return JSON.parse(
    execFileSync(python, [script, ...words], { encoding: 'utf8', maxBuffer: 2 ** 26 }),
  );
}

function expectAgreement(reference: Reference): void {
  for (const { kind, energy, median, worst } of disagreements(reference, 'ours')) {
    expect(energy, kind).toBeLessThan(1e-6);
    expect(median, kind).toBeLessThan(1e-6);
    expect(worst, kind).toBeLessThan(1e-4);
  }
  for (const { kind, energy, worst } of disagreements(reference, 'theirs')) {
    expect(energy, kind).toBeLessThan(1e-8);
    expect(worst, kind).toBeLessThan(1e-8);
  }
}

describe.skipIf(!hasOpenmm)('beside OpenMM, freshly asked', () => {
  it('agrees on 895 waters in a periodic box with reaction field and switch', () => {
    expectAgreement(ask('water'));
  });

  const bpti = `${shared}/bpti/bpti.pdb`;
  it.skipIf(!isThere(bpti, 'beside the checkout'))('agrees on BPTI in OBC2 and GBn2', () => {
    expectAgreement(ask('bpti', bpti));
  });

  const amber = `${shared}/alanine-dipeptide/alanine-dipeptide`;
  it.skipIf(!isThere(`${amber}.prmtop`, 'beside the checkout'))(
    "agrees on the alanine dipeptide of Amber's files in every solvent",
    () => {
      expectAgreement(ask('amber', `${amber}.prmtop`, `${amber}.crd`));
    },
  );

  it.skipIf(!isThere(native, 'apt-get install python-mdtraj-doc'))(
    'still gives the stored reference of alanine dipeptide',
    () => {
      expectStored('dipeptide');
    },
  );

  it.each(['torsions', 'mixture'])('still gives the stored reference of %s', expectStored);
});

/** The stored file holds what OpenMM says now, to the last digits of another machine's functions. */
function expectStored(name: string): void {
  const path = fromRoot(`test/fixtures/molecule/${name}.json`);
  const stored: Reference = JSON.parse(readFileSync(path, 'utf8'));
  const fresh = ask(name);
  expect(fresh.positions).toEqual(stored.positions);
  stored.terms.forEach(({ term, energies, forces }, t) => {
    expect(fresh.terms[t].term).toEqual(term);
    const scale = Math.max(...forces.flat().map(Math.abs));
    energies.forEach((energy, row) => {
      expect(Math.abs(fresh.terms[t].energies[row] - energy)).toBeLessThan(
        1e-10 * Math.abs(energy),
      );
      forces[row].forEach((force, i) => {
        expect(Math.abs(fresh.terms[t].forces[row][i] - force)).toBeLessThan(1e-10 * scale);
      });
    });
  });
}
