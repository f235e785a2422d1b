import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const cli = join(root, 'dist/src/cli/main.js');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ergoflow cli '));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function ergoflow(...args: string[]) {
  return spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: 'utf8' });
}

/** The same built command line inside this process: no start-up to wait for. */
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

/** A scenario file with a change to it, in the test's folder. */
function scenarioFile(name: string, change: (text: string) => string = (text) => text): string {
  const text = `import { defineScenario, doubleWell, definePotential, linear, stateAlong } from 'ergoflow';
const x = linear('x', [1, 0]);
export default defineScenario({
  name: 'mine',
  about: 'A scenario of a test.',
  potential: doubleWell(),
  temperature: 1,
  states: [
    stateAlong(x, 'left', { below: 0 }, { core: { below: -1 }, start: [-1.8, 0] }),
    stateAlong(x, 'right', { from: 0 }, { core: { from: 1 }, start: [1.8, 0] }),
  ],
  coordinate: { variable: x, min: -2.5, max: 2.5 },
});
`;
  const file = join(folder, name);
  writeFileSync(file, change(text));
  return file;
}

describe('ergoflow', () => {
  it('lists what ships, with dimensions', async () => {
    const { status, stdout } = await here('list', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'double-well', dim: 2 }),
        expect.objectContaining({ name: 'mueller-brown', dim: 2 }),
      ]),
    );
  });

  it('explains itself', async () => {
    const { status, stdout } = await here('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('Examples:');
    expect((await here('run', '--help')).stdout).toContain('--temperature');
  });

  it('names the backend and how to get a faster one', () => {
    const { status, stdout } = ergoflow('doctor', '--json');
    expect(status).toBe(0);
    const { backend, flow } = JSON.parse(stdout);
    expect(['tensorflow', 'wasm', 'cpu']).toContain(backend.name);
    expect(flow).toContain(backend.name === 'tensorflow' ? 'compiled training' : 'eager training');
    if (backend.name !== 'tensorflow') expect(backend.faster).toContain('doctor --install-native');
  });
});

