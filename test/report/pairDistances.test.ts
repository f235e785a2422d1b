import { describe, expect, it } from 'vitest';
import { referenceLabels } from '../../src/md/identicalParticles/referenceLabels.ts';
import { pairDistances } from '../../src/report/collect/pairDistances.ts';
import { pairDistancesFigure } from '../../src/report/figures/pairDistancesFigure.ts';
import type { PairDistances } from '../../src/report/reportData.ts';
import { plan, recorded, states } from './recordedRows.ts';
import { svgProblems, svgTexts } from './svgProblems.ts';

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

  it('are not counted among thousands of particles', () => {
    const many = { ...plan.identicalParticles, kinds: [Array.from({ length: 2000 }, (_, i) => i)] };
    const production = recorded([line(1, 2)], [0]);
    expect(pairDistances({ states, identicalParticles: many }, production, undefined)).toBeNull();
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
