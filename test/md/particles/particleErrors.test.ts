import { describe, expect, it } from 'vitest';
import { fromRows } from '../../../src/core/batch.ts';
import { DivergenceError, ShapeError } from '../../../src/core/errors.ts';
import { booked, emptyLedger } from '../../../src/core/ledger.ts';
import { ExpressionError } from '../../../src/md/expression/expressionError.ts';
import { minimize } from '../../../src/md/minimize.ts';
import { defineAnglePotential } from '../../../src/md/particles/defineAnglePotential.ts';
import { defineBondPotential } from '../../../src/md/particles/defineBondPotential.ts';
import { defineExternalPotential } from '../../../src/md/particles/defineExternalPotential.ts';
import { definePairPotential } from '../../../src/md/particles/definePairPotential.ts';
import { defineTorsionPotential } from '../../../src/md/particles/defineTorsionPotential.ts';
import { scaled, sumOf } from '../../../src/md/sumOf.ts';

const three = { name: 'three', particles: 3 };

describe('a particle potential refuses', () => {
  it('a per-particle parameter without its particle, and says how to write it', () => {
    const make = (): unknown =>
      definePairPotential({ ...three, expression: 'q*r', perParticle: { q: [1, 2, 3] } });
    expect(make).toThrow(ExpressionError);
    expect(make).toThrow(/"q" differs between particles: write q1 and q2, .*\n {2}q\*r\n {2}\^$/);
  });

  it('a number for what the formula defines itself, which would be of no effect', () => {
    const expression = 'k*r^2; k=2';
    expect(() => definePairPotential({ ...three, expression, parameters: { k: 1 } })).toThrow(
      /^parameter "k" is of no effect: the formula defines "k" itself\n {2}k\*r\^2; k=2\n {9}\^$/,
    );
    // Where the definition is made of the parameter, both are of use.
    const doubled = { ...three, expression: 'k*r^2; k=2*k', parameters: { k: 1 } };
    expect(definePairPotential(doubled).energy(fromRows([[0, 0, 0, 1, 0, 0, 0, 0, 0]]))[0]).toBe(4);
  });

  it('a misspelt name with the one that is meant, but no parameter for not being in the formula', () => {
    const lists = { parameters: { epsilon: 2, lambda: 9 }, perParticle: { q: [1, 2, 3] } };
    const near = (): unknown =>
      definePairPotential({ ...three, expression: 'epsilom*r', ...lists });
    expect(near).toThrow(/^unknown name "epsilom", did you mean "epsilon"\?/);
    const x = fromRows([[0, 0, 0, 1, 0, 0, 0, 1, 0]]);
    const pairs = definePairPotential({ ...three, expression: 'epsilon*r', ...lists });
    const plain = definePairPotential({
      ...three,
      expression: 'epsilon*r',
      parameters: { epsilon: 2 },
    });
    expect(pairs.energyAndGradient(x)).toEqual(plain.energyAndGradient(x));
    const bonds = { ...three, bonds: [[0, 1]] as const, expression: 'r^2', perBond: { c: [1] } };
    expect(defineBondPotential(bonds).energy(x)[0]).toBe(1);
  });

  it('parameters of which a pair makes no number, by its particles and values', () => {
    expect(() =>
      definePairPotential({
        ...three,
        expression: 'r/(q1-q2)',
        perParticle: { q: [1, 2, 1] },
      }),
    ).toThrow(/^the parameters of pair 0–2 give a division by zero \(q1 = 1, q2 = 1\)/);
    const make = (): unknown =>
      definePairPotential({
        ...three,
        expression: 'sqrt(q1*q2)*r',
        perParticle: { q: [1, -2, 3] },
      });
    expect(make).toThrow(/^the parameters of pair 0–1 give NaN \(q1 = 1, q2 = -2\)/);
  });

  it('no parameters that the branch they are in is not taken for', () => {
    const chosen = definePairPotential({
      ...three,
      expression: 'select(q1*q2, r*log(q1*q2), r)',
      perParticle: { q: [0, 2, 3] },
    });
    const x = fromRows([[0, 0, 0, 3, 0, 0, 0, 4, 0]]);
    expect(chosen.energy(x)[0]).toBeCloseTo(3 + 4 + 5 * Math.log(6), 12);
  });

  it('names of parameters that formulas cannot use, or that are taken', () => {
    const make = (parameters: Record<string, number>) => (): unknown =>
      definePairPotential({ ...three, expression: 'r', parameters });
    expect(make({ 'k-2': 1 })).toThrow(/three: parameter "k-2" expected letters, digits and _/);
    expect(make({ r: 1 })).toThrow(/three: parameter "r" has the name of the variable/);
    expect(make({ k: Number.NaN })).toThrow(/"three: k" expected a finite number, got NaN/);
    expect(() =>
      definePairPotential({
        ...three,
        expression: 'q1*r',
        parameters: { q1: 2 },
        perParticle: { q: [1, 2, 3] },
      }),
    ).toThrow(/parameter "q1" is given twice/);
  });

  it('lists of another length, and values in them that are no numbers', () => {
    const make = (q: number[]) => (): unknown =>
      definePairPotential({ ...three, expression: 'q1*q2*r', perParticle: { q } });
    expect(make([1, 2])).toThrow(ShapeError);
    expect(make([1, 2])).toThrow(/three: perParticle.q expected 3 numbers, got 2/);
    expect(make([1, Infinity, 3])).toThrow(/"three: perParticle.q\[1\]" expected a finite number/);
  });

  it('particles that there are not, that meet themselves, and pairs named twice', () => {
    const pair = { ...three, expression: 'r' };
    expect(() => definePairPotential({ ...pair, exclusions: [[0, 3]] })).toThrow(
      /three: exclusions\[0\] expected 2 different particles of 0 to 2, got \[0, 3\]/,
    );
    expect(() =>
      defineBondPotential({
        ...pair,
        bonds: [
          [0, 1],
          [1, 1],
        ],
      }),
    ).toThrow(/bonds\[1\]/);
    expect(() =>
      definePairPotential({
        ...pair,
        pairs: [
          [0, 1],
          [1, 0],
        ],
      }),
    ).toThrow(/pair twice/);
    expect(() =>
      defineAnglePotential({ ...three, angles: [[0, 1, 0.5]], expression: 'theta' }),
    ).toThrow(/angles\[0\] expected 3 different particles/);
    expect(() => defineExternalPotential({ ...three, of: [0, 0], expression: 'x' })).toThrow(
      /"of" names a particle twice/,
    );
  });

  it('torsions in the plane, and any number of particles or dimensions that is none', () => {
    const flat = { name: 'flat', particles: 4, dimensions: 2 } as const;
    expect(() =>
      defineTorsionPotential({ ...flat, torsions: [[0, 1, 2, 3]], expression: 'phi' }),
    ).toThrow(/torsions expected 3 dimensions, got 2/);
    const pair = { expression: 'r', name: 'p' };
    expect(() => definePairPotential({ ...pair, particles: 0 })).toThrow(/p: particles/);
    const untyped = { ...pair, particles: 2, dimensions: 4 } as unknown as { particles: number };
    expect(() => definePairPotential({ ...pair, ...untyped })).toThrow(/expected 2 or 3, got 4/);
    expect(() => definePairPotential({ ...pair, particles: 2, name: '' })).toThrow(TypeError);
  });

  it('both a formula and a function, or neither', () => {
    const both = { ...three, expression: 'r', energy: (r: number) => r };
    // What the compiler would refuse is the subject of this test.
    const untyped = (given: unknown): Parameters<typeof definePairPotential>[0] =>
      given as Parameters<typeof definePairPotential>[0];
    expect(() => definePairPotential(untyped(both))).toThrow(/"expression" or "energy", not both/);
    expect(() => definePairPotential(untyped(three))).toThrow(/expected "expression", a formula/);
    const mistaken = { ...three, energy: () => 'much' };
    const broken = definePairPotential(untyped(mistaken));
    expect(() => broken.energy(fromRows([new Float64Array(9)]))).toThrow(
      /three: energy expected to return a number, got string/,
    );
  });
});

