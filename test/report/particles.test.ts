import { describe, expect, it } from 'vitest';
import { particlePictures } from '../../src/report/collect/particlePictures.ts';
import { particlesFigure } from '../../src/report/figures/particlesFigure.ts';
import type { ParticlePicturesData } from '../../src/report/reportData.ts';
import { plan, recorded, states } from './recordedRows.ts';
import { svgProblems, svgTexts } from './svgProblems.ts';

/** Ten coordinates of which the first tells which record it is. */
const numbered = (n: number): number[] => [n, 0, 1, 0, 0, 1, 1, 1, 2, 2];

describe('the pictures of particles', () => {
  // Two chains; a local burst and a flow move in turn. Chain 0 crosses by a local move, chain 1 by flow moves.
  const production = recorded(
    Array.from({ length: 8 }, (_, n) => numbered(n)),
    [1, 0, 1, 1, 0, 1, 0, 0],
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
      // Records 1 and 4; 6 and 7, which a flow move made, are in the state too.
      ['left', 4, 103],
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
