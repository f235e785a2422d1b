import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { exit } from '../../src/cli/exit.ts';
import { program } from '../../src/cli/program.ts';
import { readNpz } from '../../src/io/npz.ts';
import { expected, fixturePath } from '../io/molecule/fixtures.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ergoflow energy '));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The command line inside this process. */
async function energy(...args: string[]) {
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += String(text);
      return true;
    }),
  );
  try {
    const status = await exit(() => program().parseAsync(['node', 'ergoflow', 'energy', ...args]));
    return { status, ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const prmtop = fixturePath('dipeptide.prmtop');
const inpcrd = fixturePath('dipeptide.inpcrd');

describe('ergoflow energy', () => {
  it('gives the energies of OpenMM by term, with their sum, as JSON, and its forces as an array', async () => {
    const file = join(folder, 'forces.npz');
    const { status, stdout, stderr } = await energy(
      ...[prmtop, inpcrd, '--solvent', 'gbn2', '--json', '--forces', file],
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { terms, total, solvent } = JSON.parse(stdout);
    const reference = expected('dipeptide.prmtop, gbn2');
    expect(Object.keys(terms).sort()).toEqual(reference.terms.map(([kind]) => kind).sort());
    for (const [kind, value] of reference.terms) {
      expect(Math.abs(terms[kind] / value - 1), kind).toBeLessThan(1e-6);
    }
    const sum = Object.values<number>(terms).reduce((a, b) => a + b, 0);
    expect(total).toBeCloseTo(sum, 10);
    expect(solvent).toBe('gbn2');
    const { forces } = readNpz(readFileSync(file));
    expect(forces.shape).toEqual([22, 3]);
    const off = (reference.forces ?? []).map((force, d) => Math.abs(forces.data[d] - force));
    expect(off).toHaveLength(66);
    expect(Math.max(...off)).toBeLessThan(1e-3);
  });

  it('is a table that a person reads, without escape codes', async () => {
    const { status, stdout } = await energy(prmtop, inpcrd, '--cutoff', '0.9');
    expect(status).toBe(0);
    expect(stdout).toContain(
      'dipeptide: 22 atoms, in vacuum, cutoff 0.9 nm, box 3 × 3.2 × 3.5 nm\n',
    );
    expect(stdout).toMatch(/^nonbonded +46\.66\d{4} kJ\/mol$/m);
    expect(stdout).toMatch(/^total +190\.89\d{4} kJ\/mol$/m);
    expect(stdout).toMatch(
      /^largest force \d+\.\d\d kJ\/mol\/nm, on atom \d+ \w+ \((ACE|ALA|NME) \d\)$/m,
    );
    expect(stdout).not.toContain('\u001b');
    expect(stdout.split('\n').every((line) => line.length <= 100)).toBe(true);
  });

  it('warns on stderr of what was dropped', async () => {
    const system = fixturePath('dipeptide-gbn2.xml');
    const { stderr } = await energy(system, inpcrd, '--drop', '--frame', '1');
    expect(stderr).toBe('');
    const missing = await energy(system, inpcrd, '--frame', '2');
    expect(missing).toMatchObject({ status: 2 });
    expect(missing.stderr).toContain('has 1 models, and --frame asks for 2');
  });

  it.each<[what: string, args: string[], says: string]>([
    [
      'a topology without a force field',
      [fixturePath('dipeptide.pdb'), inpcrd],
      'is a PDB: a structure without the force field',
    ],
    [
      'salt without a solvent',
      [prmtop, inpcrd, '--salt', '0.1'],
      '--salt is of a continuum solvent',
    ],
    [
      'negative salt',
      [prmtop, inpcrd, '--solvent', 'obc2', '--salt=-1'],
      'expected zero or a positive number, got "-1"',
    ],
    [
      'an unknown solvent',
      [prmtop, inpcrd, '--solvent', 'obc3'],
      'Allowed choices are vacuum, hct, obc1, obc2, gbn, gbn2',
    ],
    [
      'forces in another format',
      [prmtop, inpcrd, '--forces', 'f.txt'],
      '--forces expected a file that ends in .npz',
    ],
    [
      'a file that is not there',
      [prmtop, 'nowhere.rst7'],
      'nowhere.rst7: the coordinates cannot be read: no such file',
    ],
  ])('ends with 2 for %s', async (_, args, says) => {
    const { status, stderr, stdout } = await energy(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr).not.toContain('    at ');
  });

  it('teaches by examples', async () => {
    const { status, stdout } = await energy('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('ergoflow energy system.xml molecule.pdb');
  });
});
