import { describe, expect, it } from 'vitest';
import { batch } from '../../../src/core/batch.ts';
import { fold, normal, rootKey, uniform } from '../../../src/core/rng.ts';
import { minimize } from '../../../src/md/minimize.ts';
import { definePairPotential } from '../../../src/md/particles/definePairPotential.ts';
import { handWrittenLennardJones } from './handWrittenLennardJones.ts';

const cluster = definePairPotential({
  name: 'lj13',
  particles: 13,
  expression: '4*epsilon*((sigma/r)^12 - (sigma/r)^6)',
  parameters: { epsilon: 1, sigma: 1 },
});

// Hoare & Pal, Adv. Phys. 20, 161, 1971; The Cambridge Cluster Database, LJ13.
const globalMinimum = -44.326801;

/** A centre and the twelve corners of an icosahedron, 1.1 from it, jostled a little. */
function icosahedron(jostle: number): Float64Array {
  const golden = (1 + Math.sqrt(5)) / 2;
  const corners = [1, -1].flatMap((a) =>
    [golden, -golden].flatMap((b) => [
      [0, a, b],
      [a, b, 0],
      [b, 0, a],
    ]),
  );
  const length = Math.hypot(1, golden);
  const noise = normal(rootKey(13), 39);
  return Float64Array.from(
    [[0, 0, 0], ...corners].flat(),
    (value, i) => (1.1 * value) / length + jostle * noise[i],
  );
}

describe('the Lennard-Jones cluster of 13 from a formula', () => {
  it('equals the one by hand to 1e-12, from touching particles to far ones', () => {
    const byHand = handWrittenLennardJones(13);
    for (const size of [0.3, 1, 2, 10]) {
      const x = batch(
        normal(fold(rootKey(1), `size ${size}`), 20 * 39).map((value) => size * value),
        39,
      );
      const [a, b] = [cluster.energyAndGradient(x), byHand.energyAndGradient(x)];
      a.energy.forEach((u, i) => {
        expect(Math.abs(u - b.energy[i])).toBeLessThan(1e-12 * Math.abs(b.energy[i]));
      });
      for (let row = 0; row < x.count; row++) {
        const own = b.gradient.subarray(row * 39, row * 39 + 39);
        const scale = Math.max(...own.map(Math.abs));
        own.forEach((g, i) => {
          expect(Math.abs(a.gradient[row * 39 + i] - g)).toBeLessThan(1e-12 * scale);
        });
      }
    }
  });

  it('equals it with parameters per particle, mixed by the rules of Lorentz and Berthelot', () => {
    const mixed = definePairPotential({
      name: 'lj13',
      particles: 13,
      expression:
        '4*epsilon*((sigma/r)^12-(sigma/r)^6); sigma=0.5*(sigma1+sigma2); epsilon=sqrt(epsilon1*epsilon2)',
      perParticle: {
        sigma: Array.from({ length: 13 }, (_, i) => 1 + i / 100),
        epsilon: Array.from({ length: 13 }, (_, i) => 1 + i / 10),
      },
    });
    const x = icosahedron(0.1);
    let expected = 0;
    for (let i = 0; i < 13; i++) {
      for (let j = i + 1; j < 13; j++) {
        const r = Math.hypot(...[0, 1, 2].map((k) => x[3 * i + k] - x[3 * j + k]));
        const sigma = 1 + (i + j) / 200;
        const epsilon = Math.sqrt((1 + i / 10) * (1 + j / 10));
        expected += 4 * epsilon * ((sigma / r) ** 12 - (sigma / r) ** 6);
      }
    }
    expect(Math.abs(mixed.energy(batch(x, 39))[0] / expected - 1)).toBeLessThan(1e-12);
  });

  it('has the published global minimum, found from a jostled icosahedron', () => {
    const found = minimize(cluster, icosahedron(0.05));
    expect(found.converged).toBe(true);
    expect(Math.abs(found.energy - globalMinimum)).toBeLessThan(5e-7);
  });

  it('has no lower minimum, and finds it again from random starts in a box of 3 σ', () => {
    const energies = Array.from({ length: 40 }, (_, start) => {
      const u = uniform(fold(rootKey(2), `start ${start}`), 39);
      return minimize(
        cluster,
        u.map((value) => 3 * value - 1.5),
      ).energy;
    });
    const found = energies.filter((energy) => Math.abs(energy - globalMinimum) < 5e-7);
    expect(Math.min(...energies)).toBeGreaterThan(globalMinimum - 5e-7);
    expect(found.length).toBeGreaterThanOrEqual(2);
  });
});
