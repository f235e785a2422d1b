import { beforeAll, describe, expect, it } from 'vitest';
import { flowDensity } from '../../src/flow/flowDensity.ts';
import { memoryStore } from '../../src/hybrid/artifacts.ts';
import { runFiles } from '../../src/io/runFiles.ts';
import { buildReport } from '../../src/report/buildReport.ts';
import { collectReport } from '../../src/report/collect/collectReport.ts';
import type { TimedEvent } from '../../src/report/collect/timeline.ts';
import type { ReportData } from '../../src/report/reportData.ts';
import { runScenario } from '../../src/scenario/runScenario.ts';
import { toPlan } from '../../src/scenario/toPlan.ts';
import { fourScenario, shiftedGaussian } from '../scenario/fourScenario.ts';

describe('the report of a run with identical particles', () => {
  let data: ReportData;
  let files: ReturnType<typeof runFiles>;

  beforeAll(async () => {
    const scenario = {
      ...fourScenario,
      identicalParticles: { ...fourScenario.identicalParticles!, diameter: 0.8 },
      reference: {
        kind: 'value',
        difference: [0.1],
        standardError: 0.3,
        source: 'a guess',
        temperature: 1,
        profiles: [
          {
            source: 'a guessed parabola',
            at: [-1, 0, 1, 2, 3],
            freeEnergy: [2, 0.5, 0, 0.5, 2],
            standardError: [0.2, 0.2, 0.2, 0.2, 0.2],
          },
        ],
      },
    } as const;
    const store = memoryStore();
    const events: TimedEvent[] = [];
    const { result } = await runScenario(scenario, {
      smoke: true,
      store,
      model: shiftedGaussian(),
      emit: (event) => {
        if (event.type !== 'progress') events.push(event);
      },
    });
    const plan = toPlan(scenario, { smoke: true });
    files = runFiles({ scenario, plan, store, result, model: undefined });
    data = collectReport({
      scenario,
      plan,
      store,
      events,
      result,
      createDensity: flowDensity,
      versions: {},
    });
  }, 60_000);

  it('shows discs and pair distances, and says how they were chosen', () => {
    const { html, figures } = buildReport(data);
    const names = figures.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['particles', 'pair-distances']));
    expect(html).toContain('the middle one of its sort in the order of the run, not the best');
    expect(html).toContain('it is no g(r)');
    expect(data.particles?.pairs.map(({ state }) => state)).toEqual(['left', 'right']);
    expect(data.particles?.moves.length).toBeGreaterThan(0);
    // The first coordinate of the first particle is what tells the states apart.
    for (const { from, before, after } of data.particles?.moves ?? []) {
      expect(before.positions[0] < 1).toBe(from === 'left');
      expect(after.positions[0] < 1).toBe(from !== 'left');
    }
    expect(data.pairDistances?.panels.map(({ state }) => state)).toEqual(['left', 'right']);
  });

  it('states how far its profile is from the one that the scenario brings along', () => {
    const { profile } = data.result;
    expect(profile?.source).toBe('a guessed parabola');
    // Of 12 bins from −2 to 4 the middles of 8 are between −1 and 3.
    expect(profile?.hybrid?.of).toBe(8);
    expect(profile?.hybrid?.largest.kT).toBeGreaterThan(0);
    expect(profile?.reweighted?.bins).toBeGreaterThan(1);
    const [known] = data.profile.curves;
    expect([known.source, known.name]).toEqual(['known', 'a guessed parabola']);
    const { html } = buildReport(data);
    expect(html).toContain('Farthest from it: hybrid chain');
    const [header, ...lines] = String(files['profile.csv']).split('\n');
    expect(header.split(',').slice(-2)).toEqual([
      'reference free energy / kT',
      'reference standard error / kT',
    ]);
    expect(lines[0].endsWith(',,')).toBe(true);
    // The middle of the third bin is −0.75: a quarter of the way from 2 to 0.5.
    expect(lines[2].split(',').slice(-2).map(Number)).toEqual([1.625, 0.2]);
  });
});
