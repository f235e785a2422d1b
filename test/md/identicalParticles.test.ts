import { linearSumAssignment } from 'linear-sum-assignment';
import { describe, expect, it } from 'vitest';
import { batch, fromRows, row } from '../../src/core/batch.ts';
import { ShapeError } from '../../src/core/errors.ts';
import { startChains } from '../../src/core/kernel.ts';
import { at, fold, normal, permutation, rootKey, uniform } from '../../src/core/rng.ts';
import { linearAssignment } from '../../src/md/identicalParticles/linearAssignment.ts';
import { isIdentity, referenceLabels } from '../../src/md/identicalParticles/referenceLabels.ts';
import { expectIdentical, relabelled } from '../../src/md/identicalParticles/relabelled.ts';
import { ghmc } from '../../src/md/kernels/ghmc.ts';
import { dimerReflections } from '../../src/md/particleDimer/reflections.ts';
import { dimerLattice } from '../../src/md/particleDimer/starts.ts';
import { particleDimer } from '../../src/md/potentials/particleDimer.ts';

describe('linearAssignment', () => {
  it('is as cheap as the cheapest of all permutations, up to seven rows, ties included', () => {
    for (let n = 1; n <= 7; n++) {
      for (let trial = 0; trial < (n < 7 ? 30 : 4); trial++) {
        const key = at(fold(rootKey(1), `${n}`), trial);
        // Every third matrix has few different costs, so that many assignments tie.
        const cost = uniform(key, n * n).map((u) =>
          trial % 3 === 0 ? Math.floor(4 * u) : u - 0.5,
        );
        const found = linearAssignment(cost, n);
        expect(found.cost).toBeCloseTo(
          Math.min(...permutations(n).map((p) => costOf(cost, p))),
          12,
        );
        expect(costOf(cost, found.columns)).toBeCloseTo(found.cost, 12);
        expect(new Set(found.columns).size).toBe(n);
      }
    }
  });

  it.each([36, 120])('proves by its prices that nothing is cheaper, with %i rows', (n) => {
    for (let trial = 0; trial < 5; trial++) {
      const cost = uniform(at(rootKey(2), trial), n * n).map((u) => u ** 3);
      const { columns, rowPrices, columnPrices, cost: total } = linearAssignment(cost, n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          const reduced = cost[i * n + j] - rowPrices[i] - columnPrices[j];
          if (!(reduced >= -1e-12)) expect(reduced, `${i}, ${j}`).toBeGreaterThanOrEqual(-1e-12);
        }
      }
      const prices = rowPrices.reduce((a, b) => a + b, 0) + columnPrices.reduce((a, b) => a + b, 0);
      expect(total).toBeCloseTo(prices, 9);
      expect(new Set(columns).size).toBe(n);
    }
  });

  it.each([2, 13, 38, 100])('assigns %i rows as the package linear-sum-assignment does', (n) => {
    for (let trial = 0; trial < 6; trial++) {
      const key = at(fold(rootKey(7), `${n}`), trial);
      // Distances as the relabelling has them, and costs of either sign over many orders of magnitude.
      const cost =
        trial % 2 === 0
          ? uniform(key, n * n).map((u) => u ** 2)
          : normal(key, n * n).map((z) => Math.sinh(3 * z));
      const rows = Array.from({ length: n }, (_, i) => cost.slice(i * n, (i + 1) * n));
      const theirs = linearSumAssignment(rows, { maximaze: false });
      const found = linearAssignment(cost, n);
      // No two of these costs are equal, so that the cheapest assignment is one.
      expect(Array.from(found.columns)).toEqual(Array.from(theirs.rowAssignments));
      expect(found.cost).toBeCloseTo(costOf(cost, theirs.rowAssignments), 9);
    }
  });

  it('finds an assignment that was hidden in large costs', () => {
    const hidden = permutation(rootKey(3), 50);
    const cost = uniform(rootKey(4), 2500).map((u) => 1 + u);
    hidden.forEach((j, i) => {
      cost[i * 50 + j] = 0.5;
    });
    expect(Array.from(linearAssignment(cost, 50).columns)).toEqual(Array.from(hidden));
  });

  it('refuses costs that are not square or not finite, and assigns nothing to nobody', () => {
    expect(() => linearAssignment(new Float64Array(5), 2)).toThrow(ShapeError);
    expect(() => linearAssignment(Float64Array.of(1, 2, Number.NaN, 4), 2)).toThrow(
      'cost of row 1, column 0 is NaN',
    );
    expect(linearAssignment(new Float64Array(0), 0).cost).toBe(0);
  });
});

