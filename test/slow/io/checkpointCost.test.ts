import { expect, it } from 'vitest';
import doubleWell from '../../../scenarios/doubleWell.ts';
import { chooseBackend } from '../../../src/io/backend.ts';
import { checkpointStore } from '../../../src/io/checkpointStore.ts';
import { newProgress } from '../../../src/io/progressStore.ts';
import { tiersOf } from '../../../src/io/tiers.ts';
import { runScenario } from '../../../src/scenario/runScenario.ts';
import { temporaryFolders } from '../../io/temporaryFolder.ts';

const folder = temporaryFolders();

it('writing all that a later process needs takes at most 2 % of the processor time of a double well', async () => {
  const backend = await chooseBackend();
  const tiers = tiersOf(backend, () => {});
  const stored = checkpointStore(folder());
  const spent = { processor: 0, clock: 0, writes: 0 };
  const store = {
    ...stored,
    put(...what: Parameters<typeof stored.put>): void {
      const [processor, clock] = [process.cpuUsage(), performance.now()];
      stored.put(...what);
      const { user, system } = process.cpuUsage(processor);
      spent.processor += (user + system) / 1e6;
      spent.clock += (performance.now() - clock) / 1e3;
      spent.writes++;
    },
  };
  const progress = newProgress(store);
  const [processor, clock] = [process.cpuUsage(), performance.now()];
  await runScenario(doubleWell, {
    seed: 5,
    store,
    onCheckpoint: (saved) => progress.put({ saved, logLength: 0 }),
    createStepper: tiers.createStepper,
    createDensity: tiers.createDensity,
    backend: { name: backend.name, library: backend.library },
  });
  const { user, system } = process.cpuUsage(processor);
  const whole = { processor: (user + system) / 1e6, clock: (performance.now() - clock) / 1e3 };
  const percent = (part: number, all: number): string => `${((100 * part) / all).toFixed(2)} %`;
  process.stdout.write(
    `${spent.writes} writes: ${spent.processor.toFixed(2)} of ${whole.processor.toFixed(0)} s of ` +
      `processor (${percent(spent.processor, whole.processor)}), ` +
      `${percent(spent.clock, whole.clock)} of the clock, on ${backend.name}\n`,
  );
  expect(spent.processor / whole.processor).toBeLessThan(0.02);
}, 3_600_000);
