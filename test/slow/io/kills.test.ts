import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fold, rootKey, uniform } from '../../../src/core/rng.ts';
import { readManifest } from '../../../src/io/manifest.ts';
import {
  damageIn,
  differences,
  phaseTitles,
  runProcess,
  writeTinyScenario,
} from '../../cli/killing.ts';
import { temporaryFolders } from '../../io/temporaryFolder.ts';

const KILLS = 200;

function isDone(folder: string): boolean {
  return existsSync(join(folder, 'run.json')) && readManifest(folder).status === 'done';
}

describe('a run whose process is killed at random moments', () => {
  const folder = temporaryFolders();

  it(`survives all of ${KILLS} kills, in every phase, to the bytes of one that was left alone`, async () => {
    const path = folder();
    const scenario = join(path, 'tiny.mts');
    writeTinyScenario(scenario, 4);
    const whole = join(path, 'whole');
    const first = await runProcess(scenario, whole, undefined);
    expect([0, 1]).toContain(first.code);
    process.stdout.write(`${JSON.stringify([...first.durations])} ms\n`);
    const delays = uniform(fold(rootKey(7), 'delays'), 4 * KILLS);
    const killed = join(path, 'killed');
    const byPhase = new Map<string, number>();
    const killsIn = (title: string): number => byPhase.get(title) ?? 0;
    let kills = 0;
    let finished = 0;
    for (let trial = 0; kills < KILLS; trial++) {
      // Every fourth as it comes, start-up included; the others in the phase that had fewest, at any
      // moment of it. Where the run is past it already, it ends, and the next begins with it ahead.
      const aimed =
        trial % 4 === 3
          ? undefined
          : phaseTitles.toSorted((one, other) => killsIn(one) - killsIn(other))[0];
      const { code, phase, stderr } = await runProcess(scenario, killed, {
        signal: 'SIGKILL',
        phase: aimed,
        delay:
          delays[trial % delays.length] *
          (aimed === undefined ? 3000 : (first.durations.get(aimed) ?? 200)),
      });
      expect(damageIn(killed)).toEqual([]);
      expect(stderr).not.toContain('damaged');
      if (code === null) {
        kills++;
        byPhase.set(phase ?? 'starting', killsIn(phase ?? 'starting') + 1);
        if (kills % 10 === 0) {
          process.stdout.write(
            `${kills} kills, ${finished} finished: ${JSON.stringify([...byPhase])}\n`,
          );
        }
        // Killed between its last file and its own end, a run is complete, and `resume` says so.
        if (!isDone(killed)) continue;
      } else expect([0, 1], stderr).toContain(code);
      expect(differences(whole, killed)).toEqual([]);
      finished++;
      rmSync(killed, { recursive: true });
    }
    // A fair share is a ninth of three quarters.
    for (const title of phaseTitles) expect(killsIn(title), title).toBeGreaterThan(KILLS / 24);
    expect(finished).toBeGreaterThan(2);
  }, 7_200_000);
});
