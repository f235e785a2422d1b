import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultJson } from '../../src/io/resultSchema.ts';
import { createRunDirectory } from '../../src/io/runDirectory.ts';
import { collectReport, type ReportInput } from '../../src/report/collect/collectReport.ts';
import { readRun } from '../../src/report/collect/readRun.ts';
import { writeReport } from '../../src/report/writeReport.ts';
import { smallRun } from './smallRun.ts';

let parent: string;
let run: ReportInput;

/** The small run as it would lie on the disk. */
function onDisk(name: string, status: 'done' | 'interrupted'): string {
  const directory = createRunDirectory(
    {
      scenario: { name: run.scenario.name, hash: 'abc', argument: run.scenario.name },
      seed: run.plan.seed,
      version: '0.1.0',
      commit: null,
      node: 'v20',
      backend: { name: 'cpu', library: '4.22.0', threads: 1 },
      machine: { cpu: 'A chip', cores: 2, memoryBytes: 2 ** 33, platform: 'linux x64' },
      units: run.scenario.potential.units,
      options: { smoke: true },
    },
    { out: join(parent, name) },
  );
  for (const id of ['seeds', 'model-given', 'production', 'draws']) {
    directory.checkpoint.put(id, run.store.get(id));
  }
  for (const event of run.events) directory.events.append(event);
  directory.write('result.json', resultJson(run.result));
  directory.close(status);
  return directory.folder;
}

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'ergoflow-read-'));
  run = await smallRun();
}, 60_000);

afterAll(() => {
  rmSync(parent, { recursive: true });
});

describe('readRun', () => {
  it('finds in a run directory all that the report of the finished run shows', () => {
    const read = collectReport(readRun(onDisk('finished', 'done'), run.scenario));
    const { versions, ...rest } = collectReport(run);
    expect(read).toEqual({ ...rest, versions: read.versions });
    expect(read.versions['processor']).toBe('A chip, 2 cores');
  });

  it('says how to finish a run that was interrupted', () => {
    const folder = onDisk('half', 'interrupted');
    expect(() => readRun(folder, run.scenario)).toThrow(/finish it with "ergoflow resume/);
  });
});

describe('writeReport', () => {
  it('writes the page and each picture under its name, PNG where there is one', () => {
    const folder = join(parent, 'written');
    const names = writeReport(folder, {
      html: '<!doctype html>',
      figures: [
        { name: 'profile', svg: '<svg/>', png: Uint8Array.of(1, 2) },
        { name: 'ledger', svg: '<svg></svg>', png: undefined },
      ],
    });
    expect(names).toEqual([
      'report.html',
      'figures/profile.svg',
      'figures/profile.png',
      'figures/ledger.svg',
    ]);
    for (const name of names) expect(existsSync(join(folder, name))).toBe(true);
    expect(readFileSync(join(folder, 'figures/ledger.svg'), 'utf8')).toBe('<svg></svg>');
  });
});
