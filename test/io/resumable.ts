import { join } from 'node:path';
import { expect } from 'vitest';
import type { RunEvent } from '../../src/hybrid/events.ts';
import { checkpointStore } from '../../src/io/checkpointStore.ts';
import { openEventLog, readEvents } from '../../src/io/eventLog.ts';
import { findProgress } from '../../src/io/progressStore.ts';
import { InterruptedError, runScenario } from '../../src/scenario/runScenario.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';

type Stop = (event: RunEvent) => boolean;

/**
 * Runs a scenario in `folder` from its last checkpoint, if there is one, with everything on the
 * disk, until it ends or `stop` says so. @returns whether it ended.
 */
export async function runIn(
  folder: string,
  scenario: Scenario,
  stop: Stop = () => false,
): Promise<boolean> {
  const store = checkpointStore(join(folder, 'checkpoint'));
  const log = openEventLog(join(folder, 'events.jsonl'));
  const { progress, damaged, next } = findProgress(store);
  expect(damaged).toEqual([]);
  log.rewind(progress?.logLength ?? 0);
  const controller = new AbortController();
  let isKnown = progress !== undefined;
  try {
    await runScenario(scenario, {
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

const results = ['production', 'draws', 'baseline'];

/**
 * All that a run leaves behind, bit for bit; the clock's figures taken out.
 * @param ids of the artifacts before production. @param dim D.
 */
export function leftIn(folder: string, ids: readonly string[], dim: number) {
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
      const { data } = store.records(id, dim).rows(0, store.get(id).records?.rows ?? 0);
      return [Buffer.from(data.buffer).toString('base64'), store.get(id).records?.sum];
    }),
    metas: results.map((id) => store.get(id).meta),
    result: JSON.stringify(store.get('result').meta, (key, value) =>
      clocked.includes(key) ? undefined : value,
    ),
    events: readEvents(join(folder, 'events.jsonl')),
  };
}

/** Steps to stop at: the first, the middle and the last of every phase. @param phases of every step. */
export function stopsOf(phases: readonly string[]): Set<number> {
  const stops: number[] = [];
  for (let first = 0; first < phases.length; ) {
    let last = first;
    while (phases[last + 1] === phases[first]) last++;
    // The last one is that after which nothing more of the phase is heard of.
    stops.push(first, Math.floor((first + last) / 2), last);
    first = last + 1;
  }
  return new Set(stops);
}
