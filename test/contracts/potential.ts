import { describe, expect, it } from 'vitest';
import { type Batch, batch, row } from '../../src/core/batch.ts';
import { ShapeError } from '../../src/core/errors.ts';
import { energyAndGradientBuffer, type Potential } from '../../src/core/potential.ts';
import { fold, normal, rootKey } from '../../src/core/rng.ts';

/**
 * What every `Potential` must satisfy; each new one joins the table in `test/md/potentials.test.ts`.
 *
 * `points` are configurations where the surface is smooth; five draws from N(0, I) by default.
 */
export function describePotential(
  name: string,
  make: () => Potential,
  points?: (potential: Potential) => Batch,
): void {
  describe(name, () => {
    const potential = make();
    const { dim } = potential;
    const x = points?.(potential) ?? batch(normal(fold(rootKey(0), name), 5 * dim), dim);

    it('has the gradient of its energy (central differences)', () => {
      const { gradient } = potential.energyAndGradient(x);
      for (let i = 0; i < x.data.length; i++) {
        const where = `coordinate ${i % dim} of row ${Math.floor(i / dim)}`;
        const step = 1e-4 * Math.max(1, Math.abs(x.data[i]));
        // Two step sizes, whose combination is good to O(h⁴), and whose difference bounds its error.
        const coarse = slope(i, 2 * step);
        const fine = slope(i, step);
        const numeric = (4 * fine - coarse) / 3;
        const scale = Math.max(1, ...gradient.map(Math.abs));
        const rounding = 1e-9 * scale + Math.abs(fine - coarse) / 10;
        expect(Math.abs(gradient[i] - numeric), where).toBeLessThan(1e-8 * scale + rounding);
      }
    });

    it('gives the same energy with its gradient as without', () => {
      expect(potential.energyAndGradient(x).energy).toEqual(potential.energy(x));
    });

    it('treats the rows of a batch independently', () => {
      const together = potential.energyAndGradient(x);
      const alone = potential.energy(x);
      for (let b = 0; b < x.count; b++) {
        const single = batch(row(x, b).slice(), dim);
        expect(potential.energy(single)[0]).toBe(alone[b]);
        const part = potential.energyAndGradient(single);
        expect(part.energy[0]).toBe(together.energy[b]);
        expect(part.gradient).toEqual(together.gradient.slice(b * dim, (b + 1) * dim));
      }
    });

    it('gives the same bytes when asked again', () => {
      expect(potential.energyAndGradient(x)).toEqual(potential.energyAndGradient(x));
    });

    it('leaves its argument alone', () => {
      const before = x.data.slice();
      potential.energy(x);
      potential.energyAndGradient(x);
      expect(x.data).toEqual(before);
    });

    it('fills and returns the arrays it is given', () => {
      const energy = new Float64Array(x.count).fill(Number.NaN);
      expect(potential.energy(x, energy)).toBe(energy);
      expect(energy).toEqual(potential.energy(x));
      const out = energyAndGradientBuffer(x.count, dim);
      out.energy.fill(Number.NaN);
      out.gradient.fill(Number.NaN);
      const returned = potential.energyAndGradient(x, out);
      expect(returned.energy).toBe(out.energy);
      expect(returned.gradient).toBe(out.gradient);
      expect(out).toEqual(potential.energyAndGradient(x));
    });

    it('hands out new arrays where it is given none', () => {
      expect(potential.energy(x)).not.toBe(potential.energy(x));
      const [first, second] = [potential.energyAndGradient(x), potential.energyAndGradient(x)];
      expect(first.energy).not.toBe(second.energy);
      expect(first.gradient).not.toBe(second.gradient);
    });

    it('evaluates no configurations to no energies', () => {
      const none = batch(new Float64Array(0), dim);
      expect(potential.energy(none)).toHaveLength(0);
      expect(potential.energyAndGradient(none).gradient).toHaveLength(0);
    });

    it('refuses rows of another dimension', () => {
      const other = batch(new Float64Array(dim + 1), dim + 1);
      expect(() => potential.energy(other)).toThrow(ShapeError);
      expect(() => potential.energyAndGradient(other)).toThrow(ShapeError);
    });

    it('has a name, a whole dimension and a price', () => {
      expect(potential.name).not.toBe('');
      expect(Number.isSafeInteger(dim) && dim > 0).toBe(true);
      // 1, or central differences in each variable of a term, of which there are D at most.
      const variables = (potential.evaluationsPerGradient - 1) / 2;
      expect(Number.isSafeInteger(variables) && variables >= 0 && variables <= dim).toBe(true);
    });

    /** [U(x + h eᵢ) − U(x − h eᵢ)] / 2h of the row that coordinate `i` of the batch belongs to. */
    function slope(i: number, h: number): number {
      return (energyAt(i, h) - energyAt(i, -h)) / (2 * h);
    }

    function energyAt(i: number, shift: number): number {
      const moved = row(x, Math.floor(i / dim)).slice();
      moved[i % dim] += shift;
      return potential.energy(batch(moved, dim))[0];
    }
  });
}
