import { describe, expect, it } from 'vitest';
import { batch } from '../../../src/core/batch.ts';
import { fold, rootKey, uniform } from '../../../src/core/rng.ts';
import { definePotential } from '../../../src/md/definePotential.ts';
import { defineBondPotential } from '../../../src/md/particles/defineBondPotential.ts';
import { defineExternalPotential } from '../../../src/md/particles/defineExternalPotential.ts';
import { definePairPotential } from '../../../src/md/particles/definePairPotential.ts';
import { particleDimer } from '../../../src/md/potentials/particleDimer.ts';
import { sumOf } from '../../../src/md/sumOf.ts';

const plane = { particles: 38, dimensions: 2 } as const;

/** The dimer in a bath as strings that OpenMM's custom forces would take too. */
const byFormulas = sumOf([
  defineBondPotential({
    ...plane,
    name: 'bond',
    bonds: [[0, 1]],
    expression: 's*u - a*u^2 + b*u^4; u = 2*(r-d0)',
    parameters: { s: 2, a: 25, b: 10, d0: 1.5 },
  }),
  definePairPotential({
    ...plane,
    name: 'repulsion',
    expression: 'epsilon*(rm/r)^12',
    parameters: { epsilon: 1, rm: 1.1 },
    exclusions: [[0, 1]],
  }),
  defineExternalPotential({
    ...plane,
    name: 'box',
    expression:
      'w*(max(0,-x-h)^2 + max(0,x-h)^2 + step(-y-h)*(-y-h)^2 + select(step(y-h), square(y-h), 0))',
    parameters: { w: 200, h: 3 },
  }),
  definePotential({
    name: 'anchor',
    dim: 76,
    expression: 'k*((x1+x3)^2 + x2^2 + x4^2)',
    parameters: { k: 20 },
  }),
]);

describe('the dimer in its bath, written as formulas', () => {
  it.each([6, 8])('has the energies of the one by hand to 1e-12, in a box of %d', (width) => {
    // In the wider box particles stand on either side of every wall.
    const u = uniform(fold(rootKey(38), `box ${width}`), 50 * 76);
    const x = batch(
      u.map((value) => width * (value - 0.5)),
      76,
    );
    const [a, b] = [byFormulas.energyAndGradient(x), particleDimer().energyAndGradient(x)];
    for (let row = 0; row < x.count; row++) {
      expect(Math.abs(a.energy[row] / b.energy[row] - 1)).toBeLessThan(1e-12);
      const own = b.gradient.subarray(76 * row, 76 * row + 76);
      own.forEach((slope, i) => {
        // Each component is a sum over the neighbours; the largest is the scale of its terms.
        const scale = Math.max(...own.map(Math.abs));
        expect(Math.abs(a.gradient[76 * row + i] - slope)).toBeLessThan(1e-12 * scale);
      });
    }
  });
});
