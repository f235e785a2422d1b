import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadMolecule } from '../../../src/io/molecule/loadMolecule.ts';
import { temporaryFolders } from '../temporaryFolder.ts';
import { fixture, fixturePath } from './fixtures.ts';

const folder = temporaryFolders();

/** A file with this content, under this name. */
function written(name: string, content: string): string {
  const path = join(folder(), name);
  writeFileSync(path, content);
  return path;
}

describe('a molecule from two files', () => {
  it('has the box of its coordinates, and says where that is another than the topology has', () => {
    const topology = fixturePath('dipeptide.prmtop');
    const same = loadMolecule({ topology, coordinates: fixturePath('dipeptide.inpcrd') });
    expect(same.system.warnings).toEqual([]);
    const grown = written(
      'grown.rst7',
      fixture('dipeptide.inpcrd').replace('  30.0000000', '  31.0000000'),
    );
    const { box, system } = loadMolecule({ topology, coordinates: grown });
    expect(box?.[0]).toBeCloseTo(3.1, 12);
    expect(system.box).toEqual(box);
    expect(system.warnings).toHaveLength(1);
    expect(system.warnings[0]).toContain("replaces the topology's, 3 × 3.2");
  });

  it("keeps the topology's box where a structure file has rounded it, or where it has none", () => {
    const topology = written(
      'fine.prmtop',
      fixture('dipeptide.prmtop').replace('  3.00000000E+01  3.2', '  3.00000400E+01  3.2'),
    );
    const cryst = 'CRYST1   30.000   32.000   35.000  90.00  90.00  90.00 P 1           1\n';
    const rounded = written('rounded.pdb', cryst + fixture('dipeptide.pdb'));
    for (const coordinates of [rounded, fixturePath('dipeptide.pdb')]) {
      const { box, system } = loadMolecule({ topology, coordinates });
      expect(box?.[0]).toBeCloseTo(3.000004, 12);
      expect(system.warnings).toEqual([]);
    }
  });

  it('is periodic only where its topology is', () => {
    const cryst = 'CRYST1   30.000   32.000   35.000  90.00  90.00  90.00 P 1           1\n';
    const coordinates = written('boxed.pdb', cryst + fixture('dipeptide.pdb'));
    const topology = fixturePath('dipeptide-gbn2.xml');
    expect(loadMolecule({ topology, coordinates }).box).toBeUndefined();
    const { system } = loadMolecule({ topology, coordinates, cutoff: 0.9 });
    const cutoffs = system.terms.flatMap((term) => ('cutoff' in term ? [term.cutoff] : []));
    expect(cutoffs.map((cutoff) => cutoff?.periodic)).toEqual([false, false]);
  });

  it('takes names and residues of a System from its structure, and bonds from both', () => {
    const { topology } = loadMolecule({
      topology: fixturePath('dipeptide-gbn2.xml'),
      coordinates: fixturePath('dipeptide.pdb'),
    }).system;
    expect(topology.residues.map(({ name }) => name)).toEqual(['ACE', 'ALA', 'NME']);
    expect(topology.atoms[8]).toEqual({ name: 'CA', element: 'C', residue: 1 });
    expect(topology.bonds).toHaveLength(21);
  });

  it('needs names for the radii of GBn2, which depend on residues', () => {
    const files = {
      topology: fixturePath('dipeptide-gbn2.xml'),
      coordinates: fixturePath('dipeptide.inpcrd'),
    };
    expect(() => loadMolecule({ ...files, solvent: 'gbn2' })).toThrow(
      'neither file names residues',
    );
    expect(loadMolecule({ ...files, solvent: 'obc2' }).system.terms).toHaveLength(5);
  });
});
