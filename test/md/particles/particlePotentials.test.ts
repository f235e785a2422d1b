import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Batch, batch, fromRows } from '../../../src/core/batch.ts';
import type { Potential } from '../../../src/core/potential.ts';
import { fold, normal, rootKey } from '../../../src/core/rng.ts';
import { defineAnglePotential } from '../../../src/md/particles/defineAnglePotential.ts';
import { defineBondPotential } from '../../../src/md/particles/defineBondPotential.ts';
import { defineExternalPotential } from '../../../src/md/particles/defineExternalPotential.ts';
import { definePairPotential } from '../../../src/md/particles/definePairPotential.ts';
import { defineTorsionPotential } from '../../../src/md/particles/defineTorsionPotential.ts';
import { describePotential } from '../../contracts/potential.ts';

const soft = { name: 'soft', particles: 5 };
const chain = { name: 'chain', particles: 5 };
const bonds = [
  [0, 1],
  [3, 1],
  [4, 0],
] as const;
const angles = [
  [0, 1, 2],
  [4, 2, 3],
] as const;
const torsions = [
  [0, 1, 2, 3],
  [4, 2, 1, 0],
] as const;

/** Each kind of term, as a formula and as the same in functions, with and without derivatives. */
const potentials: Record<string, { formula: () => Potential; functions: (() => Potential)[] }> = {
  'pairs in 3 dimensions': {
    formula: () =>
      definePairPotential({
        ...soft,
        expression: 'k*sqrt(q1*q2)*exp(-r/l)/(r+1); l = 2*b',
        parameters: { k: 2, b: 0.7 },
        perParticle: { q: [1, 2, 3, 4, 5] },
        exclusions: [[3, 2]],
      }),
    functions: [
      () =>
        definePairPotential({
          ...soft,
          parameters: { k: 2, b: 0.7 },
          perParticle: { q: [1, 2, 3, 4, 5] },
          exclusions: [[3, 2]],
          energy: (r, { k, b, q1, q2 }) =>
            (k * Math.sqrt(q1 * q2) * Math.exp(-r / (2 * b))) / (r + 1),
          derivative: (r, { k, b, q1, q2 }) =>
            -k *
            Math.sqrt(q1 * q2) *
            Math.exp(-r / (2 * b)) *
            (1 / (2 * b * (r + 1)) + 1 / (r + 1) ** 2),
        }),
      () =>
        definePairPotential({
          ...soft,
          parameters: { k: 2, b: 0.7 },
          perParticle: { q: [1, 2, 3, 4, 5] },
          exclusions: [[3, 2]],
          energy: (r, { k, b, q1, q2 }) =>
            (k * Math.sqrt(q1 * q2) * Math.exp(-r / (2 * b))) / (r + 1),
        }),
    ],
  },
  'some pairs in 2 dimensions': {
    formula: () =>
      definePairPotential({
        ...soft,
        dimensions: 2,
        pairs: [
          [4, 0],
          [0, 1],
          [1, 2],
        ],
        exclusions: [[1, 0]],
        expression: '(r-1)^2 + 0.1*r^4',
      }),
    functions: [
      () =>
        definePairPotential({
          ...soft,
          dimensions: 2,
          pairs: [
            [0, 4],
            [1, 2],
          ],
          energy: (r) => (r - 1) ** 2 + 0.1 * r ** 4,
          derivative: (r) => 2 * (r - 1) + 0.4 * r ** 3,
        }),
    ],
  },
  bonds: {
    formula: () =>
      defineBondPotential({
        ...chain,
        bonds,
        expression: '0.5*k*(r-r0)^2',
        parameters: { k: 30 },
        perBond: { r0: [1, 1.2, 0.8] },
      }),
    functions: [
      () =>
        defineBondPotential({
          ...chain,
          bonds,
          parameters: { k: 30 },
          perBond: { r0: [1, 1.2, 0.8] },
          energy: (r, { k, r0 }) => 0.5 * k * (r - r0) ** 2,
        }),
    ],
  },
  'angles in 3 dimensions': {
    formula: () =>
      defineAnglePotential({
        ...chain,
        angles,
        expression: 'k*(theta-theta0)^2',
        parameters: { theta0: 1.9 },
        perAngle: { k: [3, 5] },
      }),
    functions: [
      () =>
        defineAnglePotential({
          ...chain,
          angles,
          perAngle: { k: [3, 5] },
          energy: (theta, { k }) => k * (theta - 1.9) ** 2,
          derivative: (theta, { k }) => 2 * k * (theta - 1.9),
        }),
    ],
  },
  'angles in 2 dimensions': {
    formula: () =>
      defineAnglePotential({ ...chain, dimensions: 2, angles, expression: 'cos(theta)+theta^2' }),
    functions: [
      () =>
        defineAnglePotential({
          ...chain,
          dimensions: 2,
          angles,
          energy: (theta) => Math.cos(theta) + theta ** 2,
        }),
    ],
  },
  torsions: {
    formula: () =>
      defineTorsionPotential({
        ...chain,
        torsions,
        expression: 'k*(1+cos(n*theta-phase)) + sin(phi)',
        parameters: { phase: 0.3, k: 4 },
        perTorsion: { n: [2, 3] },
      }),
    functions: [
      () =>
        defineTorsionPotential({
          ...chain,
          torsions,
          perTorsion: { n: [2, 3] },
          energy: (phi, { n }) => 4 * (1 + Math.cos(n * phi - 0.3)) + Math.sin(phi),
        }),
    ],
  },
  'a field in 3 dimensions': {
    formula: () =>
      defineExternalPotential({
        ...soft,
        expression: 'q*(x^2 + 2*y*y + 3*z^2*x^2 + y)',
        perParticle: { q: [1, 2, 3, 4, 5] },
      }),
    functions: [
      () =>
        defineExternalPotential({
          ...soft,
          perParticle: { q: [1, 2, 3, 4, 5] },
          energy: ([x, y, z], { q }) => q * (x ** 2 + 2 * y * y + 3 * z ** 2 * x ** 2 + y),
        }),
    ],
  },
  'a field on some particles in 2 dimensions': {
    formula: () =>
      defineExternalPotential({
        ...soft,
        dimensions: 2,
        of: [4, 1],
        perParticle: { k: [3, 5] },
        expression: 'k*x^2 + y^4',
      }),
    functions: [
      () =>
        defineExternalPotential({
          ...soft,
          dimensions: 2,
          of: [4, 1],
          perParticle: { k: [3, 5] },
          energy: ([x, y], { k }) => k * x ** 2 + y ** 4,
          gradient([x, y], { k }, out) {
            out[0] = 2 * k * x;
            out[1] = 4 * y ** 3;
          },
        }),
    ],
  },
};

