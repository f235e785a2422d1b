import { describe, expect, it } from 'vitest';
import { batch } from '../../../src/core/batch.ts';
import { DivergenceError } from '../../../src/core/errors.ts';
import { startChains } from '../../../src/core/kernel.ts';
import { at, normal, rootKey } from '../../../src/core/rng.ts';
import { threadedLangevin } from '../../../src/io/threads/threadedLangevin.ts';
import { molecularLangevin } from '../../../src/md/molecule/kernels/molecularLangevin.ts';
import { molecularPotential } from '../../../src/md/molecule/molecularPotential.ts';
import { alanineDipeptide } from '../../../src/md/molecule/systems/alanineDipeptide.ts';

const key = rootKey(21);
const { system, positions } = alanineDipeptide({ solvent: 'vacuum' });
const options = { kT: 2.494, timestep: 0.001, friction: 1, steps: 30 };

function chains(count: number) {
  const noise = normal(key, 66 * count);
  return startChains(
    molecularPotential(system),
    batch(
      noise.map((each, i) => positions[i % 66] + 0.002 * each),
      66,
    ),
  );
}

describe('chains over threads', () => {
  it.each(['double', 'single'] as const)(
    'have the bits of one thread, whatever their number, in %s precision',
    async (precision) => {
      for (const threads of [1, 3]) {
        const alone = molecularLangevin(system, { ...options, precision });
        const kernel = threadedLangevin(system, { ...options, precision }, threads);
        // Another number of chains makes the threads anew.
        for (const count of [7, 7, 2]) {
          let state = chains(count);
          for (let burst = 0; burst < 4; burst++) {
            const wanted = alone.step(state, at(key, burst));
            const found = kernel.step(state, at(key, burst));
            expect(found).toEqual(wanted);
            state = found.state;
          }
        }
        await kernel.close();
      }
    },
  );

  it('divide the work: every thread steps blocks', async () => {
    const kernel = threadedLangevin(system, { ...options, steps: 100 }, 2);
    const state = chains(32);
    let bursts = 0;
    // A thread that starts late has missed the first bursts.
    while (bursts < 500 && Math.min(...kernel.blocks(), bursts) === 0) {
      kernel.step(state, at(key, bursts));
      bursts++;
    }
    const blocks = kernel.blocks();
    expect(Math.min(...blocks)).toBeGreaterThan(0);
    expect(blocks[0] + blocks[1]).toBe(16 * bursts);
    await kernel.close();
  });

  it('name the chain that diverged, and can go on after it', async () => {
    const kernel = threadedLangevin(system, options, 2);
    const state = chains(6);
    const velocities = new Float64Array(6 * 66);
    velocities[5 * 66] = 1e200;
    let thrown: unknown;
    try {
      kernel.step({ ...state, velocities }, key);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(DivergenceError);
    expect(thrown).toMatchObject({ chain: 5, step: 1 });
    expect(kernel.step(state, key)).toEqual(molecularLangevin(system, options).step(state, key));
    await kernel.close();
  });

  it('refuse a number of threads that is none', () => {
    for (const threads of [0, 1.5, -1, Number.NaN]) {
      expect(() => threadedLangevin(system, options, threads)).toThrow(/"threads"/);
    }
  });
});
