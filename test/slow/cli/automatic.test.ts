import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const cli = join(root, 'dist/src/cli/main.js');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ergoflow automatic '));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function ergoflow(...args: string[]) {
  return spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: 'utf8' });
}

/** The figures of a run, without what the clock says and how the run was named. */
function numbers(run: string): unknown {
  const result: Record<string, unknown> = JSON.parse(
    readFileSync(join(folder, run, 'result.json'), 'utf8'),
  );
  const { states, freeEnergy, reweighted, combined, ledger } = result;
  return { states, freeEnergy, reweighted, combined, ledger };
}

describe('a potential alone, from the documentation', () => {
  const page = readFileSync(join(root, 'docs/checkAPotential.md'), 'utf8');
  const [, block] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];

  it('is run to a free energy that agrees with the integral', () => {
    expect(block.trim().split('\n').length).toBeLessThanOrEqual(15);
    writeFileSync(join(folder, 'bent-wells.ts'), block);
    const { status, stderr } = ergoflow('run', 'bent-wells.ts', '--out', 'first');
    expect(status, stderr).toBe(0);
    expect(stderr).toContain("import potential from './bent-wells.ts';");
    expect(stderr).not.toContain('\u001b');
    const result = JSON.parse(readFileSync(join(folder, 'first', 'result.json'), 'utf8'));
    expect(result.verdict).toBe('converged');
    expect(result.checks.map((check: { passed: boolean }) => check.passed)).toEqual([
      true,
      true,
      true,
    ]);
    const { value, standardError } = result.combined.difference;
    expect(Math.abs(value - result.freeEnergy.reference.value)).toBeLessThan(3.5 * standardError);
    expect(standardError).toBeLessThan(0.03);
    expect(existsSync(join(folder, 'first', 'report.html'))).toBe(true);
  });

  it('is repeated by the file that it saved, and by replay', () => {
    expect(readFileSync(join(folder, 'first', 'scenario.ts'), 'utf8')).toContain(
      "'../bent-wells.ts'",
    );
    const again = ergoflow('run', 'first/scenario.ts', '--out', 'second', '--no-report');
    expect(again.status, again.stderr).toBe(0);
    expect(numbers('second')).toEqual(numbers('first'));
    const { status, stdout } = ergoflow('replay', 'first');
    expect(status, stdout).toBe(0);
  });

  it('is reported again from its run directory', () => {
    const { status, stdout } = ergoflow('report', 'first');
    expect([status, stdout]).toEqual([0, 'first/report.html\n']);
  });
});

describe('what `ergoflow new` writes', () => {
  it.each(['potential', 'scenario'])('is a %s that runs at once', (kind) => {
    expect(ergoflow('new', kind, `new-${kind}`).status).toBe(0);
    const { status, stderr } = ergoflow(
      ...['run', `new-${kind}.ts`, '--smoke', '--no-report', '--out', `${kind} run`],
    );
    expect([0, 1], stderr).toContain(status);
    expect(numbers(`${kind} run`)).toMatchObject({ states: [{}, {}] });
  });
});

describe('a potential that no scenario can be made of', () => {
  it('is refused with the reason, and by commands that want a scenario', () => {
    writeFileSync(
      join(folder, 'one.ts'),
      "import { harmonic } from 'ergoflow';\nexport default harmonic({ stiffness: [1, 2] });\n",
    );
    const run = ergoflow('run', 'one.ts');
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(
      /no scenario can be made of harmonic.*:\n {2}only one minimum was found/,
    );
    const compare = ergoflow('compare', 'one.ts');
    expect(compare.status).toBe(2);
    expect(compare.stderr).toContain('exports a potential, and this wants a scenario');
  });
});
