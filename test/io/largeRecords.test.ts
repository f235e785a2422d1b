import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { memoryStore } from '../../src/hybrid/artifacts.ts';
import { float64, int32 } from '../../src/hybrid/dataset.ts';
import type { RunEvent } from '../../src/hybrid/events.ts';
import { coreLabels, stateLabels } from '../../src/hybrid/labels.ts';
import type { RecordReader } from '../../src/hybrid/records.ts';
import { finishedStore } from '../../src/io/finishedStore.ts';
import { readNpz } from '../../src/io/npz.ts';
import { replay } from '../../src/io/replay.ts';
import { startRun } from '../../src/io/session.ts';
import { definePotential } from '../../src/md/definePotential.ts';
import { runScenario } from '../../src/scenario/runScenario.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { toPlan } from '../../src/scenario/toPlan.ts';
import { temporaryFolders } from './temporaryFolder.ts';
import { tinyScenario } from './tinyScenario.ts';

const folder = temporaryFolders();

/** A scenario beside the file that stands for it, in a folder of its own. */
function begun(scenario: Scenario, onEvent: (event: RunEvent) => void) {
  const out = join(folder(), 'run');
  writeFileSync(`${out}.ts`, '// Stands for the code of the scenario.\n');
  const signal = new AbortController().signal;
  const watching = {
    scenario,
    file: `${out}.ts`,
    shipped: false,
    signal,
    onEvent,
    onStart: () => {},
  };
  const overrides = { seed: 4 };
  const run = startRun({
    ...watching,
    overrides,
    out,
    force: false,
    modelFrom: undefined,
    backend: 'cpu',
  });
  return { out, watching, run };
}

const all = (records: RecordReader) => records.rows(0, records.count);

it('a run that keeps its records on the disk leaves those of one that keeps them in memory', async () => {
  const { out, run } = begun(tinyScenario, () => {});
  const { result } = await run;
  const memory = memoryStore();
  const inMemory = await runScenario(tinyScenario, { seed: 4, store: memory });
  expect(result.freeEnergy).toEqual(inMemory.result.freeEnergy);
  expect(result.reweighted).toEqual(inMemory.result.reweighted);

  const finished = finishedStore(out);
  const plan = toPlan(tinyScenario, { seed: 4 });
  for (const [id, array] of [
    ['production', 'chain/positions'],
    ['draws', 'flow/positions'],
  ]) {
    const x = all(memory.records(id, 2));
    expect(x.count).toBeGreaterThan(100);
    expect(all(finished.records(id, 2)).data).toEqual(x.data);
    expect(readNpz(readFileSync(join(out, 'samples.npz')))[array].data).toEqual(x.data);
    // What is kept of a record in memory is that record's.
    const artifact = finished.get(id);
    expect(int32(artifact, 'states')).toEqual(stateLabels(plan.states, x));
    expect(float64(artifact, 'coordinate')).toEqual(plan.coordinate.variable.value(x));
    if (id === 'production') expect(int32(artifact, 'cores')).toEqual(coreLabels(plan.states, x));
  }
  // `samples.npz` is the only copy of the positions that stays.
  expect(readdirSync(join(out, 'checkpoint')).filter((name) => name.endsWith('.f64'))).toEqual([]);
  expect(existsSync(join(out, 'samples.npz'))).toBe(true);
  expect(() => finished.records('production', 3)).toThrow('dimensions 3 and 2');
  expect(() => finished.records('draws', 2).append(all(memory.records('draws', 2)))).toThrow(
    'is complete',
  );
});

it('a failure in the middle of production is seen again from a folder without the rows before it', async () => {
  let isBroken = false;
  const breaking: Scenario = {
    ...tinyScenario,
    potential: definePotential({
      name: 'breaking',
      dim: 2,
      energy([a, b]) {
        if (isBroken) throw new RangeError('no energy today');
        return (a * a - 3) ** 2 + b * b;
      },
    }),
  };
  const { out, watching, run } = begun(breaking, (event) => {
    if (event.type === 'progress' && event.phase === 'producing' && event.done === 17) {
      isBroken = true;
    }
  });
  await expect(run).rejects.toThrow('no energy today');
  // Of the failed run's 17 steps there is nothing but numbers.
  const reproducer = join(out, 'failure');
  expect(readdirSync(join(reproducer, 'checkpoint')).join(' ')).not.toContain('f64');
  const seen = { ...watching, onEvent: () => {}, folder: reproducer, allowInexact: false };
  const again = await replay({ ...seen, keep: undefined });
  expect(again).toMatchObject({ kind: 'failure', found: { message: 'no energy today' } });
  isBroken = false;
  expect(await replay({ ...seen, keep: undefined })).toMatchObject({ found: undefined });
});
