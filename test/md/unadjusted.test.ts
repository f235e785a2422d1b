import { describe, expect, it } from 'vitest';
import { fromRows } from '../../src/core/batch.ts';
import { DivergenceError } from '../../src/core/errors.ts';
import { type Kernel, startChains } from '../../src/core/kernel.ts';
import { booked, emptyLedger } from '../../src/core/ledger.ts';
import type { Potential } from '../../src/core/potential.ts';
import { rootKey } from '../../src/core/rng.ts';
import { definePotential } from '../../src/md/definePotential.ts';
import { eulerMaruyama } from '../../src/md/kernels/eulerMaruyama.ts';
import { langevin } from '../../src/md/kernels/langevin.ts';
import { harmonic } from '../../src/md/potentials/harmonic.ts';
import { muellerBrown } from '../../src/md/potentials/muellerBrown.ts';

/** A flat floor that ends at x = 3: beyond it U is `beyond`. */
const edge = (beyond: number): Potential =>
  definePotential({
    name: 'edge',
    dim: 2,
    energy: ([x]) => (x > 3 ? beyond : 0),
    gradient(_, out) {
      out.fill(0);
    },
  });

const kernels: { name: string; make: (potential: Potential) => Kernel }[] = [
  {
    name: 'Euler–Maruyama',
    make: (surface) => eulerMaruyama(surface, { kT: 1, timestep: 0.1, steps: 200 }),
  },
  {
    name: 'BAOAB Langevin',
    make: (surface) => langevin(surface, { kT: 1, timestep: 0.1, friction: 1, steps: 200 }),
  },
];

describe.each(kernels)('$name', ({ make }) => {
  it.each([Number.NaN, Infinity, -Infinity])(
    'ends where U becomes %s, naming chain, step and coordinates',
    (beyond) => {
      const surface = edge(beyond);
      const start = startChains(
        surface,
        fromRows([
          [-1e6, 0],
          [2.9, 7],
          [-1e6, 0],
        ]),
      );
      let caught: unknown;
      try {
        make(surface).step(start, rootKey(1));
      } catch (error) {
        caught = error;
      }
      expect(caught).toBeInstanceOf(DivergenceError);
      if (!(caught instanceof DivergenceError)) return;
      expect(caught).toMatchObject({ potential: 'edge', chain: 1 });
      expect(caught.step).toBeGreaterThan(0);
      expect(caught.coordinates).toHaveLength(2);
      expect(caught.coordinates[0]).toBeGreaterThan(3);
      expect(caught.message).toContain(`gave energy ${beyond}`);
    },
  );

  it('ends where the gradient is not finite although U is, and says which component', () => {
    const torn = definePotential({
      name: 'torn',
      dim: 2,
      energy: () => 1.25,
      gradient([x], out) {
        out[1] = x > 3 ? Number.NaN : 0;
      },
    });
    const start = startChains(torn, fromRows([[2.9, 0]]));
    expect(() => make(torn).step(start, rootKey(1))).toThrow(
      /chain 0 .*gave energy 1.25 and gradient\[1\] NaN/,
    );
  });

  it('does not start from where U is not finite', () => {
    const surface = edge(Infinity);
    const start = startChains(
      surface,
      fromRows([
        [0, 0],
        [4, 0],
      ]),
    );
    expect(() => make(surface).step(start, rootKey(1))).toThrow(/chain 1 diverged at step 0/);
  });

  it('costs one evaluation a step, into the same arrays over and over', () => {
    const ledger = emptyLedger();
    const seen = new Set<unknown>();
    const well = harmonic({ stiffness: [1, 2] });
    const watched: Potential = {
      ...well,
      energyAndGradient(x, out) {
        seen.add(out).add(x);
        return well.energyAndGradient(x, out);
      },
    };
    const kernel = make(booked(watched, ledger, 'seeding'));
    kernel.step(
      startChains(
        well,
        fromRows([
          [-1.7, 0],
          [1.7, 0],
        ]),
      ),
      rootKey(2),
    );
    expect(ledger.seeding).toBe(200 * 2);
    expect(seen.size).toBe(2);
    expect(seen.has(undefined)).toBe(false);
  });

  it('accepts everything, so that it has nothing to report', () => {
    const well = harmonic({ stiffness: [1, 2] });
    const start = startChains(well, fromRows([[1.7, 0]]));
    expect(make(well).step(start, rootKey(2)).info).toEqual({
      attempts: 0,
      accepted: Float64Array.of(0),
      logRatio: Float64Array.of(0),
      refused: { notFinite: 0, notInvertible: 0, outsideDomain: 0 },
    });
  });
});

describe('langevin', () => {
  const surface = muellerBrown();
  const start = startChains(surface, fromRows([[-0.558, 1.4417]]));

  it('without friction conserves the energy that its velocities gave it', () => {
    const step = (steps: number): number => {
      const kernel = langevin(surface, { kT: 1, timestep: 0.005, friction: 0, steps });
      const { energy, velocities } = kernel.step(start, rootKey(4)).state;
      const [vx, vy] = velocities ?? [Number.NaN, Number.NaN];
      return energy[0] + 0.5 * (vx ** 2 + vy ** 2);
    };
    // Velocity Verlet's energy swings by some Δt² U″ kT / 8, here 4·10⁻³.
    expect(Math.abs(step(2000) - step(1))).toBeLessThan(1e-2);
  });

  it('goes on with the velocities it is given, and draws none', () => {
    const kernel = langevin(surface, { kT: 1, timestep: 0.01, friction: 0, steps: 1 });
    const velocities = Float64Array.of(3, -4);
    const { state } = kernel.step({ ...start, velocities }, rootKey(4));
    // x(Δt) = x + v Δt − ½ ∇U Δt², and the start is near a minimum, where ∇U is below 0.2.
    expect(Math.abs(state.positions.data[0] - (-0.558 + 0.03))).toBeLessThan(0.5 * 0.2 * 1e-4);
    expect(Math.abs(state.positions.data[1] - (1.4417 - 0.04))).toBeLessThan(0.5 * 0.2 * 1e-4);
  });

  it('refuses a negative friction, temperature or time step', () => {
    const options = { kT: 1, timestep: 0.01, friction: 1, steps: 1 };
    expect(() => langevin(surface, { ...options, friction: -1 })).toThrow(/"friction" .*got -1/);
    expect(() => langevin(surface, { ...options, kT: -1 })).toThrow(/"kT" .*got -1/);
    expect(() => langevin(surface, { ...options, timestep: -1 })).toThrow(/"timestep" .*got -1/);
    expect(() => eulerMaruyama(surface, { kT: 1, timestep: 1, steps: 0.5 })).toThrow(/"steps"/);
  });
});
