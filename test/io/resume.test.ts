import '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { leftIn, runIn, stopsOf } from './resumable.ts';
import { temporaryFolders } from './temporaryFolder.ts';
import { tinyScenario } from './tinyScenario.ts';

const ids = ['seeds', 'model-0-energy', 'dataset-1', 'model-1-energy', 'chains'];
const left = (path: string) => leftIn(path, ids, 2);

describe('a run that is stopped in the middle of a phase and resumed', () => {
  const folder = temporaryFolders();
  let whole: ReturnType<typeof left>;
  /** The phase of every step of the run. */
  const phases: string[] = [];
  beforeAll(async () => {
    const path = folder();
    const ended = await runIn(path, tinyScenario, (event) => {
      if (event.type === 'progress') phases.push(event.phase);
      return false;
    });
    expect(ended).toBe(true);
    whole = left(path);
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
    const path = folder();
    let step = 0;
    for (const at of stopsOf(phases)) {
      // No step is made twice: those of all processes together are counted.
      const ended = await runIn(
        path,
        tinyScenario,
        (event) => event.type === 'progress' && step++ === at,
      );
      expect(ended, `${phases[at]}, step ${at}`).toBe(false);
    }
    expect(await runIn(path, tinyScenario)).toBe(true);
    expect(left(path)).toEqual(whole);
  });

  it('does so however often it is stopped', async () => {
    const path = folder();
    let stops = 0;
    for (let ended = false; !ended; stops++) {
      let seen = 0;
      ended = await runIn(
        path,
        tinyScenario,
        (event) => event.type === 'progress' && ++seen === 11,
      );
    }
    expect(stops).toBeGreaterThan(10);
    expect(left(path)).toEqual(whole);
  });
});