describe('referenceLabels', () => {
  const reference = dimerLattice(1.5);
  const solvent = Array.from({ length: 36 }, (_, p) => p + 2);
  const labels = referenceLabels({ reference, particles: solvent, space: 2 });
  const shaken = batch(
    normal(rootKey(5), 6 * 76).map((z, i) => reference[i % 76] + 0.5 * z),
    76,
  );

  it('gives every configuration the labels that its shuffled copies get, the dimer kept', () => {
    const right = labels.relabel(shaken);
    expect(right.data).not.toEqual(shaken.data);
    const shuffled = batch(shaken.data.slice(), 76);
    for (let b = 0; b < 6; b++) {
      permutation(at(rootKey(6), b), 36).forEach((from, p) => {
        shuffled.data.set(row(shaken, b).subarray(4 + 2 * from, 6 + 2 * from), 76 * b + 4 + 2 * p);
      });
    }
    expect(labels.relabel(shuffled)).toEqual(right);
    for (let b = 0; b < 6; b++)
      expect(row(right, b).slice(0, 4)).toEqual(row(shaken, b).slice(0, 4));
    expect(Array.from(labels.contains(right))).toEqual([1, 1, 1, 1, 1, 1]);
    expect(Array.from(labels.contains(shuffled))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(isIdentity(labels.sources(reference))).toBe(true);
  });

  it('keeps the domain under the reflections of the dimer', () => {
    const inside = labels.relabel(shaken);
    for (const { apply, name } of dimerReflections(reference)) {
      expect(Array.from(labels.contains(apply(inside))), name).toEqual([1, 1, 1, 1, 1, 1]);
    }
  });

  it('assigns each kind by itself, as cheaply as any product of permutations', () => {
    const sites = [0, 0, 1, 0, 2, 0, 0, 1, 1, 1];
    const mixed = referenceLabels({
      reference: sites,
      particles: [
        [0, 3],
        [4, 1, 2],
      ],
      space: 2,
    });
    expect(mixed.logCopies).toBeCloseTo(Math.log(2 * 6), 12);
    for (let trial = 0; trial < 40; trial++) {
      const x = normal(at(rootKey(5), trial), 10).map((z) => 1.5 * z);
      const costOfSources = (sources: ArrayLike<number>): number => {
        let sum = 0;
        for (let i = 0; i < 10; i++) {
          sum += (x[2 * sources[i >> 1] + (i & 1)] - sites[i]) ** 2;
        }
        return sum;
      };
      const all = permutations(2).flatMap((a) =>
        permutations(3).map((b) => {
          const [one, other] = [a.map((i) => [0, 3][i]), b.map((i) => [4, 1, 2][i])];
          return [one[0], other[1], other[2], one[1], other[0]];
        }),
      );
      const found = mixed.sources(x);
      expect(costOfSources(found)).toBeCloseTo(Math.min(...all.map(costOfSources)), 12);
      expect(isIdentity(mixed.sources(row(mixed.relabel(batch(x, 10)), 0)))).toBe(true);
    }
    expect(() =>
      referenceLabels({
        reference: sites,
        particles: [
          [0, 3],
          [3, 1],
        ],
        space: 2,
      }),
    ).toThrow('"particles[2]" expected a particle of 0 to 4 that is named once, got 3');
  });

  it('keeps the first particle of the dimer on the left, and knows that the two are alike', () => {
    const potential = particleDimer();
    const solvent = Array.from({ length: 36 }, (_, n) => n + 2);
    const both = referenceLabels({
      reference: dimerLattice(1.5),
      particles: [[0, 1], solvent],
      space: 2,
    });
    const x = batch(
      normal(rootKey(11), 20 * 76).map((z, i) => 0.15 * z + dimerLattice(1)[i % 76]),
      76,
    );
    for (let b = 0; b < 20; b += 2) {
      const own = row(x, b);
      [own[0], own[1], own[2], own[3]] = [own[2], own[3], own[0], own[1]];
    }
    expect(() => expectIdentical(potential, both, x)).not.toThrow();
    expect(both.contains(x)[0]).toBe(0);
    const { data } = both.relabel(x);
    for (let b = 0; b < 20; b++) expect(data[76 * b]).toBeLessThan(data[76 * b + 2]);
  });

  it('counts its copies, ln 36!, and has no configuration that is none', () => {
    // Stirling's series to 1/(12 n) − 1/(360 n³).
    const n = 36;
    const stirling =
      n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + 1 / (12 * n) - 1 / (360 * n ** 3);
    expect(labels.logCopies).toBeCloseTo(stirling, 9);
    const lost = batch(reference.slice(), 76);
    lost.data[20] = Number.NaN;
    expect(Array.from(labels.contains(lost))).toEqual([0]);
  });

  it('refuses particles that are not there or named twice, and other numbers of them', () => {
    const of = (particles: number[]) => () => referenceLabels({ reference, particles, space: 2 });
    expect(of([2, 38])).toThrow(/"particles\[1\]" expected a particle of 0 to 37 .* got 38/);
    expect(of([2, 3, 2])).toThrow(/"particles\[2\]" .* got 2/);
    expect(() => referenceLabels({ reference: [1, 2, 3], particles: [], space: 2 })).toThrow(
      ShapeError,
    );
    expect(() => labels.sources(new Float64Array(74))).toThrow(
      'expected 38 particles, 76 coordinates, got 74 coordinates',
    );
  });
});

describe('relabelled', () => {
  const potential = particleDimer({ solvent: 4 });
  const reference = dimerLattice(1.5, 4);
  const labels = referenceLabels({ reference, particles: [2, 3, 4, 5], space: 2 });
  const hot = { kT: 20, timestep: 0.02, steps: 40, attempts: 1, persistence: 0.5 };

  it('moves positions, velocities and gradient together', () => {
    const plain = ghmc(potential, hot);
    const kernel = relabelled(plain, labels);
    const start = startChains(potential, fromRows(Array(20).fill([...reference])));
    const moved = plain.step(start, rootKey(7)).state;
    const { state, info } = kernel.step(start, rootKey(7));
    expect(state.positions).not.toEqual(moved.positions);
    expect(labels.contains(state.positions).every((one) => one === 1)).toBe(true);
    expect(info).toEqual(plain.step(start, rootKey(7)).info);
    const again = potential.energyAndGradient(state.positions);
    // Sums over pairs are rounded in another order.
    state.energy.forEach((u, b) => {
      expect(u).toBeCloseTo(again.energy[b], 8);
    });
    state.gradient.forEach((g, i) => {
      expect(g).toBeCloseTo(again.gradient[i], 8);
    });
    for (let b = 0; b < 20; b++) {
      const pairs = (x: Float64Array, v: Float64Array | undefined) =>
        Array.from({ length: 12 }, (_, i) => `${x[12 * b + i]} ${v?.[12 * b + i]}`).sort();
      expect(pairs(state.positions.data, state.velocities)).toEqual(
        pairs(moved.positions.data, moved.velocities),
      );
    }
  });

  it('passes on what a burst left where nothing had to be relabelled', () => {
    const cold = ghmc(potential, { ...hot, kT: 0.01 });
    const start = startChains(potential, fromRows([Array.from(reference)]));
    expect(relabelled(cold, labels).step(start, rootKey(8))).toEqual(cold.step(start, rootKey(8)));
  });

  it('is refused where particles differ in mass or in energy, by name', () => {
    const x = batch(
      normal(rootKey(9), 24).map((z, i) => reference[i % 12] + 0.2 * z),
      12,
    );
    expect(() => expectIdentical(potential, labels, x, 3)).not.toThrow();
    const masses = [1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 5];
    expect(() => expectIdentical(potential, labels, x, masses)).toThrow(
      'particles 4 and 5 are not identical: their masses are 2 and 5',
    );
    const all = referenceLabels({ reference, particles: [1, 2], space: 2 });
    expect(() => expectIdentical(potential, all, x)).toThrow(
      /particles 1 and 2 are not identical: exchanging them changes particle-dimer\(.*\) from/,
    );
  });
});

function costOf(cost: Float64Array, columns: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < columns.length; i++) sum += cost[i * columns.length + columns[i]];
  return sum;
}

function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((shorter) =>
    Array.from({ length: n }, (_, place) => shorter.toSpliced(place, 0, n - 1)),
  );
}
