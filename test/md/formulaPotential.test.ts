import { describe, expect, it } from 'vitest';
import { fromRows } from '../../src/core/batch.ts';
import { linear, particleDistance } from '../../src/core/collectiveVariable.ts';
import { definePotential } from '../../src/md/definePotential.ts';
import { ExpressionError } from '../../src/md/expression/expressionError.ts';
import { harmonicRestraint } from '../../src/md/harmonicRestraint.ts';
import { inUnits } from '../../src/md/inUnits.ts';
import { onAtoms } from '../../src/md/onAtoms.ts';
import { defineBondPotential } from '../../src/md/particles/defineBondPotential.ts';
import { doubleWell } from '../../src/md/potentials/doubleWell.ts';
import { muellerBrown } from '../../src/md/potentials/muellerBrown.ts';
import { sumOf } from '../../src/md/sumOf.ts';
import { describePotential } from '../contracts/potential.ts';

const well = { name: 'well', dim: 2, expression: 'x^4 - 6*x^2 + x + k*y^2/2' };
const axes = { coordinates: ['x', 'y'], parameters: { k: 1 } };
const bent = {
  name: 'bent',
  dim: 4,
  expression: 'a*(s-1)^2*x1 + exp(-d) + x4^2',
  parameters: { a: 2 },
  collectiveVariables: {
    s: linear('s', [1, -2, 0, 0.5]),
    d: particleDistance('d', [0, 1], 2),
  },
};
const spring = defineBondPotential({
  name: 'spring',
  particles: 3,
  dimensions: 2,
  bonds: [
    [0, 1],
    [1, 2],
  ],
  expression: '5*(r-1)^2',
});
const selection = { atoms: [4, 0, 2], particles: 5, dimensions: 2 } as const;

describePotential('a formula of named coordinates', () => definePotential({ ...well, ...axes }));
describePotential('a formula of coordinates and collective variables', () => definePotential(bent));
describePotential('a spring on a collective variable', () =>
  harmonicRestraint(bent.collectiveVariables.d, { dim: 4, stiffness: 3, center: 0.5 }),
);
describePotential('a potential of some atoms', () => onAtoms(spring, selection));
describePotential('a potential in other units', () =>
  inUnits(spring, { length: 0.1, energy: 4.184 }),
);
describePotential('a sum of all these', () =>
  sumOf([
    onAtoms(spring, selection),
    harmonicRestraint(particleDistance('d', [3, 1], 2), { dim: 10, stiffness: 3, center: 2 }),
  ]),
);

describe('definePotential with an expression', () => {
  const x = fromRows([
    [2, 3],
    [-1.7, 0.2],
    [0, 0],
  ]);

  it('is the double well', () => {
    const [formula, byHand] = [definePotential({ ...well, ...axes }), doubleWell()];
    const [a, b] = [formula.energyAndGradient(x), byHand.energyAndGradient(x)];
    [...a.energy, ...a.gradient].forEach((value, i) => {
      expect(value).toBeCloseTo([...b.energy, ...b.gradient][i], 12);
    });
  });

  it('is the Müller–Brown surface, from four definitions', () => {
    const term = (A: number, a: number, b: number, c: number, X: number, Y: number): string =>
      `${A}*exp(${a}*(x1-${X})^2+${b}*(x1-${X})*(x2-${Y})+${c}*(x2-${Y})^2)`;
    const expression = [
      '0.1*(one+two+three+four)',
      `one=${term(-200, -1, 0, -10, 1, 0)}`,
      `two=${term(-100, -1, 0, -10, 0, 0.5)}`,
      `three=${term(-170, -6.5, 11, -6.5, -0.5, 1.5)}`,
      `four=${term(15, 0.7, 0.6, 0.7, -1, 1)}`,
    ].join('; ');
    const formula = definePotential({ name: 'mueller-brown', dim: 2, expression });
    const [a, b] = [formula.energyAndGradient(x), muellerBrown().energyAndGradient(x)];
    a.gradient.forEach((value, i) => {
      expect(Math.abs(value - b.gradient[i])).toBeLessThan(1e-13 * Math.abs(b.gradient[i]) + 1e-12);
    });
  });

  it('follows a collective variable by the chain rule', () => {
    const { energy, gradient } = definePotential(bent).energyAndGradient(fromRows([[3, 0, 0, 4]]));
    // s = 3 + 2 = 5 and d = 5, along (3, −4)/5.
    const pull = -Math.exp(-5) / 5;
    expect(energy[0]).toBe(2 * 16 * 3 + Math.exp(-5) + 16);
    const bySpring = 2 * 2 * 4 * 3;
    const expected = [
      2 * 16 + bySpring + 3 * pull,
      -2 * bySpring - 4 * pull,
      -3 * pull,
      0.5 * bySpring + 4 * pull + 8,
    ];
    expected.forEach((slope, i) => {
      expect(gradient[i]).toBeCloseTo(slope, 12);
    });
  });

  it('is said to be evaluated once for a gradient, for none is differenced', () => {
    expect(definePotential({ ...well, ...axes }).evaluationsPerGradient).toBe(1);
  });

  it('says where it is not finite', () => {
    const root = definePotential({
      name: 'root',
      dim: 2,
      expression: 'sqrt(x1)*s+x2',
      collectiveVariables: { s: linear('s', [0, 1]) },
    });
    expect(root.explain?.(Float64Array.of(-1, 2))).toBe(
      'root has energy NaN at x1 = -1, x2 = 2, s = 2',
    );
    expect(root.explain?.(Float64Array.of(0, 2))).toBe(
      'root has slope Infinity along x1 at x1 = 0, x2 = 2, s = 2',
    );
    expect(root.explain?.(Float64Array.of(1, 2))).toBe(undefined);
  });

  it('refuses what is not a formula of its names', () => {
    const dim = 2;
    expect(() => definePotential({ name: 'a', dim, expression: 'x3' })).toThrow(ExpressionError);
    expect(() => definePotential({ name: 'a', dim, expression: 'x3' })).toThrow(
      /did you mean "x1"/,
    );
    expect(() => definePotential({ ...well, ...axes, coordinates: ['x'] })).toThrow(
      /well: "coordinates" expected 2 names, got 1/,
    );
    expect(() => definePotential({ ...well, ...axes, parameters: { k: 1, x: 2 } })).toThrow(
      /well: "x" is given twice/,
    );
    // What the compiler would refuse is the subject here.
    const both = { ...well, energy: () => 0 } as unknown as typeof well;
    expect(() => definePotential(both)).toThrow(/"expression" stands alone/);
    const number = { ...well, expression: 3 } as unknown as typeof well;
    expect(() => definePotential(number)).toThrow(/"expression" expected a formula, got 3/);
  });
});

