import { beforeAll, describe, expect, it } from 'vitest';
import { batch, row } from '../../src/core/batch.ts';
import { memoryStore } from '../../src/hybrid/artifacts.ts';
import { float64 } from '../../src/hybrid/dataset.ts';
import { modelFrom } from '../../src/hybrid/models.ts';
import type { ProductionMeta } from '../../src/hybrid/producing.ts';
import { collectReport, type ReportInput } from '../../src/report/collect/collectReport.ts';
import { replayFlowMove } from '../../src/report/collect/flowJumps.ts';
import { MAX_HEIGHT, type ReportData } from '../../src/report/reportData.ts';
import { smallRun } from './smallRun.ts';

let run: ReportInput;
let data: ReportData;

beforeAll(async () => {
  run = await smallRun();
  data = collectReport(run);
}, 60_000);

describe('the data of a report', () => {
  it('is plain JSON: writing and reading it changes nothing', () => {
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
  });

  it('makes every flow move of production again, to the last bit', () => {
    const produced = run.store.get('production');
    const meta = produced.meta as ProductionMeta;
    const positions = batch(float64(produced, 'positions'), meta.dim);
    const flow = run.createDensity(modelFrom(run.store.get('model-given')));
    const steps = positions.count / meta.chains;
    let moves = 0;
    let accepted = 0;
    for (let step = 1; step < steps; step++) {
      const index = step % meta.isFlowMove.length;
      if (!meta.isFlowMove[index]) continue;
      const move = replayFlowMove(run.plan, flow, positions, meta.chains, step);
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
    // Without quadrature there is no exact curve.
    expect(five.profile.curves.map(({ source }) => source)).toEqual(['hybrid', 'reweighted']);
  });
});
