import '@tensorflow/tfjs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/hybrid/events.ts';
import { checkpointStore } from '../../src/io/checkpointStore.ts';
import { openEventLog, readEvents } from '../../src/io/eventLog.ts';
import { findProgress } from '../../src/io/progressStore.ts';
import { InterruptedError, runScenario } from '../../src/scenario/runScenario.ts';
import { temporaryFolders } from './temporaryFolder.ts';
import { tinyScenario } from './tinyScenario.ts';

type Stop = (event: RunEvent) => boolean;

/**
 * Runs the tiny scenario in `folder` from its last checkpoint, if there is one, with everything on the
 * disk, until it ends or `stop` says so. @returns whether it ended.
 */
async function run(folder: string, stop: Stop = () => false): Promise<boolean> {
  const store = checkpointStore(join(folder, 'checkpoint'));
  const log = openEventLog(join(folder, 'events.jsonl'));
  const { progress, damaged, next } = findProgress(store);
  expect(damaged).toEqual([]);
  log.rewind(progress?.logLength ?? 0);
  const controller = new AbortController();
  let isKnown = progress !== undefined;
  try {
    await runScenario(tinyScenario, {
      store,
      signal: controller.signal,
      ...(progress === undefined ? {} : { resume: progress.saved }),
      onCheckpoint: (saved) => next.put({ saved, logLength: log.mark() }),
      emit(event) {
        if (isKnown && event.type === 'phase') isKnown = false;
        else if (event.type !== 'progress') log.append(event);
        if (stop(event)) controller.abort();
      },
    });
    return true;
  } catch (error) {
    if (error instanceof InterruptedError) return false;
    throw error;
  } finally {
    log.close();
  }
}

const ids = ['seeds', 'model-0-energy', 'dataset-1', 'model-1-energy', 'chains'];
const results = ['production', 'draws', 'baseline'];

/** All that a run leaves behind, bit for bit; the clock's figures taken out. */
function leftIn(folder: string) {
  const store = checkpointStore(join(folder, 'checkpoint'));
  const clocked = ['wallSeconds', 'essPerSecond', 'essPerSecondTotal'];
  return {
    arrays: [...ids, ...results].flatMap((id) =>
      Object.entries(store.get(id).arrays).map(([name, array]) => [
        `${id}/${name}`,
        Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64'),
      ]),
    ),
    records: ['production', 'draws'].map((id) => {
      const { data } = store.records(id, 2).rows(0, store.get(id).records?.rows ?? 0);
      return [Buffer.from(data.buffer).toString('base64'), store.get(id).records?.sum];
    }),
    metas: results.map((id) => store.get(id).meta),
    result: JSON.stringify(store.get('result').meta, (key, value) =>
      clocked.includes(key) ? undefined : value,
    ),
    events: readEvents(join(folder, 'events.jsonl')),
  };
}

describe('a run that is stopped in the middle of a phase and resumed', () => {
  const folder = temporaryFolders();
  let whole: ReturnType<typeof leftIn>;
  /** The phase of every step of the run. */
  const phases: string[] = [];
  beforeAll(async () => {
    const path = folder();
    const ended = await run(path, (event) => {
      if (event.type === 'progress') phases.push(event.phase);
      return false;
    });
    expect(ended).toBe(true);
    whole = leftIn(path);
  });

  it('thrice in every phase, leaves the same samples, weights, result, ledger and log', async () => {
    expect(new Set(phases)).toEqual(
      new Set([
        'seeding',
        'trainingByExample',
        'trainingByEnergy',
        'assessing',
        'exploring',
        'warmingUp',
        'producing',
        'reweighting',
        'comparing',
      ]),
    );
    const stops: number[] = [];
    for (let first = 0; first < phases.length; ) {
      let last = first;
      while (phases[last + 1] === phases[first]) last++;
      // After its first step, in the middle, and after the last one that anything is heard of.
      stops.push(first, Math.floor((first + last) / 2), last);
      first = last + 1;
    }
    const path = folder();
    let step = 0;
    for (const at of new Set(stops)) {
      // No step is made twice: those of all processes together are counted.
      const ended = await run(path, (event) => event.type === 'progress' && step++ === at);
      expect(ended, `${phases[at]}, step ${at}`).toBe(false);
    }
    expect(await run(path)).toBe(true);
    expect(leftIn(path)).toEqual(whole);
  });

  it('does so however often it is stopped', async () => {
    const path = folder();
    let stops = 0;
    for (let ended = false; !ended; stops++) {
      let seen = 0;
      ended = await run(path, (event) => event.type === 'progress' && ++seen === 11);
    }
    expect(stops).toBeGreaterThan(10);
    expect(leftIn(path)).toEqual(whole);
  });
});
