import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { batch } from '../../../../src/core/batch.ts';
import { startChains } from '../../../../src/core/kernel.ts';
import { at, fold, rootKey } from '../../../../src/core/rng.ts';
import { kelvinToKT } from '../../../../src/core/units.ts';
import { threadedLangevin } from '../../../../src/io/threads/threadedLangevin.ts';
import { molecularPotential } from '../../../../src/md/molecule/molecularPotential.ts';
import { alanineDipeptide } from '../../../../src/md/molecule/systems/alanineDipeptide.ts';

/**
 * Steps over all chains. The target of issue 6 is 10⁹, half an hour of two cores:
 * `ERGOFLOW_CHAIN_STEPS=1e9 npm run test:slow -- test/slow/io/threads/manySteps.test.ts`.
 */
const chainSteps = Number(process.env['ERGOFLOW_CHAIN_STEPS'] ?? 2e7);
const chains = 64;
const steps = 1000;
const kT = kelvinToKT(300);
setFlagsFromString('--expose-gc');
/** Garbage of unlike ages would hide what is kept. */
const collect = runInNewContext('gc') as () => void;

it(`${chainSteps.toExponential(0)} steps of alanine dipeptide keep memory flat`, async () => {
  const { system, positions } = alanineDipeptide({ solvent: 'vacuum' });
  const dim = positions.length;
  const rows = new Float64Array(chains * dim);
  for (let b = 0; b < chains; b++) rows.set(positions, b * dim);
  const kernel = threadedLangevin(system, { kT, timestep: 0.001, friction: 1, steps }, 2);
  const key = fold(rootKey(6), 'many');
  let state = startChains(molecularPotential(system), batch(rows, dim));
  const bursts = Math.ceil(chainSteps / chains / steps);
  const look = Math.ceil(bursts / 200);
  const memory: number[] = [];
  let [energy, records] = [0, 0];
  const start = performance.now();
  for (let burst = 0; burst < bursts; burst++) {
    state = kernel.step(state, at(key, burst)).state;
    if (burst < bursts / 10) continue;
    energy += state.energy.reduce((sum, each) => sum + each / chains, 0);
    records++;
    if (burst % look > 0) continue;
    collect();
    memory.push(process.memoryUsage.rss() / 1e6);
  }
  await kernel.close();
  const seconds = (performance.now() - start) / 1000;
  const half = Math.floor(memory.length / 2);
  const mean = (own: readonly number[]): number =>
    own.reduce((sum, each) => sum + each, 0) / own.length;
  const [first, second] = [mean(memory.slice(0, half)), mean(memory.slice(half))];
  process.stdout.write(
    `${(bursts * chains * steps).toExponential(2)} steps in ${seconds.toFixed(0)} s; resident ` +
      `${Math.min(...memory).toFixed(0)} to ${Math.max(...memory).toFixed(0)} MB, mean of the first half ` +
      `${first.toFixed(1)}, of the second ${second.toFixed(1)} MB; mean energy ${(energy / records).toFixed(2)} kJ/mol\n`,
  );
  // A byte for each burst of a chain would be 16 MB in all.
  expect(second - first).toBeLessThan(5);
  expect(Number.isFinite(energy)).toBe(true);
}, 7_200_000);