describe('potentials made of others', () => {
  it('act on the chosen atoms, in the chosen order, and on no others', () => {
    const x = [0, 0, 9, 9, 0, 2, 7, 7, 3, 0];
    const { energy, gradient } = onAtoms(spring, selection).energyAndGradient(fromRows([x]));
    // Atoms 4, 0, 2 at (3, 0), (0, 0), (0, 2): distances 3 and 2.
    expect(energy[0]).toBe(5 * 2 ** 2 + 5 * 1 ** 2);
    expect([...gradient]).toEqual([-20, -10, 0, 0, 0, 10, 0, 0, 20, 0]);
  });

  it('keep the energy of a state when only its units change', () => {
    const inNanometres = inUnits(spring, { length: 0.1, energy: 4.184 });
    expect(inNanometres.units).toEqual({ length: 'nm', energy: 'kJ/mol' });
    const angstroms = [0, 0, 3, 0, 3, 2];
    const { energy, gradient } = inNanometres.energyAndGradient(
      fromRows([angstroms.map((each) => each * 0.1)]),
    );
    expect(energy[0]).toBeCloseTo(4.184 * (20 + 5), 12);
    // 2·5·(3 − 1) kcal/mol/Å along x, in kJ/mol/nm.
    expect(gradient[0]).toBeCloseTo((-20 * 4.184) / 0.1, 10);
  });

  it('refuse atoms and units that make no sense', () => {
    expect(() => onAtoms(spring, { ...selection, atoms: [0, 1] })).toThrow(
      /spring has 6 coordinates, 2 atoms in 2 dimensions have 4/,
    );
    expect(() => onAtoms(spring, { ...selection, atoms: [0, 1, 5] })).toThrow(/atoms\[2\]/);
    expect(() => onAtoms(spring, { ...selection, atoms: [0, 1, 1] })).toThrow(/atoms\[2\]/);
    expect(() => inUnits(spring, { length: 0, energy: 1 })).toThrow(/"length" expected a positive/);
  });

  it('name the atoms that they have inside', () => {
    const broken = defineBondPotential({
      name: 'fene',
      particles: 2,
      dimensions: 2,
      bonds: [[0, 1]],
      expression: 'log(1-r)',
    });
    const placed = onAtoms(broken, { atoms: [2, 0], particles: 3, dimensions: 2 });
    expect(placed.explain?.(Float64Array.of(0, 0, 9, 9, 3, 4))).toMatch(
      /bond 0–1 has energy NaN at r = 5/,
    );
    expect(
      inUnits(broken, { length: 0.1, energy: 1 }).explain?.(Float64Array.of(0, 0, 3, 4)),
    ).toMatch(/r = 50/);
  });
});
