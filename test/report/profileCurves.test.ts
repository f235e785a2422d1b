import { describe, expect, it } from 'vitest';
import type { Profile } from '../../src/analysis/profile.ts';
import { linear } from '../../src/core/collectiveVariable.ts';
import { profileCurves } from '../../src/report/collect/profileCurves.ts';
import { profileFigure } from '../../src/report/figures/profileFigure.ts';
import { inBins } from '../../src/scenario/knownProfiles.ts';
import type { KnownProfile } from '../../src/scenario/scenario.ts';
import { svgProblems, svgTexts } from './svgProblems.ts';

const variable = linear('s', [1]);
const axis = { variable, min: 0, max: 4, bins: 40 };
const edges = Float64Array.from({ length: 41 }, (_, k) => k / 10);
const middles = Array.from({ length: 40 }, (_, k) => 0.05 + k / 10);

/** A parabola about 2, which every curve here is, up to what is added. */
const parabola = (s: number): number => 3 * (s - 2) ** 2;

const estimate: Profile = {
  edges,
  freeEnergy: Float64Array.from(middles, (s) => parabola(s) + 11),
  standardError: middles.map((s) => 0.05 + 0.1 * Math.abs(s - 2)),
  effectiveCount: Float64Array.from(middles, () => 100),
};

/** Known from `from` on alone, with a constant of its own. */
function known(source: string, from: number, constant: number, step = 0.1): KnownProfile {
  const at = Array.from(
    { length: Math.floor((4 - from) / step) },
    (_, i) => from + (i + 0.5) * step,
  );
  return {
    source,
    at,
    freeEnergy: at.map((s) => parabola(s) + constant),
    standardError: at.map(() => 0.1),
  };
}

const first = known('ours', 1, -40);
const second = known('theirs', 1.2, 500, 0.07);
const profiles = {
  coordinate: 's',
  hybrid: estimate,
  reweighted: undefined,
  reference: { source: 'ours', isExact: false, ...inBins(first, edges) },
};
const data = profileCurves(profiles, axis, [first, second]);

describe('the curves of a profile with what is known beforehand', () => {
  it('are what is known first, by name, then the estimates of the run', () => {
    expect(data.curves.map(({ source, name }) => [source, name])).toEqual([
      ['known', 'ours'],
      ['other', 'theirs'],
      ['hybrid', null],
    ]);
  });

  it('lie on each other where they differ by a constant alone, however far each of them reaches', () => {
    const [reference, other, hybrid] = data.curves;
    const lowest = parabola(middles[19]);
    for (const { at, freeEnergy } of [...hybrid.points, ...reference.points]) {
      if (freeEnergy !== null) expect(freeEnergy).toBeCloseTo(parabola(at) - lowest, 3);
    }
    // Its own points are between those of the first, which is linear there: 3 · 0.1²/8 too high at most.
    for (const { at, freeEnergy } of other.points) {
      expect(Math.abs((freeEnergy ?? Infinity) - parabola(at) + lowest)).toBeLessThan(0.01);
    }
  });

  it('have no value in bins that the reference does not reach, and the reference’s own errors', () => {
    const [reference] = data.curves;
    expect(reference.points.slice(0, 10).map(({ freeEnergy }) => freeEnergy)).toEqual(
      Array.from({ length: 10 }, () => null),
    );
    expect(reference.points[20].standardError).toBe(0.1);
  });

  it('are without another curve where that has no two points beside the first', () => {
    const far = known('far', 3.95, 0, 0.04);
    const { curves } = profileCurves(profiles, axis, [known('ours', 1, 0), { ...far, at: [7, 8] }]);
    expect(curves.map(({ source }) => source)).toEqual(['known', 'hybrid']);
  });
});

describe('the figure of such a profile', () => {
  it('names its references, and measures distances to the first in the errors of both', () => {
    const svg = profileFigure(data, 680);
    expect(svgProblems(svg)).toEqual([]);
    expect(svgTexts(svg)).toEqual(
      expect.arrayContaining([
        'ours ± 2 standard errors',
        'theirs ± 2 standard errors',
        '↑ (estimate − known) / standard error',
      ]),
    );
    expect(svgProblems(profileFigure(data, 326))).toEqual([]);
  });

  it('counts the error of what is known in the distances, which an exact curve does not have', () => {
    const points = (freeEnergy: number, standardError: number) =>
      [1, 2].map((at) => ({ at, freeEnergy, standardError }));
    const heights = (source: 'known' | 'exact', itsError: number, ownError: number): string[] => {
      const svg = profileFigure(
        {
          ...data,
          curves: [
            { source, name: null, points: points(0, itsError) },
            { source: 'hybrid', name: null, points: points(0.5, ownError) },
          ],
        },
        680,
      );
      return [...svg.matchAll(/<circle [^>]*cy="([\d.]+)"/g)].map(([, y]) => y);
    };
    // √(0.4² + 0.3²) = 0.5, and 0.3 alone beside an exact curve.
    expect(heights('known', 0.4, 0.3)).toHaveLength(2);
    expect(heights('known', 0.4, 0.3)).not.toEqual(heights('exact', 0, 0.3));
    expect(heights('known', 0.4, 0.3)).toEqual(heights('known', Math.sqrt(0.25 - 0.04), 0.2));
  });

  it.each([
    ['one bin', (k: number) => k === 39],
    ['every bin', () => true],
  ])('keeps its scale and its lines inside where %s of single draws lies far above', (_, isFar) => {
    const wild = {
      ...data,
      curves: data.curves.map((curve) =>
        curve.source === 'hybrid'
          ? {
              ...curve,
              points: curve.points.map((point, k) =>
                isFar(k) ? { ...point, freeEnergy: 400 + k, standardError: 1 } : point,
              ),
            }
          : curve,
      ),
    };
    const svg = profileFigure(wild, 680);
    expect(svgTexts(svg)).not.toContain('400');
    expect(svgProblems(svg)).toEqual([]);
    const heights = [...svg.matchAll(/[ML]-?[\d.]+,(-?[\d.]+)/g)].map(([, y]) => Number(y));
    expect(heights.length).toBeGreaterThan(100);
    // The upper panel is 300 px high.
    expect(Math.max(...heights)).toBeLessThanOrEqual(300);
    expect(Math.min(...heights)).toBeGreaterThan(-20);
    expect(svg).not.toContain('clip-path');
  });
});