describe('a particle potential that is not finite', () => {
  const coulomb = definePairPotential({ ...three, expression: '1/r - 1/r^2' });
  const fene = defineBondPotential({ ...three, bonds: [[1, 2]], expression: 'log(1-r^2)' });
  const x = [0, 0, 0, 1, 0, 0, 1, 0, 0];

  it('names the term, its particles and the values', () => {
    expect(coulomb.energy(fromRows([x]))[0]).toBe(Number.NaN);
    expect(coulomb.explain?.(Float64Array.from(x))).toBe('three: pair 1–2 has energy NaN at r = 0');
    expect(fene.explain?.(Float64Array.of(0, 0, 0, 1, 0, 0, 4, 4, 0))).toBe(
      'three: bond 1–2 has energy NaN at r = 5',
    );
    expect(coulomb.explain?.(Float64Array.of(0, 0, 0, 1, 0, 0, 4, 4, 0))).toBe(undefined);
    const field = defineExternalPotential({ ...three, expression: 'sqrt(x)+y+z' });
    expect(field.explain?.(Float64Array.from(x))).toBe(
      'three: particle 0 has slope Infinity at x = 0, y = 0, z = 0',
    );
  });

  it('names it through sums, factors and ledgers, and in the errors of a minimisation', () => {
    const sum = booked(scaled(sumOf([fene, coulomb]), 2), emptyLedger(), 'seeding');
    expect(sum.explain?.(Float64Array.from(x))).toBe('three: pair 1–2 has energy NaN at r = 0');
    expect(() => minimize(sum, x)).toThrow(DivergenceError);
    expect(() => minimize(sum, x)).toThrow(/\(three: pair 1–2 has energy NaN at r = 0\); try/);
  });
});
