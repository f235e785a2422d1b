import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hostileInputs } from '../../io/hostileInputs.ts';

const RUNS = 100_000;

describe(`${RUNS} inputs from who knows where`, () => {
  // Made as the tests are listed, one test a reader: any of them can be run alone with `-t`.
  const folder = mkdtempSync(join(tmpdir(), 'ergoflow-hostile-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(hostileInputs(folder))(
    'are read as $name or refused by errors of ours, without a hang, a flood of memory or a changed prototype',
    ({ name, check }) => {
      const start = performance.now();
      check(RUNS, 2026);
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      const resident = process.memoryUsage.rss() / 1e6;
      process.stdout.write(`${name}: ${RUNS} inputs in ${seconds} s, ${resident.toFixed(0)} MB\n`);
      expect(resident).toBeLessThan(1500);
      expect('polluted' in {}).toBe(false);
    },
    7_200_000,
  );
});
