import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ergoflow check '));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The built command line inside this process, in the test's folder. */
async function here(...args: string[]) {
  const { exit } = await import('../../dist/src/cli/exit.js');
  const { program } = await import('../../dist/src/cli/program.js');
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += String(text);
      return true;
    }),
  );
  const before = process.cwd();
  process.chdir(folder);
  try {
    const status = await exit(() => program().parseAsync(['node', 'ergoflow', ...args]));
    return { status, ...said };
  } finally {
    process.chdir(before);
    for (const spy of spies) spy.mockRestore();
  }
}

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

const turned = `import { definePotential } from 'ergoflow';
export default definePotential({
  name: 'turned', dim: 1,
  energy: ([x]) => x ** 4 - 3 * x * x,
  gradient: ([x], out) => { out[0] = 6 * x - 4 * x ** 3; },
});
`;

describe('ergoflow check', () => {
  it('passes what ships, from the starts of the scenario, and draws it', async () => {
    const { status, stdout, stderr } = await here(
      ...['check', 'double-well', '--points', '8', '--picture', 'u.svg'],
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^double-well\(.*: 2 coordinates, kT 1$/m);
    expect(stdout).toContain('What this means for a run:');
    expect(stdout).toMatch(/^passed: 0 failed, 0 warned, \d+ ok/m);
    expect(`${stdout}${stderr}`).not.toContain('\u001b');
    expect(stdout.split('\n').every((line) => line.length <= 110)).toBe(true);
    const svg = readFileSync(join(folder, 'u.svg'), 'utf8');
    expect(svg).toContain('top of the barrier');
    expect(svg).not.toContain('var(--');
  });

  it('ends with 1 where something failed, and still says everything as JSON', async () => {
    const file = write('turned.ts', turned);
    const { status, stdout } = await here('check', file, '--points', '8', '--json');
    expect(status).toBe(1);
    const record = JSON.parse(stdout);
    expect(record).toMatchObject({
      schema: 'ergoflow.check/1',
      potential: 'turned',
      passed: false,
    });
    expect(record.findings).toContainEqual(
      expect.objectContaining({ name: 'gradient', status: 'failed' }),
    );
  });

  it('is deaf to no option: seed, temperature, claims', async () => {
    const cold = await here(
      'check',
      'double-well',
      '--points',
      '8',
      '--json',
      '--temperature',
      '2',
    );
    const other = await here('check', 'double-well', '--points', '8', '--json', '--seed', '2');
    expect(JSON.parse(cold.stdout).kT).toBe(2);
    expect(JSON.parse(other.stdout).steps).not.toEqual(JSON.parse(cold.stdout).steps);
    const claims = await here('check', 'double-well', '--claim', 'translation');
    expect(claims.status).toBe(2);
    expect(claims.stderr).toContain('are about particles, and 2 coordinates make none');
  });

  it.each([
    [['check', 'missing.ts'], /"missing.ts" does not exist/],
    [['check', 'doubel-well'], /did you mean "double-well"\?/],
    [['check', 'double-well', '--picture', 'u.jpg'], /ends in .svg or .png, got "u.jpg"/],
    [['check', 'double-well', '--claim', 'mirror'], /expected some of translation,rotation/],
    [['check', 'double-well', '--points', '1'], /expected an integer from 2/],
    [['new', 'potential', 'My Potential'], /lower-case-with-dashes.*got "My Potential"/],
  ])('%j is refused with a reason', async (args, reason) => {
    const { status, stderr } = await here(...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(reason);
  });

  it('finds tfjs for a file of tensors in a folder that has no packages', async () => {
    const file = write(
      'tensors.ts',
      `import * as tf from '@tensorflow/tfjs';
import { square } from '@tensorflow/tfjs-core';
import { tensorPotential } from 'ergoflow';
await tf.setBackend('cpu');
export default tensorPotential({ name: 'tensors', dim: 2, energy: (x) => tf.sum(square(x), 1) });
`,
    );
    const { status, stdout, stderr } = await here('check', file, '--points', '2');
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/^ok +gradient/m);
  });

  it('tells a definition from a potential', async () => {
    const file = write('definition.ts', "export default { name: 'd', dim: 1, energy: () => 0 };\n");
    const { status, stderr } = await here('check', file);
    expect(status).toBe(2);
    expect(stderr).toContain('wrap what it has: export default definePotential(');
  });
});

describe('ergoflow new', () => {
  it.each(['potential', 'scenario'])('writes a %s that passes its check', async (kind) => {
    const { status, stdout } = await here('new', kind, `a-${kind}`);
    expect([status, stdout]).toEqual([0, `a-${kind}.ts\n`]);
    const check = await here('check', `a-${kind}.ts`, '--points', '8');
    expect(check.status, check.stdout).toBe(0);
    expect(check.stdout).toMatch(/^ok +gradient/m);
    expect(check.stdout).toMatch(/^ok +minima +2 found/m);
  });

  it('never overwrites', async () => {
    const file = write('kept.ts', 'mine');
    const { status, stderr } = await here('new', 'scenario', 'kept');
    expect(status).toBe(2);
    expect(stderr).toContain('kept.ts exists, and nothing is overwritten');
    expect(readFileSync(join(folder, file), 'utf8')).toBe('mine');
  });
});

describe('docs/checkAPotential.md', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/checkAPotential.md'), 'utf8');
  /** The fenced blocks of one language, in order. */
  const blocks = (language: string): string[] =>
    [...page.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(
      (match) => match[1],
    );

  it('shows commands that do what it says, but for the run, which a slow test makes', async () => {
    write('bent-wells.ts', blocks('ts')[0]);
    const commands = blocks('sh')
      .flatMap((block) => block.trim().split('\n'))
      .map((line) => line.replace('npx ergoflow ', '').split(/\s+/));
    expect(commands.filter(([name]) => name === 'run')).toEqual([['run', 'bent-wells.ts']]);
    for (const command of commands.filter(([name]) => name !== 'run')) {
      const { status, stderr } = await here(...command);
      expect(status, `${command.join(' ')}\n${stderr}`).toBe(0);
    }
    expect(readFileSync(join(folder, 'bent-wells.svg'), 'utf8')).toMatch(/^<svg .*<\/svg>$/s);
    expect(existsSync(join(folder, 'my-potential.ts'))).toBe(true);
  });

  it('shows a check that finds the fault in its potential', async () => {
    const { checkPotential } = await import('../../dist/src/md/check/checkPotential.js');
    const { definePotential } = await import('../../dist/src/md/definePotential.js');
    const lines: string[] = [];
    // The block is plain JavaScript but for its import.
    const body = blocks('ts')[1].replace(/^import .*$/m, '');
    new Function('checkPotential', 'definePotential', 'console', body)(
      checkPotential,
      definePotential,
      { log: (line: unknown) => lines.push(String(line)) },
    );
    expect(lines[0]).toMatch(/^gradient: .*its sign is turned/);
    expect(lines.at(-1)).toBe('false');
  });

  it('names every finding', async () => {
    const { stdout } = await here('check', 'double-well', '--points', '8', '--json');
    const names: string[] = JSON.parse(stdout).findings.map(({ name }: { name: string }) => name);
    expect(names.length).toBeGreaterThan(15);
    for (const name of names) expect(page).toContain(`\`${name}\``);
  });
});