for (const [name, { formula, functions }] of Object.entries(potentials)) {
  describePotential(`${name}, from a formula`, formula);
  functions.forEach((make, i) => {
    describePotential(`${name}, from functions (${i})`, make);
    it(`are the same ${name} from a formula as from functions (${i})`, () => {
      const [one, other] = [formula(), make()];
      const x = batch(normal(fold(rootKey(7), name), 4 * one.dim), one.dim);
      const [a, b] = [one.energyAndGradient(x), other.energyAndGradient(x)];
      a.energy.forEach((u, j) => {
        expect(Math.abs(u / b.energy[j] - 1)).toBeLessThan(1e-13);
      });
      const scale = Math.max(...a.gradient.map(Math.abs));
      const bound = other.evaluationsPerGradient === 1 ? 1e-13 : 1e-8;
      a.gradient.forEach((g, j) => {
        expect(Math.abs(g - b.gradient[j])).toBeLessThan(bound * scale);
      });
    });
  });
}

it('every define…Potential of src/md/particles is in the table above', () => {
  const files = readdirSync(new URL('../../../src/md/particles', import.meta.url))
    .filter((file) => file.startsWith('define'))
    .sort();
  expect(files).toEqual([
    'defineAnglePotential.ts',
    'defineBondPotential.ts',
    'defineExternalPotential.ts',
    'definePairPotential.ts',
    'defineTorsionPotential.ts',
  ]);
});

