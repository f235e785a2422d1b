import { describe, expect, it } from 'vitest';
import { cosineAt, linearAt } from '../../src/flow/schedule.ts';

describe('schedules', () => {
  it('start and end at their ends, in a line or in half a cosine', () => {
    const schedule = { from: 2, to: 1 };
    const all = (of: typeof linearAt): number[] => [0, 1, 2, 3, 4].map((n) => of(schedule, n, 5));
    expect(all(linearAt)).toEqual([2, 1.75, 1.5, 1.25, 1]);
    expect(all(cosineAt)).toEqual(
      [0, 1, 2, 3, 4].map((n) => expect.closeTo(1.5 + 0.5 * Math.cos((Math.PI * n) / 4), 14)),
    );
    expect([linearAt(3, 1, 5), cosineAt(3, 1, 5)]).toEqual([3, 3]);
    expect([linearAt(schedule, 0, 1), cosineAt(schedule, 0, 1)]).toEqual([2, 2]);
  });
});
