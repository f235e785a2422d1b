import { describe, expect, it } from 'vitest';
import { rows } from '../../src/core/batch.ts';
import { iterate, take } from '../../src/core/iterate.ts';
import { type ChainState, type Kernel, startChains } from '../../src/core/kernel.ts';
import { fold, rootKey } from '../../src/core/rng.ts';
import { definePotential } from '../../src/md/definePotential.ts';
import { bananaTarget, type ExactTarget, quarticTarget } from './exactTarget.ts';
import { fluxBalance } from './flux.ts';
import { stationarityScores, worst } from './stationarity.ts';

export interface KernelClaims {
  /** Leaves exp(−U/kT) invariant: checked on targets that are known exactly. */
  readonly exact: boolean;
  /**
   * amu, one for each of two coordinates, where the kernel moves velocities; `make` uses the first D of
   * them. Their moments are checked where `exact`.
   */
  readonly masses?: readonly number[];
}

/** Standard errors; of the few hundred scores of all kernels one exceeds it in some 500 seeds. */
const bound = 4.5;
const bothTargets = [quarticTarget(), bananaTarget()];

/**
 * What every `Kernel` must satisfy; each new one joins the table in `test/md/kernels.test.ts`.
 *
 * `make` binds a kernel to a target of one or two dimensions: its potential and its kT. Steps large
 * enough that a fair share of moves is rejected test more than small ones.
 */
