import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkpointStore } from '../../src/io/checkpointStore.ts';
import { readEvents } from '../../src/io/eventLog.ts';
import { firstDifference } from '../../src/io/firstDifference.ts';
import { readManifest } from '../../src/io/manifest.ts';
import { findProgress } from '../../src/io/progressStore.ts';

const cli = resolve(import.meta.dirname, '../../dist/src/cli/main.js');

/** The phases of a run as its progress names them, in the order in which they first come. */
export const phaseTitles = [
  'seeding',
  'training by example',
  'training by energy',
  'assessing',
  'exploring',
  'warming up',
  'producing',
  'reweighting',
  'comparing',
];

/** Writes a scenario that walks through all of them in a second or so; `scale` makes it longer. */
export function writeTinyScenario(file: string, scale: number): void {
  writeFileSync(
    file,
    `import { defineScenario, doubleWell, linear, stateAlong } from 'ergoflow';
const x = linear('x', [1, 0]);
const stage = { steps: ${5 * scale}, exampleBatch: 32, energyBatch: 0 };
const energy = { energyBatch: 32, weights: { example: 1, energy: 1, reactionCoordinate: 0 } };
export default defineScenario({
  name: 'tiny',
  about: 'A double well that is walked through and proves nothing.',
  potential: doubleWell(),
  temperature: 1,
  states: [
    stateAlong(x, 'left', { below: 0 }, { core: { below: -1 }, start: [-1.8, 0] }),
    stateAlong(x, 'right', { from: 0 }, { core: { from: 1 }, start: [1.8, 0] }),
  ],
  coordinate: { variable: x, min: -2.5, max: 2.5, bins: 10 },
  seeding: { chains: 10, burnIn: 50, frames: ${40 * scale}, stride: 5 },
  flow: { blocks: 2, hidden: [8] },
  training: { byExample: [stage], byEnergy: [{ ...stage, ...energy }] },
  assessing: { maxRounds: 2, draws: ${10_000 * scale}, targetEssFraction: 1, targetAcceptance: 1 },
  exploring: { chains: 20, warmUp: ${5 * scale}, sweeps: ${15 * scale} },
  production: {
    chains: 40, warmUp: ${10 * scale}, sweeps: ${15 * scale}, flowMoves: 2,
    latent: { stepSize: 0.1, moves: 1 },
  },
  reweighting: { draws: ${15_000 * scale} },
  baseline: { chains: 200 },
});
`,
  );
}

export interface Kill {
  readonly signal: NodeJS.Signals;
  /** Title of the phase that the process must have entered first; undefined to count from its start. */
  readonly phase: string | undefined;
  /** Waited then, ms. */
  readonly delay: number;
}

/** How a process ended: its exit code, or null where a signal ended it. */
export interface End {
  readonly code: number | null;
  readonly stderr: string;
  /** Title of the phase that it was in. */
  readonly phase: string | undefined;
  /** How long it was in each phase that it left, ms; the longest, where it came back. */
  readonly durations: ReadonlyMap<string, number>;
}

/** Runs or resumes the scenario in `folder` in a process of its own, which `kill` may end. */
export function runProcess(
  scenario: string,
  folder: string,
  kill: Kill | undefined,
  more: readonly string[] = [],
): Promise<End> {
  const isBegun = existsSync(join(folder, 'run.json'));
  const command = isBegun
    ? ['resume', folder]
    : ['run', scenario, '--backend', 'cpu', '--out', folder];
  const args = [cli, ...command, '--no-report', '--checkpoint-steps', '3', ...more];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const strike = (): void => {
    if (kill !== undefined) setTimeout(() => child.kill(kill.signal), kill.delay);
  };
  let stderr = '';
  let isStruck = kill === undefined;
  const look = (): void => {
    if (isStruck || (kill?.phase !== undefined && !stderr.includes(`\n${kill.phase}\n`))) return;
    isStruck = true;
    strike();
  };
  look();
  const durations = new Map<string, number>();
  let since = performance.now();
  let inside: string | undefined;
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    look();
    const now = performance.now();
    const next = titlesIn(stderr).at(-1);
    if (next === inside) return;
    if (inside !== undefined) {
      durations.set(inside, Math.max(durations.get(inside) ?? 0, now - since));
    }
    [inside, since] = [next, now];
  });
  return new Promise((done) => {
    child.on('close', (code) => {
      if (inside !== undefined && !durations.has(inside)) {
        durations.set(inside, performance.now() - since);
      }
      done({ code, stderr, phase: titlesIn(stderr).at(-1), durations });
    });
  });
}

function titlesIn(stderr: string): string[] {
  return stderr.split('\n').filter((line) => phaseTitles.includes(line));
}

/** What is wrong with a folder whose process was killed a moment ago; nothing, it is hoped. */
export function damageIn(folder: string): string[] {
  const problems: string[] = [];
  const log = join(folder, 'events.jsonl');
  if (existsSync(log)) {
    const { torn } = readEvents(log);
    if (torn > 1) problems.push(`${torn} torn lines`);
  }
  if (existsSync(join(folder, 'checkpoint'))) {
    const store = checkpointStore(join(folder, 'checkpoint'));
    // The records of a finished run are in `samples.npz`, where `differences` looks at them.
    const isDone = readManifest(folder).status === 'done';
    const { damaged, progress, any } = findProgress(
      isDone ? { ...store, verify: () => {} } : store,
    );
    problems.push(...damaged);
    if (any && progress === undefined) problems.push('no checkpoint is whole');
  }
  if (existsSync(join(folder, 'run.json')))
    JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'));
  return problems;
}

/** Where the files of two finished runs part, one entry a file. */
export function differences(before: string, now: string): string[] {
  const names = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'run.json')
      .map(({ name }) => name)
      .sort();
  const [first, second] = [names(before), names(now)];
  if (`${first}` !== `${second}`) return [`files ${second}, not ${first}`];
  return first.flatMap((name) => {
    const read = (folder: string) => readFileSync(join(folder, name));
    const parts = firstDifference(name, read(before), read(now));
    return parts === undefined ? [] : [`${name}: ${parts}`];
  });
}
