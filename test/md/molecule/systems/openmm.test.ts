import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { energyTerms } from '../../../../src/md/molecule/energyTerms.ts';
import { alanineDipeptide } from '../../../../src/md/molecule/systems/alanineDipeptide.ts';
import { bpti } from '../../../../src/md/molecule/systems/bpti.ts';
import { chignolin } from '../../../../src/md/molecule/systems/chignolin.ts';
import type { ImplicitSolvent } from '../../../../src/md/molecule/systems/shippedMolecule.ts';
import type { Term } from '../../../../src/md/molecule/term.ts';

interface Recorded {
  /** In units of 1e-5 nm. */
  readonly positions?: readonly number[];
  readonly solvents: Readonly<
    Record<
      ImplicitSolvent,
      {
        readonly terms: Readonly<Record<string, number>>;
        readonly total: number;
        readonly rootMeanSquareForce: number;
        readonly forces?: readonly number[];
      }
    >
  >;
}

/** What OpenMM 7.7's Reference platform gave, written by `scripts/molecules.py`. */
const openmm: Readonly<Record<string, Recorded>> = JSON.parse(
  readFileSync(new URL('openmm.json', import.meta.url), 'utf8'),
);

const kinds: Readonly<Record<string, Term['kind']>> = {
  bonds: 'harmonic-bonds',
  angles: 'harmonic-angles',
  torsions: 'periodic-torsions',
  nonbonded: 'nonbonded',
  born: 'generalized-born',
};

const makers = { native: alanineDipeptide, alanineDipeptide, chignolin, bpti };
// BPTI takes a second with every model; one tells whether its parameters arrived.
const cases = Object.entries(makers).flatMap(([name, make]) =>
  (name === 'bpti' ? (['obc2'] as const) : solvents()).map((solvent) => ({ name, make, solvent })),
);

describe.each(cases)('$name in $solvent', ({ name, make, solvent }) => {
  const recorded = openmm[name];
  const { total, terms, forces, rootMeanSquareForce } = recorded.solvents[solvent];
  const molecule = make({ solvent });
  const x = recorded.positions
    ? Float64Array.from(recorded.positions, (place) => place / 1e5)
    : molecule.positions;

  it('has the energies and forces of OpenMM, term by term, to 1e-6', () => {
    const found = energyTerms(molecule.system)(x);
    const gradient = new Float64Array(x.length);
    let sum = 0;
    expect(found.map(({ kind }) => kind).sort()).toEqual(
      Object.keys(terms)
        .map((term) => kinds[term])
        .sort(),
    );
    for (const [term, expected] of Object.entries(terms)) {
      const each = found.find(({ kind }) => kind === kinds[term]);
      expect(Math.abs((each?.energy ?? Number.NaN) / expected - 1), term).toBeLessThan(1e-6);
    }
    for (const each of found) {
      sum += each.energy;
      each.gradient.forEach((slope, i) => {
        gradient[i] += slope;
      });
    }
    expect(Math.abs(sum / total - 1)).toBeLessThan(1e-6);
    const root = Math.sqrt(gradient.reduce((square, slope) => square + slope ** 2, 0) / x.length);
    expect(Math.abs(root / rootMeanSquareForce - 1)).toBeLessThan(1e-6);
    // At rest the terms' forces, a hundred times larger, cancel, but for the ninth digit of 1/4πε₀.
    forces?.forEach((force, i) => {
      expect(Math.abs(gradient[i] + force)).toBeLessThan(1e-5 * rootMeanSquareForce);
    });
  });
});

describe('alanine dipeptide as its file is', () => {
  it('has the total energy in OBC2 that was measured before any of this was written', () => {
    expect(openmm['native'].solvents.obc2.total).toBeCloseTo(-30.8452, 4);
  });
});

function solvents(): readonly ImplicitSolvent[] {
  return ['vacuum', 'hct', 'obc1', 'obc2', 'gbn', 'gbn2'];
}
