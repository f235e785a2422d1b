import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/hybrid/events.ts';
import { readEvents } from '../../src/io/eventLog.ts';
import { readManifest } from '../../src/io/manifest.ts';
import { npz, readNpz } from '../../src/io/npz.ts';
import { type ReplayOutcome, replay } from '../../src/io/replay.ts';
import { resumeRun, startRun } from '../../src/io/session.ts';
import { definePotential } from '../../src/md/definePotential.ts';
import { versions } from '../../src/report/collect/versions.ts';
import { InterruptedError } from '../../src/scenario/runScenario.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { temporaryFolders } from './temporaryFolder.ts';
import { tinyScenario } from './tinyScenario.ts';

const folder = temporaryFolders();

/** A scenario beside the file that stands for it, as a command line would have loaded it. */
function watched(file: string, scenario: Scenario = tinyScenario, phase?: string) {
  const controller = new AbortController();
  const events: RunEvent[] = [];
  return {
    scenario,
    file,
    shipped: false,
    signal: controller.signal,
    events,
    onStart: () => {},
    onEvent(event: RunEvent) {
      events.push(event);
      if (event.type === 'progress' && event.phase === phase) controller.abort();
    },
  };
}

const start = (out: string, watching: ReturnType<typeof watched>) =>
  startRun({
    ...watching,
    overrides: { seed: 4 },
    out,
    force: false,
    modelFrom: undefined,
    backend: 'cpu',
  });

const resume = (out: string, watching: ReturnType<typeof watched>, allowInexact = false) =>
  resumeRun({ ...watching, folder: out, allowInexact, backend: undefined });

const again = (out: string, watching: ReturnType<typeof watched>): Promise<ReplayOutcome> =>
  replay({ ...watching, folder: out, allowInexact: false, keep: undefined });

function scenarioFile(path: string): string {
  const file = join(path, 'scenario.ts');
  writeFileSync(file, '// Stands for the code of the scenario.\n');
  return file;
}