describe('what particle potentials measure', () => {
  const four = { name: 'four', particles: 4 };
  /** The torsion angle of a chain whose last bond is turned by `turn` about the middle one, along z. */
  const turned = (turn: number): Batch =>
    fromRows([[1, 0, 0, 0, 0, 0, 0, 0, 1, Math.cos(turn), Math.sin(turn), 1]]);

  it.each([0, 0.5, Math.PI / 2, 3, -0.5, -3])('is a torsion of %d, cis at 0', (turn) => {
    const torsion = defineTorsionPotential({
      ...four,
      torsions: [[0, 1, 2, 3]],
      expression: 'phi',
    });
    expect(torsion.energy(turned(turn))[0]).toBeCloseTo(turn, 14);
    const reversed = defineTorsionPotential({
      ...four,
      torsions: [[3, 2, 1, 0]],
      expression: 'phi',
    });
    expect(reversed.energy(turned(turn))[0]).toBeCloseTo(turn, 14);
  });

  it.each([0.01, 1, Math.PI / 2, 3.14])('is an angle of %d', (angle) => {
    const three = { name: 'three', particles: 3, angles: [[0, 1, 2]] as const };
    const theta = defineAnglePotential({ ...three, expression: 'theta' });
    const x = fromRows([[2, 0, 0, 0, 0, 0, 3 * Math.cos(angle), 0, 3 * Math.sin(angle)]]);
    expect(theta.energy(x)[0]).toBeCloseTo(angle, 14);
  });

  it('has no gradient where an angle, a torsion or a distance has none, and a finite energy', () => {
    const line = fromRows([[0, 0, 0, 1, 0, 0, 2, 0, 0, 2, 0, 0]]);
    const terms = [
      defineAnglePotential({ ...four, angles: [[0, 1, 2]], expression: '(theta-2)^2' }),
      defineTorsionPotential({ ...four, torsions: [[0, 1, 2, 3]], expression: '(theta-2)^2' }),
      defineBondPotential({ ...four, bonds: [[2, 3]], expression: '(r-2)^2' }),
      defineBondPotential({ ...four, bonds: [[2, 3]], energy: (r) => (r - 2) ** 2 }),
    ];
    for (const term of terms) {
      const { energy, gradient } = term.energyAndGradient(line);
      expect(Number.isFinite(energy[0])).toBe(true);
      expect([...gradient]).toEqual(new Array(12).fill(0));
    }
  });

  it('has a gradient through r = 0 where the formula has one', () => {
    const spring = defineBondPotential({
      ...four,
      bonds: [[0, 1]],
      expression: 'k*r^2',
      parameters: { k: 3 },
    });
    const x = fromRows([[1e-100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]]);
    expect(spring.energyAndGradient(x).gradient[0]).toBe(2 * 3 * 1e-100);
  });

  it('is the same by the loops of its own as by the three loops of a geometry', () => {
    const u = { ...four, parameters: { e: 2 }, perParticle: { s: [1, 2, 3, 4] } };
    const fused = definePairPotential({ ...u, expression: 'e*(s1*s2/r)^3' });
    const apart = definePairPotential({
      ...u,
      energy: (r, { e, s1, s2 }) => e * ((s1 * s2) / r) ** 3,
      derivative: (r, { e, s1, s2 }) => (-3 * e * (s1 * s2) ** 3) / r ** 4,
    });
    const x = batch(normal(rootKey(3), 24), 12);
    fused.energyAndGradient(x).gradient.forEach((g, i) => {
      expect(g).toBeCloseTo(apart.energyAndGradient(x).gradient[i], 9);
    });
  });
});
