import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { memoryStore } from '../../src/hybrid/artifacts.ts';
import { float64, int32 } from '../../src/hybrid/dataset.ts';
import { coreLabels, stateLabels } from '../../src/hybrid/labels.ts';
import type { RecordReader } from '../../src/hybrid/records.ts';
import { finishedStore } from '../../src/io/finishedStore.ts';
import { readNpz } from '../../src/io/npz.ts';
import { startRun } from '../../src/io/session.ts';
import { runScenario } from '../../src/scenario/runScenario.ts';
import { toPlan } from '../../src/scenario/toPlan.ts';
import { temporaryFolders } from './temporaryFolder.ts';
import { tinyScenario } from './tinyScenario.ts';

const folder = temporaryFolders();
const all = (records: RecordReader) => records.rows(0, records.count);

it('a run that keeps its records on the disk leaves those of one that keeps them in memory', async () => {
  const out = join(folder(), 'run');
  writeFileSync(`${out}.ts`, '// Stands for the code of the scenario.\n');
  const { result } = await startRun({
    scenario: tinyScenario,
    file: `${out}.ts`,
    shipped: false,
    signal: new AbortController().signal,
    onEvent: () => {},
    onStart: () => {},
    overrides: { seed: 4 },
    out,
    force: false,
    modelFrom: undefined,
    backend: 'cpu',
  });
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
