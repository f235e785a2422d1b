import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bar } from '../../src/analysis/bar.ts';
import { fold, type Key, normal, rootKey } from '../../src/core/rng.ts';
import { harmonicEnergy, oscillators } from './oscillators.ts';
import { meanOf, replicas, varianceBound, varianceOf } from './series.ts';

const key = fold(rootKey(14), 'bar');

// Two wells ½k(x − o)²: F₁ − F₀ = ½ ln(k₁/k₀).
const wells = [
  { center: 1, stiffness: 0.5 },
  { center: 2, stiffness: 2 },
] as const;
const truth = 0.5 * Math.log(2 / 0.5);

function work(own: Key, counts: readonly [number, number]): [Float64Array, Float64Array] {
  const draw = (i: 0 | 1): Float64Array =>
    normal(fold(own, `state ${i}`), counts[i]).map(
      (z) => wells[i].center + z / Math.sqrt(wells[i].stiffness),
    );
  const difference = (x: number): number =>
    harmonicEnergy(wells[1], x) - harmonicEnergy(wells[0], x);
  return [draw(0).map(difference), draw(1).map((x) => -difference(x))];
}

describe("Bennett's acceptance ratio", () => {
  it('has z-scores of unit variance for oscillators, with unequal numbers of samples', () => {
    const count = 400;
    for (const counts of [
      [500, 800],
      [1000, 60],
    ] as const) {
      const z = replicas(fold(key, `z ${counts}`), count).map((own) => {
        const found = bar(...work(own, counts))!;
        return (found.value - truth) / found.standardError;
      });
      // The bias of a root is of order 1/n against an error of order 1/√n.
      expect(Math.abs(meanOf(z))).toBeLessThan(0.1 + 4 / Math.sqrt(count));
      expect(Math.abs(varianceOf(z) - 1)).toBeLessThan(0.05 + varianceBound(count, 4));
    }
  });

  // pymbar 4 (commit cf12100), bar(method="false-position"), on the same work values.
  it('repeats the published implementation', () => {
    const { energies } = oscillators();
    const forward = energies[1].map((u, n) => u - energies[0][n]).slice(0, 100);
    const reverse = energies[0].map((u, n) => u - energies[1][n]).slice(100, 150);
    const found = bar(forward, reverse)!;
    expect(found.value).toBeCloseTo(0.4051230501317041, 10);
    expect(found.standardError).toBeCloseTo(0.07440879506828457, 10);
  });

  it('is exact for a shift of the energy, whatever the samples', () => {
    const finite = fc.array(fc.double({ min: -30, max: 30, noNaN: true }), {
      minLength: 1,
      maxLength: 20,
    });
    const shift = fc.double({ min: -500, max: 500, noNaN: true });
    fc.assert(
      fc.property(finite, finite, shift, (forward, reverse, c) => {
        const plain = bar(Float64Array.from(forward), Float64Array.from(reverse))!;
        const moved = bar(
          Float64Array.from(forward, (w) => w + c),
          Float64Array.from(reverse, (w) => w - c),
        )!;
        expect(moved.value - plain.value).toBeCloseTo(c, 7);
        const swapped = bar(Float64Array.from(reverse), Float64Array.from(forward))!;
        expect(swapped.value).toBeCloseTo(-plain.value, 7);
      }),
    );
  });

  it('keeps forbidden configurations in n', () => {
    // Uniform on [0, 1] against uniform on [0, ½]: half the samples of the first are forbidden.
    const forward = Float64Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 0 : Infinity));
    const reverse = new Float64Array(300);
    const found = bar(forward, reverse)!;
    expect(found.value).toBeCloseTo(Math.log(2), 12);
    const mutant = bar(
      forward.filter((w) => w < Infinity),
      reverse,
    )!;
    expect(mutant.value).toBeCloseTo(0, 12);
  });

  it('is undefined without overlap', () => {
    expect(bar(new Float64Array(3).fill(Infinity), new Float64Array(3))).toBeUndefined();
    expect(bar(new Float64Array(3), new Float64Array(3).fill(Infinity))).toBeUndefined();
  });
});
