import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../io/inChild.ts';
import { temporaryFolders } from '../io/temporaryFolder.ts';

describe('count-tests.mjs', () => {
  const folder = temporaryFolders();

  function count(text: string): { line: string; status: number | null } {
    const path = join(folder(), 'report.json');
    writeFileSync(path, text);
    const script = join(root, 'scripts', 'count-tests.mjs');
    const { stdout, status } = spawnSync(process.execPath, [script, path], { encoding: 'utf8' });
    return { line: stdout, status };
  }

  const file = (...statuses: string[]) => ({
    status: statuses.every((status) => status === 'passed') ? 'passed' : 'failed',
    assertionResults: statuses.map((status) => ({ status })),
  });
  const report = (passed: number, failed: number, ...testResults: object[]): string =>
    JSON.stringify({ numPassedTests: passed, numFailedTests: failed, testResults });

  it('prints the line that CI reads, and fails with the tests', () => {
    expect(count(report(2, 0, file('passed', 'passed')))).toEqual({
      line: '2 passed, 0 failed\n',
      status: 0,
    });
    expect(count(report(1, 1, file('passed', 'failed')))).toEqual({
      line: '1 passed, 1 failed\n',
      status: 1,
    });
  });

  it('counts a file that could not be loaded, a run of nothing and a crash as failures', () => {
    const unloadable = { status: 'failed', assertionResults: [] };
    expect(count(report(1, 0, file('passed'), unloadable))).toEqual({
      line: '1 passed, 1 failed\n',
      status: 1,
    });
    expect(count(report(0, 0))).toEqual({ line: '0 passed, 0 failed\n', status: 1 });
    expect(count('')).toEqual({ line: '0 passed, 1 failed\n', status: 1 });
  });
});
