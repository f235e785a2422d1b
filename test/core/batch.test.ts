import { describe, expect, it } from 'vitest';
import { batch, concat, copy, fromRows, row, rows, select } from '../../src/core/batch.ts';
import { ShapeError } from '../../src/core/errors.ts';

const three = fromRows([
  [1, 2],
  [3, 4],
  [5, 6],
]);

describe('batch', () => {
  it('views its array, without a copy', () => {
    const data = Float64Array.of(1, 2, 3, 4, 5, 6);
    const x = batch(data, 3);
    data[5] = 60;
    expect(x).toMatchObject({ count: 2, dim: 3 });
    expect([...row(x, 1)]).toEqual([4, 5, 60]);
  });

  it.each([0, -1, 1.5, 4, Number.NaN])('refuses rows of %s coordinates from 6 numbers', (dim) => {
    expect(() => batch(new Float64Array(6), dim)).toThrow(ShapeError);
  });

  it('may be empty', () => {
    expect(batch(new Float64Array(0), 2).count).toBe(0);
  });
});

describe('fromRows', () => {
  it('names the row whose length differs', () => {
    expect(() => fromRows([[1, 2], [3]])).toThrow(/row 1 has 1 coordinates, row 0 has 2/);
  });

  it('refuses no rows, for their dimension is unknown', () => {
    expect(() => fromRows([])).toThrow(ShapeError);
  });
});

describe('parts', () => {
  it('row and rows are views, copy and select are not', () => {
    const x = copy(three);
    row(x, 0)[0] = -1;
    rows(x, 1, 3).data[3] = -6;
    const chosen = select(x, [2, 0, 2]);
    x.data.fill(0);
    expect([...chosen.data]).toEqual([5, -6, -1, 2, 5, -6]);
    expect([...three.data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('concat puts rows after one another and refuses different dimensions', () => {
    expect([...concat([rows(three, 2, 3), rows(three, 0, 1)]).data]).toEqual([5, 6, 1, 2]);
    expect(() => concat([three, fromRows([[1]])])).toThrow(/dimensions 2 and 1/);
    expect(() => concat([])).toThrow(ShapeError);
  });
});