describe('bad input ends with exit code 2 and', () => {
  it.each([
    ['an unknown scenario suggests one', ['run', 'doubel-well'], 'did you mean "double-well"'],
    ['an unknown option suggests one', ['run', 'double-well', '--sead', '1'], '--seed'],
    ['an unknown command suggests one', ['rnu', 'double-well'], 'run'],
    ['a missing file is named', ['run', 'nowhere.ts'], 'nowhere.ts'],
    ['a negative temperature is named', ['run', 'double-well', '--temperature', '-1'], '"-1"'],
    ['a seed that is no integer is named', ['run', 'double-well', '--seed', '1.5'], '"1.5"'],
    ['a folder that is no run is named', ['resume', '.'], 'is not a run directory'],
    ['a model from no run is named', ['run', 'double-well', '--model', '.'], 'model.safetensors'],
  ])('%s', async (_, args, message) => {
    const { status, stderr, stdout } = await here(...args);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });

  it.each([
    [
      'a missing entry',
      (text: string) => text.replace(/ {2}states: \[[\s\S]*?\n {2}\],\n/, ''),
      'states: missing',
    ],
    [
      'a misspelt entry suggests the right one',
      (text: string) => text.replace('temperature: 1', 'temprature: 1'),
      'did you mean "temperature"',
    ],
    [
      'a negative temperature',
      (text: string) => text.replace('temperature: 1', 'temperature: -2'),
      'temperature: ',
    ],
    [
      'a negative time step',
      (text: string) =>
        text.replace(
          'temperature: 1,',
          "production: { local: { kind: 'mala', timestep: -0.1, attempts: 1 } },",
        ),
      'production.local.timestep',
    ],
    [
      'a start outside its own state',
      (text: string) => text.replace('[-1.8, 0]', '[1.7, 0]'),
      'does not lie in the state itself',
    ],
    [
      'a start of the wrong length',
      (text: string) => text.replace('[-1.8, 0]', '[-1.8]'),
      'states[0].start: expected 2 numbers',
    ],
    [
      'one state only',
      (text: string) => text.replace(/ {4}stateAlong\(x, 'right'.*\n/, ''),
      'two states or more',
    ],
    [
      'a throwing file',
      (text: string) => `throw new Error('on purpose');\n${text}`,
      'threw while it was loaded',
    ],
    [
      'no default export',
      (text: string) => text.replace('export default', 'const y ='),
      'default export',
    ],
  ])('%s', async (name, change, message) => {
    const { status, stderr } = await here('run', scenarioFile(`${name}.ts`, change));
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });

  it('all problems of a scenario come at once', async () => {
    const { stderr } = await here(
      'run',
      scenarioFile('many.ts', (text) =>
        text.replace("name: 'mine'", "name: 'My Own'").replace('temperature: 1', 'temperature: 0'),
      ),
    );
    expect(stderr).toContain('name: ');
    expect(stderr).toContain('temperature: ');
  });
});

describe('a potential that is not a number', () => {
  it('ends the run with chain, step and coordinates, and keeps the folder', () => {
    const file = scenarioFile('nan.ts', (text) =>
      text.replace(
        'potential: doubleWell()',
        `potential: definePotential({
          name: 'holey', dim: 2,
          energy: ([a, b]) => (a > -1.5 && a < 0 ? Number.NaN : (a * a - 3) ** 2 + b * b),
        })`,
      ),
    );
    const { status, stderr } = ergoflow('run', file, '--smoke', '--out', 'nan run');
    expect(stderr).toMatch(/chain \d+ diverged at step \d+/);
    expect(stderr).toMatch(/holey/);
    expect(stderr).toMatch(/\(-1\.\d+, -?\d/);
    expect(status).toBe(3);
    expect(JSON.parse(readFileSync(join(folder, 'nan run/run.json'), 'utf8')).status).toBe(
      'failed',
    );
  });
});

describe('a run', () => {
  // Over before a compiled graph has paid for itself; `npm start` and the full runs are on TensorFlow.
  const smoke = ['--smoke', '--backend', 'wasm'];
  const bytes = (run: string, file: string): Buffer => readFileSync(join(folder, run, file));
  const samples = ['samples.npz', 'model.safetensors', 'trajectory.xyz', 'profile.csv'];

  it('leaves the files of the contract', () => {
    const { status, stdout, stderr } = ergoflow(
      ...['run', 'double-well', ...smoke, '--seed', '5', '--json', '--out', 'first'],
    );
    expect([0, 1], stderr).toContain(status);
    expect(readdirSync(join(folder, 'first'))).toEqual(
      expect.arrayContaining([
        'checkpoint',
        'events.jsonl',
        'figures',
        'report.html',
        'result.json',
        'run.json',
        ...samples,
      ]),
    );
    expect(JSON.parse(stdout)).toEqual(JSON.parse(bytes('first', 'result.json').toString()));
  });

  it('is never overwritten, and gives the same bytes for the same seed', () => {
    const again = ergoflow('run', 'double-well', ...smoke, '--seed', '5', '--out', 'first');
    expect(again.status).toBe(2);
    expect(again.stderr).toContain('--force');
    const forced = ergoflow(
      ...['run', 'double-well', ...smoke, '--seed', '5', '--out', 'first', '--force'],
      '--no-report',
    );
    expect([0, 1], forced.stderr).toContain(forced.status);
    for (const file of samples) {
      expect(bytes('first', file).equals(bytes('first.previous-1', file)), file).toBe(true);
    }
  });

  it('uses a trained flow as it is', () => {
    const reused = ergoflow(
      ...['run', 'double-well', ...smoke, '--out', 'reused', '--model', 'first', '--no-report'],
    );
    expect([0, 1], reused.stderr).toContain(reused.status);
    expect(bytes('reused', 'model.safetensors').equals(bytes('first', 'model.safetensors'))).toBe(
      true,
    );
    expect(JSON.parse(bytes('reused', 'result.json').toString()).ledger.training).toBe(0);
  });

  it('is resumed to the same bytes after kill -9, and after Ctrl-C with exit code 130', async () => {
    const begin = (...args: string[]): ChildProcess =>
      spawn(process.execPath, [cli, ...args, '--no-report', '--checkpoint-steps', '3'], {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    const run = begin('run', 'double-well', ...smoke, '--out', 'halved', '--seed', '5');
    expect(await endedAt(run, 'training by example', 'SIGKILL')).toBe(null);
    const manifest = (): { status: string } => JSON.parse(bytes('halved', 'run.json').toString());
    expect(manifest().status).toBe('running');
    const second = begin('resume', 'halved');
    expect(await endedAt(second, 'training by energy', 'SIGINT')).toBe(130);
    expect(manifest().status).toBe('interrupted');
    const resumed = ergoflow('resume', 'halved');
    expect([0, 1], resumed.stderr).toContain(resumed.status);
    expect(manifest().status).toBe('done');
    for (const file of samples) {
      expect(bytes('halved', file).equals(bytes('first', file)), file).toBe(true);
    }
    const again = await here('resume', 'halved');
    expect(again.status).toBe(2);
    expect(again.stderr).toContain('complete');
  }, 120_000);

  it('says where it cannot write', () => {
    const file = join(folder, 'a file');
    mkdirSync(join(folder, 'taken'), { recursive: true });
    writeFileSync(file, '');
    const { status, stderr } = ergoflow('run', 'double-well', ...smoke, '--out', 'a file');
    expect(stderr).toContain('a file');
    expect(status).toBe(2);
  });
});

/** Sends a signal once `phase` appears on stderr; the exit code, null where the signal was the end. */
function endedAt(
  child: ChildProcess,
  phase: string,
  signal: NodeJS.Signals,
): Promise<number | null> {
  return new Promise((resolveWith) => {
    let said = '';
    let sent = false;
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (!sent && said.includes(phase)) {
        sent = true;
        child.kill(signal);
      }
    });
    child.on('exit', (code) => resolveWith(code));
  });
}
