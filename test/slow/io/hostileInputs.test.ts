import { describe, expect, it } from 'vitest';
import { hostileInputs } from '../../io/hostileInputs.ts';
import { temporaryFolders } from '../../io/temporaryFolder.ts';

const RUNS = 100_000;

describe(`${RUNS} inputs from who knows where`, () => {
  const folder = temporaryFolders();

  it('are read or refused by errors of ours, without a hang, a flood of memory or a changed prototype', () => {
    for (const { name, check } of hostileInputs(folder())) {
      const start = performance.now();
      check(RUNS, 2026);
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      const resident = process.memoryUsage.rss() / 1e6;
      process.stdout.write(`${name}: ${RUNS} inputs in ${seconds} s, ${resident.toFixed(0)} MB\n`);
      expect(resident).toBeLessThan(1500);
    }
    expect('polluted' in {}).toBe(false);
  }, 7_200_000);
});
