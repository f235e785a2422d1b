import { describe, expect, it } from 'vitest';
import { batch } from '../../src/core/batch.ts';
import { DivergenceError } from '../../src/core/errors.ts';
import { iterate, take } from '../../src/core/iterate.ts';
import { startChains } from '../../src/core/kernel.ts';
import { rootKey } from '../../src/core/rng.ts';
import {
  keptRows,
  type LeftOut,
  leftOutReport,
  steadyBursts,
} from '../../src/hybrid/steadyBursts.ts';
import { definePotential } from '../../src/md/definePotential.ts';
import { langevin } from '../../src/md/kernels/langevin.ts';

/** A spring that is broken beyond `limit`. */
function spring(limit: number) {
  return definePotential({
    name: 'spring',
    dim: 1,
    energy: ([x]) => (x > limit ? Number.NaN : x * x),
    gradient: ([x], out) => {
      out[0] = x > limit ? Number.NaN : 2 * x;
    },
  });
}

const chains = 64;
const key = rootKey(3);
const options = { kT: 1, timestep: 0.1, friction: 1, steps: 5 };
const starts = batch(new Float64Array(chains), 1);
const whole = [
  ...take(20, iterate(langevin(spring(99), options), startChains(spring(99), starts), key)),
];
/** Between the farthest that any chain goes and the second: at least one chain goes beyond. */
const farthest = Array.from({ length: chains }, (_, c) =>
  Math.max(...whole.map(({ state }) => state.positions.data[c])),
).sort((a, b) => b - a);
const broken = spring((farthest[0] + farthest[1]) / 2);

describe('steadyBursts', () => {
  it('goes on without the chain that diverged, and every other walks as if nothing had happened', () => {
    const leftOut: LeftOut[] = [];
    const bursts = steadyBursts(
      langevin(broken, options),
      startChains(broken, starts),
      key,
      0,
      options.steps,
      leftOut,
    );
    const seen = [...take(20, bursts)];
    const gone = new Set(leftOut.map(({ chain }) => chain));
    expect(gone.size).toBeGreaterThan(0);
    expect(gone.size).toBeLessThan(7);
    for (const { burst, reason } of leftOut) {
      const [, step] =
        /^chain \d+ diverged at step (\d+): spring gave energy NaN/.exec(reason) ?? [];
      // The first of its burst's five steps is the one after those of the bursts before.
      expect(Math.ceil(Number(step) / options.steps)).toBe(burst + 1);
    }
    expect(leftOut.some(({ burst }) => burst > 0)).toBe(true);
    seen.forEach(({ state }, burst) => {
      for (let c = 0; c < chains; c++) {
        if (gone.has(c)) continue;
        expect(state.positions.data[c]).toBe(whole[burst].state.positions.data[c]);
      }
    });
  });

  it('ends with the error itself when more than a tenth has diverged', () => {
    const weak = spring(1);
    const leftOut: LeftOut[] = [];
    const bursts = steadyBursts(
      langevin(weak, options),
      startChains(weak, starts),
      key,
      0,
      options.steps,
      leftOut,
    );
    expect(() => [...take(20, bursts)]).toThrow(DivergenceError);
    expect(leftOut).toHaveLength(6);
  });

  it('tolerates no divergence in fewer than ten chains', () => {
    const few = batch(new Float64Array(9), 1);
    const weak = spring(1);
    const bursts = steadyBursts(langevin(weak, options), startChains(weak, few), key, 0, 5, []);
    expect(() => [...take(20, bursts)]).toThrow(DivergenceError);
  });

  it('does not swallow what is no divergence', () => {
    const bug = definePotential({
      name: 'bug',
      dim: 1,
      energy: () => {
        throw new TypeError('of the user');
      },
      gradient: () => {},
    });
    const state = startChains(spring(99), starts);
    expect(() => [...take(2, steadyBursts(langevin(bug, options), state, key, 0, 5, []))]).toThrow(
      'of the user',
    );
  });
});

describe('chains that are left out', () => {
  const leftOut: LeftOut[] = [{ chain: 1, burst: 2, reason: 'chain 1 diverged' }];

  it('lose all their rows', () => {
    expect(keptRows(6, 3, leftOut)).toEqual([0, 2, 3, 5]);
  });

  it('are reported with and without their records before they diverged', () => {
    // Three records of three chains; chain 1 is right twice before its end.
    const labels = Int32Array.of(0, 1, 0, 0, 1, 1, -1, 1, 0);
    const report = leftOutReport(
      'seeding',
      leftOut,
      labels,
      3,
      ['left', 'right'],
      (burst) => burst,
    );
    expect(report).toContain('leaves out 1 of 3 chains');
    expect(report).toContain('burst 2: chain 1 diverged');
    expect(report).toContain('without them: 4 in left, 1 in right');
    expect(report).toContain('up to where they diverged: 4 in left, 3 in right');
  });
});
