import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hostileMolecules } from '../../io/molecule/hostileMolecules.ts';

const RUNS = 100_000;

describe(`${RUNS} files of molecules from who knows where`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'ergoflow-hostile-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(hostileMolecules(folder))(
    'are read as $name, and have an energy, or are refused by an error of ours, without a hang or a flood of memory',
    ({ name, check }) => {
      const start = performance.now();
      check(RUNS, 2026);
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      const resident = process.memoryUsage.rss() / 1e6;
      process.stdout.write(`${name}: ${RUNS} files in ${seconds} s, ${resident.toFixed(0)} MB\n`);
      expect(resident).toBeLessThan(1500);
    },
    7_200_000,
  );
});