describe('a run in a folder with spaces, unicode, a link in it and a very long name', () => {
  it('stops and goes on; its replay finds the one number that was changed since', async () => {
    const path = folder();
    const file = scenarioFile(path);
    const long = join(
      path,
      'real',
      'Überläufe und Täler 自由能',
      ...Array(12).fill('d'.repeat(60)),
    );
    mkdirSync(join(path, 'real'));
    symlinkSync(join(path, 'real'), join(path, 'a link'));
    const out = long.replace(join(path, 'real'), join(path, 'a link'));

    await expect(start(out, watched(file, tinyScenario, 'producing'))).rejects.toThrow(
      InterruptedError,
    );
    expect(readManifest(out).status).toBe('interrupted');
    await resume(out, watched(file));
    const samples = readNpz(readFileSync(join(out, 'samples.npz')));
    const data = samples['chain/positions'].data.slice();
    data[3] += 1e-9;
    writeFileSync(
      join(out, 'samples.npz'),
      npz({ ...samples, 'chain/positions': { ...samples['chain/positions'], data } }),
    );
    const kept = join(path, 'kept');
    const parted = await replay({ ...watched(file), folder: out, allowInexact: false, keep: kept });
    expect(parted).toMatchObject({ kind: 'run', kept });
    if (parted.kind !== 'run') return;
    expect(parted.files.map(({ name }) => name).sort()).toEqual(
      readdirSync(out, { withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== 'run.json')
        .map(({ name }) => name)
        .sort(),
    );
    expect(parted.files.filter(({ parts }) => parts !== undefined)).toEqual([
      {
        name: 'samples.npz',
        parts: expect.stringMatching(/^chain\/positions\[1, 1\] is .*, then /),
      },
    ]);
  });
});

describe('a run that was stopped', () => {
  it('is neither resumed nor replayed with another scenario, and says which', async () => {
    const path = folder();
    const [file, out] = [scenarioFile(path), join(path, 'run')];
    await expect(start(out, watched(file, tinyScenario, 'seeding'))).rejects.toThrow(
      'interrupted while seeding',
    );
    await expect(again(out, watched(file))).rejects.toThrow('is not finished (interrupted)');
    writeFileSync(file, '// Another potential.\n');
    await expect(resume(out, watched(file), true)).rejects.toThrow(`${file} has changed since`);
    expect(readManifest(out).status).toBe('interrupted');
  });

  it('goes on with other code only where that is allowed, and run.json and the report say so', async () => {
    const path = folder();
    const [file, out] = [scenarioFile(path), join(path, 'run')];
    await expect(start(out, watched(file, tinyScenario, 'exploring'))).rejects.toThrow(
      InterruptedError,
    );
    const manifest = { ...readManifest(out), code: 'c'.repeat(64) };
    writeFileSync(join(out, 'run.json'), JSON.stringify(manifest));
    await expect(resume(out, watched(file))).rejects.toThrow(
      'the code of ergoflow has changed since',
    );
    const { result } = await resume(out, watched(file), true);
    expect(result.states).toHaveLength(2);
    const difference = expect.stringMatching(/^the code .* then cccccccccccc…\)$/);
    const finished = readManifest(out);
    expect(finished).toMatchObject({ status: 'done', inexact: [difference] });
    expect(versions(finished)['resumed although']).toEqual(difference);
  });

  it('says what was damaged, and goes on from the checkpoint before it', async () => {
    const path = folder();
    const [file, out] = [scenarioFile(path), join(path, 'run')];
    await expect(start(out, watched(file, tinyScenario, 'exploring'))).rejects.toThrow(
      InterruptedError,
    );
    const newest = ['a', 'b']
      .map((slot) => join(out, 'checkpoint', `progress-${slot}.json`))
      .map((name) => ({ name, text: readFileSync(name, 'utf8') }))
      .sort((a, b) => JSON.parse(a.text).meta.sequence - JSON.parse(b.text).meta.sequence)[1];
    writeFileSync(newest.name, newest.text.slice(0, -50));
    const watching = watched(file);
    await resume(out, watching);
    const warnings = watching.events.flatMap((event) =>
      event.type === 'warning' ? [event.message] : [],
    );
    expect(warnings.slice(0, 2)).toEqual([
      expect.stringMatching(/^checkpoint "progress-[ab]" is damaged: .* is not JSON$/),
      'the run goes on from the checkpoint before, to the same numbers',
    ]);
    // Kept undefined: all files were the same, and the second run is gone.
    const outcome = await again(out, watched(file));
    expect(outcome).toMatchObject({ kind: 'run', kept: undefined });
  });

  it('stops at its time limit with a checkpoint and the reason', async () => {
    const path = folder();
    const [file, out] = [scenarioFile(path), join(path, 'run')];
    // Long enough for timers to have their turn, which they get every 50 ms.
    const production = { ...tinyScenario.production, sweeps: 4000 };
    const long: Scenario = { ...tinyScenario, production };
    const watching = { ...watched(file, long), limits: { maxHours: 1e-6 / 3600 } };
    await expect(start(out, watching)).rejects.toThrow(/^interrupted while .*: the time limit of/);
    expect(readEvents(join(out, 'events.jsonl')).torn).toBe(0);
    await resume(out, watched(file, long));
    expect(readManifest(out).status).toBe('done');
  });

  it('is refused beforehand where its records cannot fit', async () => {
    const path = folder();
    const out = join(path, 'run');
    const watching = { ...watched(scenarioFile(path)), limits: { maxMemory: 1000 } };
    await expect(start(out, watching)).rejects.toThrow('the records of this run take');
    expect(readdirSync(path)).toEqual(['scenario.ts']);
  });
});

describe('a run whose potential gives no number', () => {
  it('leaves a folder that replays to the same failure, and to none once the cause is gone', async () => {
    const path = folder();
    const [file, out] = [scenarioFile(path), join(path, 'run')];
    let isBroken = true;
    const holey: Scenario = {
      ...tinyScenario,
      potential: definePotential({
        name: 'holey',
        dim: 2,
        // Its hole is where only the baseline goes: after everything else has worked.
        energy: ([a, b]) => (isBroken && produced ? Number.NaN : (a * a - 3) ** 2 + b * b),
      }),
    };
    let produced = false;
    const watching = watched(file, holey);
    const { onEvent } = watching;
    watching.onEvent = (event) => {
      onEvent(event);
      if (event.type === 'progress' && event.phase === 'comparing') produced = true;
    };
    const failure = start(out, watching);
    await expect(failure).rejects.toThrow(/^chain 0 diverged at step \d+: holey gave energy NaN/);
    expect(readManifest(out).status).toBe('failed');
    const reproducer = join(out, 'failure');
    expect(watching.events.at(-1)).toEqual({
      type: 'warning',
      message: expect.stringContaining(`ergoflow replay ${reproducer}`),
    });
    const before = readdirSync(reproducer, { recursive: true }).sort();
    const same = await again(reproducer, watched(file, holey));
    expect(same).toMatchObject({ kind: 'failure' });
    if (same.kind === 'failure') expect(same.found).toEqual(same.expected);
    isBroken = false;
    const gone = await again(reproducer, watched(file, holey));
    expect(gone).toMatchObject({ kind: 'failure', found: undefined });
    expect(readdirSync(reproducer, { recursive: true }).sort()).toEqual(before);
  });
});
