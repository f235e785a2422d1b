import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fold, rootKey, uniform } from '../../../src/core/rng.ts';
import {
  damageIn,
  differences,
  phaseTitles,
  runProcess,
  writeTinyScenario,
} from '../../cli/killing.ts';
import { temporaryFolders } from '../../io/temporaryFolder.ts';

const KILLS = 200;

describe('a run whose process is killed at random moments', () => {
  const folder = temporaryFolders();

  it(`survives all of ${KILLS} kills, in every phase, to the bytes of one that was left alone`, async () => {
    const path = folder();
    const scenario = join(path, 'tiny.mts');
    writeTinyScenario(scenario, 4);
    const whole = join(path, 'whole');
    expect([0, 1]).toContain((await runProcess(scenario, whole, undefined)).code);
    const delays = uniform(fold(rootKey(7), 'delays'), 4 * KILLS);
    const killed = join(path, 'killed');
    const byPhase = new Map<string, number>();
    let kills = 0;
    let finished = 0;
    for (let trial = 0; kills < KILLS; trial++) {
      // Half of them as it comes, start-up included; the others in each phase in turn.
      const aimed =
        trial % 2 === 1 ? phaseTitles[((trial - 1) / 2) % phaseTitles.length] : undefined;
      const { code, phase, stderr } = await runProcess(scenario, killed, {
        signal: 'SIGKILL',
        phase: aimed,
        delay: delays[trial % delays.length] * (aimed === undefined ? 3000 : 200),
      });
      expect(damageIn(killed)).toEqual([]);
      expect(stderr).not.toContain('damaged');
      if (code === null) {
        kills++;
        const name = phase ?? 'starting';
        byPhase.set(name, (byPhase.get(name) ?? 0) + 1);
        if (kills % 10 === 0) {
          process.stdout.write(
            `${kills} kills, ${finished} finished: ${JSON.stringify([...byPhase])}\n`,
          );
        }
        continue;
      }
      expect([0, 1], stderr).toContain(code);
      expect(differences(whole, killed)).toEqual([]);
      finished++;
      rmSync(killed, { recursive: true });
    }
    for (const title of phaseTitles) expect(byPhase.get(title) ?? 0, title).toBeGreaterThan(0);
    expect(finished).toBeGreaterThan(2);
  }, 7_200_000);
});
