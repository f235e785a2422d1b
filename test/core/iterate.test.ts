import { describe, expect, it } from 'vitest';
import { fromRows } from '../../src/core/batch.ts';
import { iterate, take } from '../../src/core/iterate.ts';
import { type Kernel, startChains } from '../../src/core/kernel.ts';
import { keyName, rootKey } from '../../src/core/rng.ts';
import { randomWalk } from '../../src/md/kernels/randomWalk.ts';
import { doubleWell } from '../../src/md/potentials/doubleWell.ts';

const potential = doubleWell();
const start = startChains(
  potential,
  fromRows([
    [-1.7, 0],
    [1.7, 0.3],
  ]),
);
const small = randomWalk(potential, { kT: 1, stepSize: 0.1, attempts: 2 });
const large = randomWalk(potential, { kT: 1, stepSize: 1, attempts: 1 });
const key = rootKey(1);

describe('iterate', () => {
  it('continues the same trajectory when resumed, also within a cycle of kernels', () => {
    const cycle = [small, large, small] as const;
    const whole = [...take(10, iterate(cycle, start, key))].map(({ state }) => state);
    for (const from of [3, 4, 5, 6]) {
      const [resumed] = take(1, iterate(cycle, whole[from - 1], key, from));
      expect(resumed.state).toEqual(whole[from]);
    }
  });

  it('chooses the kernel by the number of the step alone', () => {
    const turns: string[] = [];
    const listening = (kernel: Kernel, name: string): Kernel => ({
      ...kernel,
      step(state, stepKey) {
        turns.push(name);
        return kernel.step(state, stepKey);
      },
    });
    const cycle = [listening(small, 'a'), listening(large, 'b'), listening(small, 'c')] as const;
    for (const _ of take(4, iterate(cycle, start, key)));
    for (const _ of take(4, iterate(cycle, start, key, 8)));
    expect(turns.join('')).toBe('abcacabc');
  });

  it('gives every step a key of its own', () => {
    const keys: string[] = [];
    const listening: Kernel = {
      ...small,
      step(state, stepKey) {
        keys.push(keyName(stepKey));
        return small.step(state, stepKey);
      },
    };
    for (const _ of take(50, iterate(listening, start, key)));
    expect(new Set(keys).size).toBe(50);
  });
});

describe('take', () => {
  it('asks for no more items than it gives', () => {
    let made = 0;
    function* counting(): Generator<number> {
      for (;;) yield made++;
    }
    expect([...take(3, counting())]).toEqual([0, 1, 2]);
    expect(made).toBe(3);
    expect([...take(0, counting())]).toEqual([]);
    expect(made).toBe(3);
  });
});
