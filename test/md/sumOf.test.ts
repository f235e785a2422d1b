import { describe, expect, it } from 'vitest';
import { fromRows } from '../../src/core/batch.ts';
import { ShapeError } from '../../src/core/errors.ts';
import { definePotential } from '../../src/md/definePotential.ts';
import { doubleWell } from '../../src/md/potentials/doubleWell.ts';
import { harmonic } from '../../src/md/potentials/harmonic.ts';
import { scaled, sumOf } from '../../src/md/sumOf.ts';

const x = fromRows([
  [1, 2],
  [-1, 0.5],
]);
const left = doubleWell();
const right = harmonic({ stiffness: [1, 2] });

describe('sumOf', () => {
  it('adds energies and gradients', () => {
    const sum = sumOf([left, right]).energyAndGradient(x);
    const [a, b] = [left.energyAndGradient(x), right.energyAndGradient(x)];
    expect(sum.energy).toEqual(a.energy.map((u, i) => u + b.energy[i]));
    expect(sum.gradient).toEqual(a.gradient.map((g, i) => g + b.gradient[i]));
  });

  it('serves batches of any size in turn', () => {
    const sum = sumOf([left, right]);
    const one = fromRows([[1, 2]]);
    expect(sum.energy(one)[0]).toBe(sum.energy(x)[0]);
    expect(sum.energyAndGradient(one).energy[0]).toBe(sum.energyAndGradient(x).energy[0]);
  });

  it('is named after its terms, or as it is told', () => {
    expect(sumOf([left, right]).name).toBe(`${left.name} + ${right.name}`);
    expect(sumOf([left, right], 'force field').name).toBe('force field');
  });

  it('costs as much as its dearest term, for a configuration is evaluated once', () => {
    const dear = definePotential({ name: 'dear', dim: 2, energy: ([a]) => a });
    expect(sumOf([left, right]).evaluationsPerGradient).toBe(1);
    expect(sumOf([left, dear]).evaluationsPerGradient).toBe(5);
  });

  it('refuses no terms, other dimensions and other units', () => {
    expect(() => sumOf([])).toThrow(/at least one potential/);
    expect(() => sumOf([left, harmonic({ stiffness: [1] })])).toThrow(ShapeError);
    const molecular = harmonic({
      stiffness: [1, 1],
      units: { length: 'nm', energy: 'kJ/mol' },
    });
    expect(() => sumOf([left, molecular])).toThrow(/in reduced and reduced, .*in nm and kJ\/mol/);
  });
});

describe('scaled', () => {
  it('multiplies energy and gradient, and says so in its name', () => {
    const double = scaled(right, 2);
    expect(double.energyAndGradient(x).gradient).toEqual(
      right.energyAndGradient(x).gradient.map((g) => 2 * g),
    );
    expect(double.energy(x)).toEqual(right.energy(x).map((u) => 2 * u));
    expect(double.name).toBe(`2·(${right.name})`);
  });

  it('refuses a factor that is not finite', () => {
    expect(() => scaled(right, Number.NaN)).toThrow(/"factor" expected a finite number, got NaN/);
  });
});
