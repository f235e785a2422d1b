import { beforeAll, describe, expect, it } from 'vitest';
import { fromRows } from '../../src/core/batch.ts';
import { flowDensity } from '../../src/flow/flowDensity.ts';
import { memoryStore } from '../../src/hybrid/artifacts.ts';
import type { Plan } from '../../src/hybrid/plan.ts';
import { memoryRecords } from '../../src/hybrid/records.ts';
import { runFiles } from '../../src/io/runFiles.ts';
import { referenceLabels } from '../../src/md/identicalParticles/referenceLabels.ts';
import { buildReport } from '../../src/report/buildReport.ts';
import { collectReport } from '../../src/report/collect/collectReport.ts';
import { pairDistances } from '../../src/report/collect/pairDistances.ts';
import { particlePictures } from '../../src/report/collect/particlePictures.ts';
import type { Recorded } from '../../src/report/collect/stateRecords.ts';
import type { TimedEvent } from '../../src/report/collect/timeline.ts';
import { pairDistancesFigure } from '../../src/report/figures/pairDistancesFigure.ts';
import { particlesFigure } from '../../src/report/figures/particlesFigure.ts';
import type {
  PairDistances,
  ParticlePicturesData,
  ReportData,
} from '../../src/report/reportData.ts';
import { runScenario } from '../../src/scenario/runScenario.ts';
import { toPlan } from '../../src/scenario/toPlan.ts';
import { fourScenario, shiftedGaussian } from '../scenario/fourScenario.ts';
import { svgProblems, svgTexts } from './svgProblems.ts';

const states = ['left', 'right'].map((name): Plan['states'][number] => ({
  name,
  definition: name,
  contains: () => true,
  core: { definition: name, contains: () => true },
  start: fromRows([[0]]),
}));

/** Five particles in the plane, of two kinds. */
const plan = {
  states,
  identicalParticles: referenceLabels({
    reference: Array.from({ length: 10 }, (_, i) => i),
    particles: [
      [0, 1],
      [2, 3, 4],
    ],
    space: 2,
  }),
};

function recorded(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  more: { readonly logWeights?: readonly number[]; readonly isFlowMove?: readonly boolean[] } = {},
  chains = 1,
): Recorded {
  const records = memoryRecords('rows', rows[0].length);
  records.append(fromRows(rows));
  return {
    artifact: {
      arrays: {
        states: Int32Array.from(labels),
        coordinate: Float64Array.from(rows, ([x]) => x),
        ...(more.logWeights && { logWeights: Float64Array.from(more.logWeights) }),
      },
      meta: { chains, isFlowMove: more.isFlowMove ?? [false], dim: rows[0].length },
    },
    records,
  };
}

/** Ten coordinates of which the first tells which record it is. */
const numbered = (n: number): number[] => [n, 0, 1, 0, 0, 1, 1, 1, 2, 2];

describe('the pictures of particles', () => {
  // Two chains; a local burst and a flow move in turn. Chain 0 crosses by a local move, chain 1 by flow moves.
  const production = recorded(
    Array.from({ length: 8 }, (_, n) => numbered(n)),
    [0, 0, 0, 1, 1, 1, 1, 0],
    { isFlowMove: [false, true] },
    2,
  );

  it('show a chain before and after each flow move that changed its state, and no other crossing', () => {
    const { moves } = particlePictures(plan, { diameter: 1 }, production, undefined)!;
    expect(moves.map(({ from, to }) => [from, to])).toEqual([
      ['left', 'right'],
      ['right', 'left'],
    ]);
    expect(moves.map(({ before, after }) => [before.coordinate, after.coordinate])).toEqual([
      [1, 3],
      [5, 7],
    ]);
    expect(moves[0].before.positions).toEqual(numbered(1));
    // One of five particles moved by 2.
    expect(moves[0].moved).toBeCloseTo(Math.sqrt(2 ** 2 / 5), 2);
  });

  it('show the middle one of a state’s local records beside the middle one of its draws with a weight', () => {
    const draws = recorded([100, 101, 102, 103, 104].map(numbered), [0, 0, 0, 0, 1], {
      logWeights: [-Infinity, 3, -Infinity, 2, -Infinity],
    });
    const { pairs } = particlePictures(plan, { diameter: 1 }, production, draws)!;
    expect(
      pairs.map(({ state, local, drawn }) => [state, local?.coordinate, drawn?.coordinate]),
    ).toEqual([
      // Records 0 and 1 of step 0; record 2, of a flow move, is in the state too.
      ['left', 1, 103],
      ['right', 5, undefined],
    ]);
  });

  it('are none without a diameter, in space, and without identical particles', () => {
    const inSpace = { ...plan.identicalParticles, space: 3 };
    expect(particlePictures(plan, {}, production, undefined)).toBeNull();
    expect(
      particlePictures(
        { states, identicalParticles: inSpace },
        { diameter: 1 },
        production,
        undefined,
      ),
    ).toBeNull();
    expect(
      particlePictures(
        { states, identicalParticles: undefined },
        { diameter: 1 },
        production,
        undefined,
      ),
    ).toBeNull();
  });
});

