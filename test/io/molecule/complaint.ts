import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { loadMolecule, type MoleculeFiles } from '../../../src/io/molecule/loadMolecule.ts';
import { MoleculeFileError } from '../../../src/io/molecule/moleculeFileError.ts';
import { fixture } from './fixtures.ts';

/** What is done to a file. */
export type Change = (text: string) => string;
export const same: Change = (text) => text;

/** Replaces what must be there once. */
export function swap(from: string, to: string): Change {
  return (text) => {
    expect(text.split(from).length, from).toBeGreaterThan(1);
    return text.replace(from, to);
  };
}

/** What is said of files that were changed; `topology` and `coordinates` are the names they get. */
export function complaint(
  topology: readonly [name: string, Change],
  coordinates: readonly [name: string, Change],
  options: Omit<MoleculeFiles, 'topology' | 'coordinates'> = {},
): string {
  const into = mkdtempSync(join(tmpdir(), 'ergoflow-test-'));
  const paths = [topology, coordinates].map(([name, change]) => {
    const path = join(into, name);
    writeFileSync(path, change(fixture(name)));
    return path;
  });
  try {
    loadMolecule({ topology: paths[0], coordinates: paths[1], ...options });
  } catch (error) {
    expect(error).toBeInstanceOf(MoleculeFileError);
    return (error as Error).message.replaceAll(`${into}/`, '');
  } finally {
    rmSync(into, { recursive: true, force: true });
  }
  return 'nothing';
}

export const ofPrmtop = (change: Change, options = {}): string =>
  complaint(['dipeptide.prmtop', change], ['dipeptide.inpcrd', same], options);
export const ofRestart = (change: Change): string =>
  complaint(['dipeptide.prmtop', same], ['dipeptide.inpcrd', change]);
export const ofPdb = (change: Change): string =>
  complaint(['dipeptide.prmtop', same], ['dipeptide.pdb', change]);
export const ofSystem = (change: Change, options = {}): string =>
  complaint(['dipeptide-gbn2.xml', change], ['dipeptide.pdb', same], options);

/** Line `line` of a text replaced, from 1. */
export function atLine(line: number, to: string): Change {
  return (text) =>
    text
      .split('\n')
      .map((row, index) => (index + 1 === line ? to : row))
      .join('\n');
}

export const cutOff =
  (share: number): Change =>
  (text) =>
    text.slice(0, Math.floor(share * text.length));
