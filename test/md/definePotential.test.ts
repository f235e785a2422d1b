import { describe, expect, it } from 'vitest';
import { fromRows } from '../../src/core/batch.ts';
import { definePotential, type PotentialDefinition } from '../../src/md/definePotential.ts';

const x = fromRows([
  [1, 2],
  [3, 4],
]);

/** A definition as it comes from a file without types. */
function untyped(fields: Record<string, unknown>): PotentialDefinition {
  // What the compiler would refuse is the subject of these tests.
  return fields as unknown as PotentialDefinition;
}

describe('definePotential', () => {
  it('makes a potential of ten lines', () => {
    const spring = definePotential({
      name: 'spring',
      dim: 2,
      energy: ([a, b]) => 0.5 * (a * a + b * b),
      gradient(at, out) {
        out.set(at);
      },
    });
    expect([...spring.energy(x)]).toEqual([0.5 * (1 + 4), 0.5 * (9 + 16)]);
    expect([...spring.energyAndGradient(x).gradient]).toEqual([1, 2, 3, 4]);
    expect(spring.evaluationsPerGradient).toBe(1);
    expect(spring.units).toEqual({ length: 'reduced', energy: 'reduced' });
  });

  it('takes U from the gradient where that returns it, and asks for the energy where not', () => {
    let energies = 0;
    const common = { name: 'counted', dim: 2 };
    const energy = ([a, b]: Float64Array): number => {
      energies++;
      return a * b;
    };
    const gradient = ([a, b]: Float64Array, out: Float64Array): number => {
      out[0] = b;
      out[1] = a;
      return a * b;
    };
    const both = definePotential({ ...common, energy, gradient });
    expect([...both.energyAndGradient(x).energy]).toEqual([2, 12]);
    expect(energies).toBe(0);
    const apart = definePotential({
      ...common,
      energy,
      gradient: (at, out) => {
        gradient(at, out);
      },
    });
    expect([...apart.energyAndGradient(x).energy]).toEqual([2, 12]);
    expect(energies).toBe(2);
  });

  it('differences the energy where there is no gradient, to ten digits, at its price', () => {
    const quartic = definePotential({ name: 'quartic', dim: 2, energy: ([a, b]) => a ** 4 + b });
    const { gradient } = quartic.energyAndGradient(x);
    expect(quartic.evaluationsPerGradient).toBe(2 * 2 + 1);
    [4, 1, 108, 1].forEach((slope, i) => {
      expect(Math.abs(gradient[i] / slope - 1)).toBeLessThan(1e-9);
    });
  });

  it('differences far from the origin as well as near it', () => {
    const far = definePotential({ name: 'far', dim: 1, energy: ([a]) => a * a });
    const { gradient } = far.energyAndGradient(fromRows([[1e6], [1e-9]]));
    expect(Math.abs(gradient[0] / 2e6 - 1)).toBeLessThan(1e-9);
    expect(Math.abs(gradient[1] - 2e-9)).toBeLessThan(1e-10);
  });

  it('shields the batch from a function that writes to its argument', () => {
    const rude = definePotential({
      name: 'rude',
      dim: 2,
      energy(at) {
        const u = at[0] + at[1];
        at.fill(99);
        return u;
      },
      gradient(at, out) {
        out.fill(1);
        at.fill(-99);
      },
    });
    expect([...rude.energyAndGradient(x).energy]).toEqual([3, 7]);
    expect([...rude.energy(x)]).toEqual([3, 7]);
    expect([...x.data]).toEqual([1, 2, 3, 4]);
  });

  it('hands every configuration a gradient of zeros to add to', () => {
    const adding = definePotential({
      name: 'adding',
      dim: 2,
      energy: ([a]) => 3 * a,
      gradient(_, out) {
        out[0] += 1;
        out[0] += 2;
      },
    });
    expect([...adding.energyAndGradient(x).gradient]).toEqual([3, 0, 3, 0]);
  });

  it('passes on what is not finite: whether that may be is for the kernel to say', () => {
    const hard = definePotential({
      name: 'hard',
      dim: 2,
      energy: ([a]) => (a > 2 ? Infinity : Number.NaN),
    });
    expect([...hard.energy(x)]).toEqual([Number.NaN, Infinity]);
  });

  it('names every field that is missing or of the wrong kind', () => {
    const wrong = { name: '', dim: 0.5, energy: 3, gradient: 'g', units: { length: 'Å' } };
    expect(() => definePotential(untyped(wrong))).toThrow(TypeError);
    expect(() => definePotential(untyped(wrong))).toThrow(
      /"name" .*got ""; "dim" .*got 0.5; "energy" .*got 3; "gradient" .*got "g"; "units" .*"Å"/,
    );
    expect(() => definePotential(untyped({}))).toThrow(
      /"name" .*got undefined; "dim" .*got undefined; "energy" .*got undefined$/,
    );
    expect(() => definePotential(untyped({ name: 'x', dim: '2', energy: () => 0 }))).toThrow(
      /^definePotential: "dim" expected an integer of at least 1, got "2"$/,
    );
  });

  it.each([
    { returned: undefined, kind: 'undefined' },
    { returned: [1], kind: 'an array' },
    { returned: Promise.resolve(1), kind: 'a promise' },
    { returned: 1n, kind: 'a value of type bigint' },
  ])('says so when an energy function returns $kind', ({ returned, kind }) => {
    const potential = definePotential(untyped({ name: 'mine', dim: 2, energy: () => returned }));
    expect(() => potential.energy(x)).toThrow(
      `mine: energy(x) expected to return a number, got ${kind}`,
    );
  });

  it('says so when a gradient function returns its gradient instead of writing it', () => {
    const potential = definePotential(
      untyped({ name: 'mine', dim: 2, energy: () => 0, gradient: () => new Float64Array(2) }),
    );
    expect(() => potential.energyAndGradient(x)).toThrow(
      /mine: gradient\(x, out\) writes into "out" and returns U or nothing, got an array/,
    );
  });
});