/** Particles 2, 3 and 4 on a line, at 0, a and a + b; 0 and 1 at a distance of `away` above the first. */
const line = (a: number, b: number, away = 1): number[] => [0, away, 0, away, 0, 0, a, 0, a + b, 0];

/** The share of a series in the bin of `r`. */
function share({ edges, panels }: PairDistances, panel: number, series: number, r: number): number {
  const k = edges.findIndex((edge) => edge > r) - 1;
  return panels[panel].series[series].density[k] * (edges[k + 1] - edges[k]);
}

describe('pair distances', () => {
  it('are counted once a pair, in local records alone, with an area of 1', () => {
    const production = recorded([line(1, 2), line(9, 9), line(1, 2), line(9, 9)], [0, 0, 0, 0], {
      isFlowMove: [false, true],
    });
    const found = pairDistances(plan, production, undefined)!;
    expect(found.samples.map(({ local }) => local)).toEqual([2, 0]);
    for (const r of [1, 2, 3]) expect(share(found, 0, 0, r)).toBeCloseTo(1 / 3, 3);
    expect(found.edges[found.edges.length - 1]).toBeCloseTo(1.02 * Math.hypot(3, 1), 2);
    const { density, above } = found.panels[0].series[0];
    const area = density.reduce((sum, p, k) => sum + p * (found.edges[k + 1] - found.edges[k]), 0);
    expect(area + above).toBeCloseTo(1, 3);
  });

  it('are those within a kind of three or more, and between kinds', () => {
    const found = pairDistances(plan, recorded([line(1, 2, 4)], [0]), undefined)!;
    expect(found.panels.slice(0, 2).map(({ kinds, isWithin }) => [kinds, isWithin])).toEqual([
      [[3, 3], true],
      [[2, 3], false],
    ]);
    // Of six pairs between the kinds two are 4 apart, two √17, two 5.
    expect(share(found, 1, 0, 4)).toBeCloseTo(1 / 3, 3);
    expect(share(found, 1, 0, 5)).toBeCloseTo(1 / 3, 3);
    expect(
      pairDistances(
        { ...plan, identicalParticles: undefined },
        recorded([line(1, 2)], [0]),
        undefined,
      ),
    ).toBeNull();
    const pairsOnly = referenceLabels({ reference: line(1, 2), particles: [0, 1], space: 2 });
    expect(
      pairDistances(
        { states, identicalParticles: pairsOnly },
        recorded([line(1, 2)], [0]),
        undefined,
      ),
    ).toBeNull();
  });

  it('weigh the records of a production under a bias', () => {
    const production = recorded([line(1, 2), line(0.5, 3.7)], [0, 0], {
      logWeights: [700 + Math.log(3), 700],
    });
    const found = pairDistances(plan, production, undefined)!;
    expect(share(found, 0, 0, 1)).toBeCloseTo(0.75 / 3, 3);
    expect(share(found, 0, 0, 0.5)).toBeCloseTo(0.25 / 3, 3);
  });

  it('have draws as they were drawn, and reweighted where they are worth 50', () => {
    const production = recorded([line(1, 2)], [0]);
    // A third of the draws lie elsewhere, with half of the weight of another.
    const rows = Array.from({ length: 90 }, (_, n) => (n % 3 === 0 ? line(0.5, 2.4) : line(1, 2)));
    const logWeights = rows.map((_, n) => (n % 3 === 0 ? Math.log(0.5) : 0));
    const draws = recorded(
      rows,
      rows.map(() => 0),
      { logWeights },
    );
    const found = pairDistances(plan, production, draws)!;
    expect(found.panels[0].series.map(({ source }) => source)).toEqual([
      'local',
      'drawn',
      'reweighted',
    ]);
    expect(share(found, 0, 1, 0.5)).toBeCloseTo(1 / 9, 3);
    expect(share(found, 0, 2, 0.5)).toBeCloseTo(0.5 / 2.5 / 3, 3);
    // (30 · ½ + 60)² / (30 · ¼ + 60)
    expect(found.samples[0].effective).toBeCloseTo(75 ** 2 / 67.5, 0);
    const few = recorded(
      rows.slice(0, 45),
      rows.slice(0, 45).map(() => 0),
      { logWeights: logWeights.slice(0, 45) },
    );
    expect(
      pairDistances(plan, production, few)!.panels[0].series.map(({ source }) => source),
    ).toEqual(['local', 'drawn']);
  });

  it('say how many distances of the draws are beyond the axis, which fits molecular dynamics', () => {
    const draws = recorded([line(1, 2), line(1, 90)], [0, 0], { logWeights: [0, 0] });
    const found = pairDistances(plan, recorded([line(1, 2)], [0]), draws)!;
    expect(found.panels[0].series[1].above).toBeCloseTo(2 / 6, 2);
  });
});

