import { describe, expect, it } from 'vitest';
import { batch } from '../../../src/core/batch.ts';
import { ShapeError } from '../../../src/core/errors.ts';
import { startChains } from '../../../src/core/kernel.ts';
import { fold, permutation, rootKey } from '../../../src/core/rng.ts';
import { langevin } from '../../../src/md/kernels/langevin.ts';
import { energyTerms } from '../../../src/md/molecule/energyTerms.ts';
import type { MolecularSystem } from '../../../src/md/molecule/molecularSystem.ts';
import { plainMolecularPotential } from '../../../src/md/molecule/plainMolecularPotential.ts';
import type { Term } from '../../../src/md/molecule/term.ts';
import {
  bondedTerms,
  molecule,
  positionRestraints,
  sheet,
  smallBorn,
  smallNonbonded,
} from './smallSystems.ts';

const internal: readonly Term[] = [
  ...bondedTerms,
  smallNonbonded(),
  smallBorn('obc2'),
  smallBorn('gbn2'),
];

/** U of one configuration. */
function energyOf(system: MolecularSystem, x: Float64Array): number {
  return plainMolecularPotential(system).energy(batch(x, x.length))[0];
}

function expectClose(found: number, expected: number): void {
  expect(Math.abs(found - expected)).toBeLessThan(1e-9 * Math.abs(expected));
}

describe('a molecular potential', () => {
  it('is the sum of its terms, gradient and all', () => {
    const system = molecule(9, [...internal, positionRestraints]);
    const { energy, gradient } = plainMolecularPotential(system).energyAndGradient(
      batch(sheet(), 27),
    );
    const terms = energyTerms(system)(sheet());
    expect(terms.map(({ kind }) => kind)).toEqual(system.terms.map(({ kind }) => kind));
    expectClose(
      terms.reduce((sum, term) => sum + term.energy, 0),
      energy[0],
    );
    const scale = Math.max(...gradient.map(Math.abs));
    gradient.forEach((slope, i) => {
      const sum = terms.reduce((total, term) => total + term.gradient[i], 0);
      expect(Math.abs(sum - slope)).toBeLessThan(1e-12 * scale);
    });
  });

  it('does not change where the molecule is moved and turned', () => {
    const system = molecule(9, internal);
    const [c, s] = [Math.cos(1.1), Math.sin(1.1)];
    const moved = new Float64Array(27);
    const x = sheet();
    for (let i = 0; i < 27; i += 3) {
      // About z, then the axes cyclically.
      const [a, b] = [c * x[i] - s * x[i + 1], s * x[i] + c * x[i + 1]];
      moved.set([x[i + 2] + 3, a - 5, b + 0.7], i);
    }
    expectClose(energyOf(system, moved), energyOf(system, x));
  });

  it('has a gradient without net force and net torque', () => {
    const x = sheet();
    const { gradient: g } = plainMolecularPotential(molecule(9, internal)).energyAndGradient(
      batch(x, 27),
    );
    const net = new Float64Array(6);
    for (let i = 0; i < 27; i += 3) {
      for (let k = 0; k < 3; k++) {
        const [next, last] = [i + ((k + 1) % 3), i + ((k + 2) % 3)];
        net[k] += g[i + k];
        net[3 + k] += x[next] * g[last] - x[last] * g[next];
      }
    }
    const scale = Math.max(...g.map(Math.abs));
    for (const sum of net) expect(Math.abs(sum)).toBeLessThan(1e-11 * scale);
  });

  it('does not change where the atoms are numbered otherwise', () => {
    const order = permutation(fold(rootKey(1), 'order'), 9);
    const system = molecule(9, internal);
    const renumbered = molecule(
      9,
      internal.map((term) => renumber(term, order)),
    );
    const x = sheet();
    const moved = new Float64Array(27);
    order.forEach((to, from) => {
      moved.set(x.subarray(3 * from, 3 * from + 3), 3 * to);
    });
    expectClose(energyOf(renumbered, moved), energyOf(system, x));
  });

  it('refuses configurations of another number of atoms, term by term too', () => {
    const system = molecule(9, internal);
    expect(() => energyTerms(system)(new Float64Array(24))).toThrow(ShapeError);
    expect(() => energyTerms(system)(new Float64Array(24))).toThrow(
      '27 coordinates, 9 atoms, got 24',
    );
  });
});

