import { describe, expect, it } from 'vitest';

interface Point {
  readonly evaluations: number;
  readonly difference: number | null;
}
interface Arrival {
  stops(from: number, to: number, factor: number): number[];
  arrival(points: readonly Point[], reference: number, tolerance: number): number | null;
  medianArrival(arrivals: readonly (number | null)[]): number | null;
}

const script = new URL('../../scripts/dimer/arrival.mjs', import.meta.url).href;
const { arrival, medianArrival, stops }: Arrival = await import(script);

/** Estimates at costs 1, 2, 3 … */
function points(...differences: (number | null)[]): Point[] {
  return differences.map((difference, i) => ({ evaluations: i + 1, difference }));
}

describe('when an estimate has arrived', () => {
  it('is the first point that no later one contradicts, not the first that is right', () => {
    expect(arrival(points(0, 6.7, 5, 6.6, 6.75), 6.7, 0.2)).toBe(4);
  });

  it('is never where the last estimate is wrong, whatever came before', () => {
    expect(arrival(points(6.7, 6.7, 7), 6.7, 0.2)).toBeNull();
    expect(arrival([], 6.7, 0.2)).toBeNull();
  });

  it('counts an estimate on the tolerance, below as well as above, and none beyond it', () => {
    expect(arrival(points(7, 1.25, 0.75), 1, 0.25)).toBe(2);
    expect(arrival(points(0.74, 1), 1, 0.25)).toBe(2);
  });

  it('does not take an estimate that could not be made for one that is right', () => {
    expect(arrival(points(0, null, 0), 0, 0.2)).toBe(3);
    expect(arrival(points(0, Number.NaN, 0), 0, 0.2)).toBe(3);
  });

  it('is looked for at costs that grow by one factor up to the last that was paid', () => {
    expect(stops(100, 225, 1.5)).toEqual([100, 150, 225]);
    expect(stops(100, 224, 1.5)).toEqual([100, 150]);
  });
});

describe('the median of several runs', () => {
  it('is the middle one, runs that never arrive being the last', () => {
    expect(medianArrival([5, null, 1])).toBe(5);
    expect(medianArrival([7, null, 1, 3, null])).toBe(7);
  });

  it('is never where most runs never arrive, and where half of them do not', () => {
    expect(medianArrival([null, 1, null])).toBeNull();
    expect(medianArrival([null, 1])).toBeNull();
  });

  it('lies between the two in the middle of an even number', () => {
    expect(medianArrival([8, 2, 1, 4])).toBe(3);
  });
});