const frame = (...positions: number[]) => ({ positions, coordinate: 1.234 });
const drawing: ParticlePicturesData = {
  diameter: 1,
  walls: [
    [-2, 2],
    [-2, 2],
  ],
  kinds: [[0], [1, 2]],
  moves: [
    {
      from: 'left',
      to: 'right',
      before: frame(0, 0, 1, 1, -1, 1),
      after: frame(0, 1, 1, 1, -1, 1),
      moved: 0.58,
    },
  ],
  pairs: [
    { state: 'left', local: frame(0, 0, 1, 1, -1, 1), drawn: frame(0, 0, 50, 1, -1, 1) },
    { state: '<right>', local: frame(0, 0, 1, 1, -1, 1), drawn: null },
  ],
};

describe('the figure of particles', () => {
  const labels = { coordinate: 'd', draw: 'flow draw' };
  const wide = particlesFigure(drawing, labels, 680);

  it('has a disc for every particle in sight, and says how many are not', () => {
    // Five configurations of three particles, of which one is far out, and one configuration missing.
    expect(wide.match(/<circle /g)).toHaveLength(5 * 3 - 1);
    expect(svgTexts(wide)).toContain('d = 1.23; 1 out of sight');
    expect(svgTexts(wide)).toContain('none in this run');
  });

  it('names what each picture shows, in headings and for readers who see none', () => {
    for (const text of ['Before: left', 'After: right', 'MD: left', 'Flow draw: left', 'walls']) {
      expect(svgTexts(wide)).toContain(text);
    }
    expect(wide).toContain('a flow move from left (d = 1.234) to right (d = 1.234)');
  });

  it('draws the smaller kind over the larger, with a heavier outline', () => {
    const widths = [...wide.matchAll(/<circle [^>]*stroke-width="([\d.]+)"/g)].map(([, w]) =>
      Number(w),
    );
    expect(widths.slice(0, 3)).toEqual([0.8, 0.8, 1.6]);
  });

  it('has x to the right and y upwards, as the walls are', () => {
    const upright = particlesFigure(
      {
        ...drawing,
        moves: [],
        pairs: [{ state: 'left', local: frame(1, -2, -1, 2, 0, 0), drawn: null }],
      },
      labels,
      680,
    );
    const centres = [...upright.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(
      ([, x, y]) => [Number(x), Number(y)],
    );
    // Particle 1, of the larger kind, at the top left; 2 in the middle; 0 last, at the bottom right.
    expect(centres.map(([x]) => x).toSorted((a, b) => a - b)).toEqual(centres.map(([x]) => x));
    expect(centres.map(([, y]) => y).toSorted((a, b) => a - b)).toEqual(centres.map(([, y]) => y));
    const [, top] = /<rect x="[\d.]+" y="([\d.]+)"/.exec(upright) ?? [];
    expect(centres[0][1]).toBeCloseTo(Number(top), 0);
  });

  it('has discs of the diameter that the scenario gives, on the scale of the walls', () => {
    const [, box] = /<rect x="[\d.]+" y="[\d.]+" width="([\d.]+)"/.exec(wide) ?? [];
    const [, radius] = /<circle [^>]* r="([\d.]+)"/.exec(wide) ?? [];
    // The walls are 4 apart, a radius is 0.5.
    expect(Number(box) / Number(radius)).toBeCloseTo(8, 0);
  });

  it('is well-formed in the colours of the palette for wide and narrow windows, with walls and without', () => {
    for (const width of [680, 326]) {
      for (const data of [drawing, { ...drawing, walls: null, moves: [] }]) {
        const svg = particlesFigure(data, labels, width);
        expect(svgProblems(svg)).toEqual([]);
        const colours = [...svg.matchAll(/ (?:fill|stroke)="([^"]+)"/g)].map(([, c]) => c);
        expect(colours.filter((c) => !/^(var\(--\w+\)|none|currentColor)$/.test(c))).toEqual([]);
      }
    }
  });
});

describe('the figure of pair distances', () => {
  it('has a panel for every state and sort of pairs, and names its curves', () => {
    const draws = recorded([line(1, 2)], [0], { logWeights: [0] });
    const found = pairDistances(plan, recorded([line(1, 2), line(2, 2)], [0, 1]), draws)!;
    for (const width of [680, 326]) {
      const svg = pairDistancesFigure(found, { unit: 'nm', draws: 'flow draws' }, width);
      expect(svgProblems(svg)).toEqual([]);
      expect(svgTexts(svg)).toEqual(
        expect.arrayContaining([
          'left: among the 3',
          'left: the 2 with the 3',
          'right: among the 3',
          'local moves of production (MD)',
          'flow draws, as drawn',
          'distance (nm) →',
        ]),
      );
      expect(svgTexts(svg)).not.toContain('flow draws, reweighted');
    }
  });
});

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
