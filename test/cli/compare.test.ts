import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, CommanderError } from '@commander-js/extra-typings';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addCompareCommand } from '../../src/cli/compareOptions.ts';

const cli = join(resolve(import.meta.dirname, '../..'), 'dist/src/cli/main.js');
let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ergoflow compare '));
  file = join(folder, 'wells.ts');
  writeFileSync(
    file,
    `import { defineScenario, doubleWell, linear, stateAlong } from 'ergoflow';
const x = linear('x', [1, 0]);
export default defineScenario({
  name: 'wells',
  about: 'A scenario of a test.',
  potential: doubleWell({ a2: 3 }),
  states: [
    stateAlong(x, 'left', { below: 0 }, { core: { below: -1 }, start: [-1.3, 0] }),
    stateAlong(x, 'right', { from: 0 }, { core: { from: 1 }, start: [1.2, 0] }),
  ],
  coordinate: { variable: x, min: -2.5, max: 2.5 },
  reference: { kind: 'quadrature', box: [[-4, 4], [-10, 10]] },
});
`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function ergoflow(...args: string[]) {
  return spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: 'utf8' });
}

const small = [
  '--methods',
  'tempering,md',
  '--seeds',
  '1',
  '--evaluations',
  '40000',
  '--backend',
  'cpu',
];

describe('ergoflow compare', () => {
  it('writes compare.json, a manifest and a report, and prints one table', () => {
    const { status, stdout, stderr } = ergoflow('compare', file, ...small);
    expect(stderr).toContain('seed 1 parallel tempering');
    expect(status).toBe(0);
    expect(stdout).toContain('40000 evaluations for every method and seed');
    expect(stdout).toMatch(/plain MD\s*│\s*tempering/);
    const run = join(folder, 'runs/wells-compare');
    const comparison: unknown = JSON.parse(readFileSync(join(run, 'compare.json'), 'utf8'));
    expect(comparison).toMatchObject({
      schema: 'ergoflow.compare/1',
      seeds: [1],
      budget: { unit: 'evaluations', amount: 40000 },
      methods: { md: { runs: [{ seed: 1 }] }, tempering: { runs: [{ seed: 1 }] } },
    });
    expect(JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'))).toMatchObject({
      status: 'done',
      options: { compare: true, evaluations: 40000, methods: ['tempering', 'md'], seeds: [1] },
    });
    expect(existsSync(join(run, 'report.html'))).toBe(true);
  });

  it('takes another folder the next time, prints the same numbers as JSON, and is not resumed', () => {
    const first: { methods: { md: { runs: [{ errorVsBudget: number[] }] } } } = JSON.parse(
      readFileSync(join(folder, 'runs/wells-compare/compare.json'), 'utf8'),
    );
    const { status, stdout } = ergoflow('compare', file, ...small, '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      methods: { md: { runs: [{ errorVsBudget: first.methods.md.runs[0].errorVsBudget }] } },
    });
    expect(existsSync(join(folder, 'runs/wells-compare-2/compare.json'))).toBe(true);
    const resumed = ergoflow('resume', 'runs/wells-compare-2');
    expect(resumed.status).toBe(2);
    expect(resumed.stderr).toContain('holds a comparison');
  });

  it.each([
    [['--methods', 'hybird'], 'did you mean "hybrid"?'],
    [['--seconds', '3', '--evaluations', '5'], 'cannot be used with'],
    [['--seconds', '-1'], 'expected a positive number'],
    [['--seeds', '0'], 'expected an integer from 1'],
  ])('is refused as a command with %o, before anything is loaded', (options, message) => {
    let said = '';
    const command = new Command().configureOutput({ writeErr: (text) => (said += text) });
    addCompareCommand(command.exitOverride());
    expect(() => command.parse(['compare', file, ...options], { from: 'user' })).toThrow(
      CommanderError,
    );
    expect(said).toContain(message);
  });

  it('leaves a folder alone that is not empty', () => {
    const { status, stderr } = ergoflow('compare', file, ...small, '--out', 'runs/wells-compare');
    expect(status).toBe(2);
    expect(stderr).toContain('overwrites nothing');
  });
});
