import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadMolecule, type MoleculeFiles } from '../../../src/io/molecule/loadMolecule.ts';
import { energyTerms } from '../../../src/md/molecule/energyTerms.ts';
import { type Expected, expected, fixturePath } from './fixtures.ts';

type Options = Omit<MoleculeFiles, 'topology' | 'coordinates'>;

function load(topology: string, coordinates: string, options: Options = {}) {
  return loadMolecule({
    topology: fixturePath(topology),
    coordinates: fixturePath(coordinates),
    ...options,
  });
}

function expectSame(
  { system, frames }: ReturnType<typeof load>,
  { terms, forces }: Pick<Expected, 'terms'> & Partial<Expected>,
): void {
  const found = energyTerms(system)(frames[0]);
  expect(found.map(({ kind }) => kind).sort()).toEqual(terms.map(([kind]) => kind).sort());
  for (const [kind, energy] of terms) {
    const ours = found.find((term) => term.kind === kind)?.energy ?? Number.NaN;
    expect(Math.abs(ours / energy - 1), kind).toBeLessThan(1e-6);
  }
  for (const [d, force] of forces?.entries() ?? []) {
    const ours = -found.reduce((sum, { gradient }) => sum + gradient[d], 0);
    expect(Math.abs(ours - force)).toBeLessThan(1e-6 * Math.max(100, Math.abs(force)));
  }
}

describe('a molecule read from files has the energy that OpenMM finds', () => {
  it.each<[name: string, options: Options]>([
    ['vacuum', {}],
    ['hct', { solvent: 'hct' }],
    ['obc1', { solvent: 'obc1' }],
    ['obc2', { solvent: 'obc2' }],
    ['gbn', { solvent: 'gbn' }],
    ['gbn2', { solvent: 'gbn2' }],
    ['obc2, salt 0.15', { solvent: 'obc2', salt: 0.15 }],
    ['vacuum, cutoff 0.9', { cutoff: 0.9 }],
    ['gbn2, cutoff 0.9', { solvent: 'gbn2', cutoff: 0.9 }],
  ])('a prmtop with a correction map, %s', (name, options) => {
    const loaded = load('dipeptide.prmtop', 'dipeptide.inpcrd', options);
    expectSame(loaded, expected(`dipeptide.prmtop, ${name}`));
  });

  it('whichever file of the same coordinates is read', () => {
    for (const coordinates of ['dipeptide.pdb', 'dipeptide.cif', 'dipeptide-state.xml']) {
      expectSame(load('dipeptide-gbn2.xml', coordinates), expected('dipeptide-gbn2.xml'));
    }
    expectSame(load('dipeptide.prmtop', 'dipeptide.pdb'), expected('dipeptide.prmtop, vacuum'));
  });

  it.each(['hct', 'obc1', 'obc2', 'gbn', 'gbn2'])('a System with %s', (model) => {
    expectSame(load(`dipeptide-${model}.xml`, 'dipeptide.pdb'), expected(`dipeptide-${model}.xml`));
  });

  it('a System whose solvent is replaced by the standard parameters of another', () => {
    const own = expected('dipeptide-gbn2.xml').terms;
    for (const model of ['obc1', 'obc2', 'gbn', 'gbn2'] as const) {
      const [[, energy]] = expected(`dipeptide-${model}.xml`).terms.slice(-1);
      const terms = own.map(([kind, value]) =>
        kind === 'generalized-born' ? ([kind, energy] as const) : ([kind, value] as const),
      );
      expectSame(load('dipeptide-gbn2.xml', 'dipeptide.pdb', { solvent: model }), { terms });
    }
    const vacuum = own.filter(([kind]) => kind !== 'generalized-born');
    const loaded = load('dipeptide-gbn2.xml', 'dipeptide.pdb', { solvent: 'vacuum' });
    expectSame(loaded, { terms: vacuum });
  });

  it('a System with all other forces, in a periodic box', () => {
    const loaded = load('everything.xml', 'everything.inpcrd');
    expect(loaded.box).toEqual([2.5, 2.6, 2.7]);
    expectSame(loaded, expected('everything.xml'));
  });
});

/** By OpenMM 7.7's Reference platform: `AmberPrmtopFile(…).createSystem(implicitSolvent=…)`. */
const ff96 = {
  terms: [
    ['harmonic-bonds', 0.08618334997995869],
    ['harmonic-angles', 1.51440033179868],
    ['periodic-torsions', 8.056335408993274],
    ['nonbonded', -97.74550764808113],
  ],
  solvents: {
    hct: -48.08067133024533,
    obc1: -50.881098688571214,
    obc2: -49.35088496867458,
    gbn: -49.90313899654391,
    gbn2: -47.929186667607446,
  },
} as const;

describe('the independent Amber files of alanine dipeptide (ff96, without atomic numbers)', () => {
  const base = fileURLToPath(
    new URL('../../../../shared/data/alanine-dipeptide/alanine-dipeptide', import.meta.url),
  );
  const missing = !existsSync(`${base}.prmtop`);
  if (missing) process.stderr.write(`SKIPPED: ${base}.prmtop is missing\n`);

  it.skipIf(missing)('have the energies that OpenMM finds, in vacuum and every solvent', () => {
    const files = { topology: `${base}.prmtop`, coordinates: `${base}.crd` };
    expectSame(loadMolecule(files), { terms: ff96.terms });
    for (const solvent of ['hct', 'obc1', 'obc2', 'gbn', 'gbn2'] as const) {
      const own = ['generalized-born', ff96.solvents[solvent]] as const;
      expectSame(loadMolecule({ ...files, solvent }), { terms: [...ff96.terms, own] });
    }
  });

  it.skipIf(missing)('have their elements told by masses', () => {
    const { system } = loadMolecule({ topology: `${base}.prmtop`, coordinates: `${base}.pdb` });
    const elements = system.topology.atoms.map(({ element }) => element).join('');
    expect(elements).toBe('HCHHCONHCHCHHHCONHCHHH');
  });
});
