import { describe, expect, it } from 'vitest';
import { batch } from '../../src/core/batch.ts';
import { fold, normal, rootKey } from '../../src/core/rng.ts';
import { torsion, torsionAngle } from '../../src/core/torsion.ts';

/** Four atoms: 0 is above 1, and 3 is at `degrees` from it about the bond 1–2, seen along the bond. */
function chain(degrees: number): Float64Array {
  const angle = (degrees * Math.PI) / 180;
  // Along x, with y up, z is to the right: clockwise is from y to z.
  return Float64Array.of(0.2, 1, 0, 0, 0, 0, 1.5, 0, 0, 1.9, Math.cos(angle), Math.sin(angle));
}

describe('torsionAngle', () => {
  it('is 0 at cis, π at trans, and positive clockwise', () => {
    expect(torsionAngle(chain(0), [0, 1, 2, 3])).toBeCloseTo(0, 14);
    expect(torsionAngle(chain(180), [0, 1, 2, 3])).toBeCloseTo(Math.PI, 14);
    for (const degrees of [-179, -120, -60, 1, 60, 90, 179]) {
      expect(torsionAngle(chain(degrees), [0, 1, 2, 3])).toBeCloseTo((degrees * Math.PI) / 180, 14);
    }
  });

  it('is the same read from the other end, and of the other sign in the mirror', () => {
    const x = chain(50);
    expect(torsionAngle(x, [3, 2, 1, 0])).toBeCloseTo(torsionAngle(x, [0, 1, 2, 3]), 14);
    const mirrored = x.map((value, i) => (i % 3 === 2 ? -value : value));
    expect(torsionAngle(mirrored, [0, 1, 2, 3])).toBeCloseTo(-torsionAngle(x, [0, 1, 2, 3]), 14);
  });
});

describe('torsion', () => {
  const variable = torsion('phi', [4, 0, 2, 1]);

  it('has the gradient of its value (central differences), at cis and trans too', () => {
    const random = normal(fold(rootKey(0), 'torsion'), 6 * 15);
    const x = batch(Float64Array.of(...random, ...flat(1e-9), ...flat(180), ...flat(90)), 15);
    const gradient = variable.gradient(x);
    const h = 1e-6;
    for (let i = 0; i < x.data.length; i++) {
      const at = (shift: number): number => {
        const data = x.data.slice();
        data[i] += shift;
        return variable.value(batch(data, 15))[Math.floor(i / 15)];
      };
      // The difference of two angles is the one that is nearest to zero.
      const difference = at(h) - at(-h);
      const nearest = difference - 2 * Math.PI * Math.round(difference / (2 * Math.PI));
      expect(Math.abs(gradient[i] - nearest / (2 * h))).toBeLessThan(1e-6 * (1 + gradient[i] ** 2));
    }
  });

  it('has a slope with neither force nor torque in it', () => {
    const x = normal(fold(rootKey(1), 'torsion'), 15);
    const g = variable.gradient(batch(x, 15));
    for (let axis = 0; axis < 3; axis++) {
      const [a, b] = [(axis + 1) % 3, (axis + 2) % 3];
      let force = 0;
      let torque = 0;
      for (let i = 0; i < 15; i += 3) {
        force += g[i + axis];
        torque += x[i + a] * g[i + b] - x[i + b] * g[i + a];
      }
      expect(Math.abs(force)).toBeLessThan(1e-12);
      expect(Math.abs(torque)).toBeLessThan(1e-12);
    }
  });

  it('says that it is periodic, by 2π', () => {
    expect(variable.period).toBe(2 * Math.PI);
  });

  it('wants four different atoms', () => {
    expect(() => torsion('phi', [0, 1, 2, 0])).toThrow(
      'torsion "phi": expected four different atoms',
    );
    expect(() => torsion('phi', [0, 1, 2, -1])).toThrow('got 0, 1, 2, -1');
    expect(() => torsion('phi', [0, 1, 2, 3.5])).toThrow(RangeError);
  });

  /** `chain` as the atoms 4, 0, 2 and 1 of five. */
  function flat(degrees: number): Float64Array {
    const four = chain(degrees);
    const five = new Float64Array(15);
    [4, 0, 2, 1].forEach((atom, place) => {
      five.set(four.subarray(3 * place, 3 * place + 3), 3 * atom);
    });
    return five;
  }
});