describe('its name', () => {
  const nameOf = (terms: readonly Term[], changes: Partial<MolecularSystem> = {}): string =>
    plainMolecularPotential({ ...molecule(9, terms), ...changes }).name;

  it('says how many atoms there are, and identifies the parameters', () => {
    expect(nameOf(internal)).toMatch(/^small\(atoms=9, parameters=[0-9a-f]{16}\)$/);
    expect(nameOf(internal)).toBe(nameOf(internal.map((term) => ({ ...term }))));
  });

  it('changes with every parameter of every term, in its last bit', () => {
    const names = new Set([nameOf(internal)]);
    let changed = 0;
    internal.forEach((term, t) => {
      for (const [key, value] of Object.entries(term)) {
        if (!(value instanceof Float64Array)) continue;
        const nudged = value.slice();
        nudged[nudged.length - 1] *= 1 + Number.EPSILON;
        names.add(nameOf(internal.map((each, i) => (i === t ? { ...each, [key]: nudged } : each))));
        changed++;
      }
    });
    expect(changed).toBeGreaterThan(15);
    expect(names.size).toBe(changed + 1);
  });

  it('changes with the box and the order of the terms, not with masses and names of atoms', () => {
    const name = nameOf(internal);
    expect(nameOf(internal, { box: [3, 3, 3] })).not.toBe(name);
    expect(nameOf([...internal].reverse())).not.toBe(name);
    expect(nameOf(internal, { masses: new Float64Array(9).fill(1) })).toBe(name);
  });
});

describe('its explanation', () => {
  const system = molecule(9, internal);
  const explain = plainMolecularPotential(system).explain;
  const explained = (change: (x: Float64Array) => void): string | undefined => {
    const x = sheet();
    change(x);
    return explain?.(x);
  };

  it('is not there where all is finite', () => {
    expect(explained(() => {})).toBeUndefined();
  });

  it('names the atom whose coordinate is not a number', () => {
    expect(explained((x) => x.fill(Number.NaN, 13, 14))).toBe('y of ALA 2 C4 (atom 4) is NaN');
  });

  it('names two atoms that coincide', () => {
    const found = explained((x) => x.copyWithin(15, 24, 27));
    expect(found).toBe(
      'nonbonded: pair ALA 2 C5, ALA 3 C8 (atoms 5, 8) has energy Infinity at r = 0',
    );
  });

  it('names two atoms of a scaled pair that coincide', () => {
    const found = explained((x) => x.copyWithin(6, 9, 12));
    expect(found).toBe(
      'nonbonded: exception ALA 2 C3, ALA 1 C2 (atoms 3, 2) has energy Infinity at r = 0',
    );
  });

  it('names the atom whose effective radius has no meaning', () => {
    // Spheres so large that HCT's 1/R passes through zero.
    const buried = molecule(9, [smallBorn('hct', { screen: new Float64Array(9).fill(3) })]);
    expect(energyOf(buried, sheet())).toBeNaN();
    const found = plainMolecularPotential(buried).explain?.(sheet());
    expect(found).toMatch(/^generalized-born: effective Born radius ALA \d C\d \(atom \d\) has -/);
  });

  it('stands in the error of dynamics that start from it', () => {
    const potential = plainMolecularPotential(system);
    const x = sheet().copyWithin(15, 24, 27);
    const kernel = langevin(potential, { kT: 2.5, timestep: 0.001, friction: 1, steps: 1 });
    expect(() => kernel.step(startChains(potential, batch(x, 27)), rootKey(1))).toThrow(
      'nonbonded: pair ALA 2 C5, ALA 3 C8 (atoms 5, 8) has energy Infinity at r = 0',
    );
  });

  it('names a bond that is too long for float64', () => {
    const bonds = plainMolecularPotential(molecule(9, [bondedTerms[0]]));
    const x = sheet();
    x[0] = 1e300;
    expect(bonds.explain?.(x)).toMatch(
      /^harmonic-bonds: bond ALA 1 C0, ALA 1 C1 \(atoms 0, 1\) has energy Infinity at r = /,
    );
  });
});

/** The term with atom i called `order[i]`. */
function renumber(term: Term, order: Uint32Array): Term {
  const perAtom = (values: Float64Array, width = 1): Float64Array => {
    const out = new Float64Array(values.length);
    values.forEach((value, k) => {
      out[width * order[Math.floor(k / width)] + (k % width)] = value;
    });
    return out;
  };
  const groups = (atoms: Int32Array): Int32Array => atoms.map((atom) => order[atom]);
  switch (term.kind) {
    case 'nonbonded':
      return {
        ...term,
        charge: perAtom(term.charge),
        sigma: perAtom(term.sigma),
        epsilon: perAtom(term.epsilon),
        exceptions: { ...term.exceptions, atoms: groups(term.exceptions.atoms) },
      };
    case 'generalized-born':
      return {
        ...term,
        charge: perAtom(term.charge),
        radius: perAtom(term.radius),
        screen: perAtom(term.screen),
        rescaling: term.rescaling && perAtom(term.rescaling, 3),
      };
    default:
      return { ...term, atoms: groups(term.atoms) };
  }
}
