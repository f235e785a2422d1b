import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { row } from '../../src/core/batch.ts';
import { memoryStore } from '../../src/hybrid/artifacts.ts';
import { modelFrom } from '../../src/hybrid/models.ts';
import type { ProductionMeta } from '../../src/hybrid/producing.ts';
import { npz } from '../../src/io/npz.ts';
import { resultJson } from '../../src/io/resultSchema.ts';
import { createRunDirectory } from '../../src/io/runDirectory.ts';
import { collectReport, type ReportInput } from '../../src/report/collect/collectReport.ts';
import { replayFlowMove } from '../../src/report/collect/flowJumps.ts';
import { readRun } from '../../src/report/collect/readRun.ts';
import { MAX_HEIGHT, type ReportData } from '../../src/report/reportData.ts';
import { writeReport } from '../../src/report/writeReport.ts';
import { smallRun } from './smallRun.ts';

let run: ReportInput;
let data: ReportData;
let parent: string;

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'ergoflow-report-'));
  run = await smallRun();
  data = collectReport(run);
}, 60_000);

afterAll(() => {
  rmSync(parent, { recursive: true });
});

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
  const records = run.store.records('production', run.plan.potential.dim);
  const { data, count, dim } = records.rows(0, records.count);
  directory.write('samples.npz', npz({ 'chain/positions': { data, shape: [count, dim] } }));
  for (const event of run.events) directory.events.append(event);
  directory.write('result.json', resultJson(run.result));
  directory.close(status);
  return directory.folder;
}

describe('the data of a report', () => {
  it('is plain JSON: writing and reading it changes nothing', () => {
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
  });

  it('makes every flow move of production again, to the last bit', () => {
    const produced = run.store.get('production');
    const meta = produced.meta as ProductionMeta;
    const records = run.store.records('production', meta.dim);
    const positions = records.rows(0, records.count);
    const flow = run.createDensity(modelFrom(run.store.get('model-given')));
    const steps = positions.count / meta.chains;
    let moves = 0;
    let accepted = 0;
    for (let step = 1; step < steps; step++) {
      const index = step % meta.isFlowMove.length;
      if (!meta.isFlowMove[index]) continue;
      const move = replayFlowMove(run.plan, flow, records, meta.chains, step);
      for (let c = 0; c < meta.chains; c++) {
        const recorded = row(positions, step * meta.chains + c);
        expect(row(move.to, c)).toEqual(recorded);
        expect(recorded).toEqual(row(move.accepted[c] > 0 ? move.offered : move.from, c));
        moves++;
        accepted += move.accepted[c];
      }
    }
    expect(moves).toBeGreaterThan(100);
    expect(accepted).toBeGreaterThan(0);
    expect(accepted).toBeLessThan(moves);
  });

  it('measures the acceptance of production that the result states', () => {
    const measured = data.timeline.acceptance.filter(({ kind }) => kind === 'measured');
    const mean = measured.reduce((sum, { value }) => sum + value, 0) / measured.length;
    // The windows are of nearly equal length, and the first step's record has none before it.
    expect(Math.abs(mean - data.result.hybrid.acceptance)).toBeLessThan(0.02);
    expect(measured.length).toBeGreaterThan(10);
  });

  it('puts the curves of a profile on one scale: each holds the same mass', () => {
    const width = (data.profile.max - data.profile.min) / data.profile.curves[0].points.length;
    const masses = data.profile.curves.map(({ points }) =>
      points.reduce(
        (sum, { freeEnergy }) => sum + (freeEnergy === null ? 0 : Math.exp(-freeEnergy) * width),
        0,
      ),
    );
    for (const mass of masses) expect(mass).toBeCloseTo(masses[0], 5);
    expect(data.profile.curves.map(({ source }) => source)).toEqual([
      'exact',
      'hybrid',
      'reweighted',
    ]);
  });

  it('measures a landscape from its lowest point, and cuts it off far above', () => {
    const heights = data.landscape?.heights ?? [];
    expect(heights.length).toBe(96 * 96);
    expect(Math.min(...heights)).toBe(0);
    expect(Math.max(...heights)).toBeLessThanOrEqual(MAX_HEIGHT);
  });

  it('is of a result that says how far its profiles are from the exact one', () => {
    const { profile } = data.result;
    expect(profile?.source).toBe('quadrature');
    const [exact, hybrid] = data.profile.curves;
    const compared = hybrid.points.filter(
      ({ standardError }) => standardError !== null && standardError <= 1 / Math.sqrt(10),
    );
    expect(profile?.hybrid?.bins).toBe(compared.length);
    expect(profile?.hybrid?.of).toBe(
      exact.points.filter((point) => point.freeEnergy !== null).length,
    );
  });

  it('shows the walk of a chain that began in each state', () => {
    expect(data.walks.map(({ state }) => state)).toEqual(['left', 'right']);
    expect(data.walks[0].points[0][0]).toBeLessThan(0);
    expect(data.walks[1].points[0][0]).toBeGreaterThan(0);
  });

  it('refuses a run that never froze its flow', () => {
    const events = run.events.filter(({ type }) => type !== 'frozen');
    expect(() => collectReport({ ...run, events })).toThrow(/has not reached production/);
  });

  it('names the artifact that a run directory lacks', () => {
    const store = memoryStore();
    store.put('model-given', run.store.get('model-given'));
    expect(() => collectReport({ ...run, store })).toThrow(/no artifact "seeds"/);
  });
});

describe('a run of five dimensions', () => {
  it('has no landscape, no jumps and no deformation, but a trace and a latent picture', async () => {
    const five = collectReport(await smallRun(5));
    expect(five.landscape).toBeNull();
    expect(five.jumps).toBeNull();
    expect(five.deformation).toBeNull();
    expect(five.walks).toEqual([]);
    expect(five.latent?.points.length).toBeGreaterThan(10);
    expect(five.trace.hybrid.length).toBeGreaterThan(10);
    expect(five.result.profile).toBeNull();
    // Without quadrature there is no exact curve.
    expect(five.profile.curves.map(({ source }) => source)).toEqual(['hybrid', 'reweighted']);
  });
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