export function describeKernel(
  name: string,
  make: (target: Pick<ExactTarget, 'potential' | 'kT'>) => Kernel,
  claims: KernelClaims,
): void {
  const { exact, masses } = claims;

  describe(`${name} on any target`, () => {
    const target = bananaTarget();
    const start = startChains(target.potential, target.sample(12, rootKey(1)));
    const key = fold(rootKey(2), name);
    const kernel = make(target);

    it('says whether it is exact', () => {
      expect(kernel.exact).toBe(exact);
    });

    it('gives the same bytes for the same key, and others for another', () => {
      expect(kernel.step(start, key)).toEqual(kernel.step(start, key));
      expect(make(target).step(start, key)).toEqual(kernel.step(start, key));
      expect(kernel.step(start, fold(key, 'other')).state.positions).not.toEqual(
        kernel.step(start, key).state.positions,
      );
    });

    it('leaves the state it is given untouched, whatever it is made of', () => {
      const { state } = kernel.step(start, key);
      const before = structuredClone(state);
      kernel.step(state, fold(key, 'next'));
      expect(state).toEqual(before);
    });

    it('leaves the results of earlier bursts untouched', () => {
      const first = kernel.step(start, key);
      const before = structuredClone(first);
      kernel.step(start, fold(key, 'next'));
      kernel.step(first.state, fold(key, 'last'));
      expect(first).toEqual(before);
    });

    it('continues the same trajectory when resumed in the middle', () => {
      const whole = [...take(6, iterate(kernel, start, key))].map(({ state }) => state);
      const saved = structuredClone(whole[2]);
      const resumed = [...take(3, iterate(make(target), saved, key, 3))].map(({ state }) => state);
      expect(resumed).toEqual(whole.slice(3));
    });

    it('moves the first chains alike, however many others follow', () => {
      const few: ChainState = {
        ...start,
        positions: rows(start.positions, 0, 5),
        energy: start.energy.slice(0, 5),
        gradient: start.gradient.slice(0, 5 * 2),
      };
      const together = kernel.step(start, key).state.positions.data.slice(0, 5 * 2);
      expect(kernel.step(few, key).state.positions.data).toEqual(together);
      expect(kernel.step(start, key).state.positions.data.slice(0, 5 * 2)).toEqual(together);
    });

    it('carries the energy and gradient of its positions after any burst', () => {
      for (const { state } of take(10, iterate(kernel, start, key))) {
        const { energy, gradient } = target.potential.energyAndGradient(state.positions);
        expect(state.energy).toEqual(energy);
        expect(state.gradient).toEqual(gradient);
      }
    });

    it('drops a cached proposal density once a chain has moved', () => {
      const density = {
        owner: {},
        logProb: new Float64Array(12),
        invertible: new Uint8Array(12).fill(1),
      };
      const { state } = kernel.step({ ...start, density }, key);
      expect(state.positions).not.toEqual(start.positions);
      expect(state.density?.owner).not.toBe(density.owner);
    });

    it('reports each chain, and no more acceptances than attempts', () => {
      const { info } = kernel.step(start, key);
      expect(info.accepted).toHaveLength(12);
      expect(info.logRatio).toHaveLength(12);
      expect(info.accepted.every((n) => n >= 0 && n <= info.attempts)).toBe(true);
      expect(info.attempts > 0).toBe(exact);
    });
  });

  if (!exact) return;

  describe.each(bothTargets)(`${name} on the $name`, (target) => {
    const { potential, kT } = target;
    const key = fold(rootKey(3), name);

    it('rejects a fair share of moves, so that the Metropolis rule is put to work', () => {
      const start = startChains(potential, target.sample(500, key));
      const { attempts, accepted } = make(target).step(start, key).info;
      const acceptance = accepted.reduce((sum, n) => sum + n, 0) / (500 * attempts);
      expect(acceptance).toBeGreaterThan(0.1);
      expect(acceptance).toBeLessThan(0.9);
    });

    it('keeps exact samples exact: moments and histogram, and those of the velocities', () => {
      const scores = stationarityScores(make(target), target, {
        chains: 6000,
        bursts: 25,
        key,
        ...(masses && { masses: masses.slice(0, potential.dim) }),
      });
      const { name: observable, z } = worst(scores);
      expect(Math.abs(z), observable).toBeLessThan(bound);
    });

    it('moves as much from a to b as from b to a', () => {
      const { pairs, z } = fluxBalance(make(target), target, 60_000, key);
      expect(pairs).toBeGreaterThan(10);
      expect(Math.abs(z)).toBeLessThan(bound);
    });

    it('never enters a forbidden region, nor counts it as a failure', () => {
      const walled = definePotential({
        name: 'walled',
        dim: potential.dim,
        energy: (x) => (x[0] > 0.5 ? Infinity : potential.energy(single(x))[0]),
        gradient(x, out) {
          if (x[0] > 0.5) out.fill(Number.NaN);
          else
            potential.energyAndGradient(single(x), { energy: new Float64Array(1), gradient: out });
        },
      });
      const { outside, notFinite } = insideOf(walled);
      expect({ outside, notFinite }).toEqual({ outside: 0, notFinite: 0 });
    });

    it('rejects and counts moves to where the potential is not a number', () => {
      const broken = definePotential({
        name: 'broken',
        dim: potential.dim,
        energy: (x) => (x[0] > 0.5 ? Number.NaN : potential.energy(single(x))[0]),
        gradient(x, out) {
          if (x[0] > 0.5) out.fill(Number.NaN);
          else
            potential.energyAndGradient(single(x), { energy: new Float64Array(1), gradient: out });
        },
      });
      const { outside, notFinite } = insideOf(broken);
      expect(outside).toBe(0);
      expect(notFinite).toBeGreaterThan(20);
    });

    function single(x: Float64Array): { data: Float64Array; count: number; dim: number } {
      return { data: x, count: 1, dim: potential.dim };
    }

    /** Chains that start at x₀ ≤ ½: how many get beyond it, and how many moves were refused there. */
    function insideOf(restricted: typeof potential): { outside: number; notFinite: number } {
      const inside = target.sample(600, key);
      inside.data.forEach((x, i) => {
        if (i % potential.dim === 0) inside.data[i] = Math.min(x, 0.5);
      });
      let notFinite = 0;
      let outside = 0;
      const kernel = make({ potential: restricted, kT });
      for (const { state, info } of take(
        10,
        iterate(kernel, startChains(restricted, inside), key),
      )) {
        notFinite += info.refused.notFinite;
        state.positions.data.forEach((x, i) => {
          if (i % potential.dim === 0 && !(x <= 0.5)) outside++;
        });
      }
      return { outside, notFinite };
    }
  });
}
