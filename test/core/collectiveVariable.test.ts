import { expect, it } from 'vitest';
import { fromRows } from '../../src/core/batch.ts';
import { linear } from '../../src/core/collectiveVariable.ts';

it('a linear variable is the sum of its coefficients times the coordinates, and they its gradient', () => {
  const p = linear('0.7x − 0.7y', [0.7, -0.7]);
  const x = fromRows([
    [1, 0],
    [2, 5],
  ]);
  expect(p.value(x)[0]).toBeCloseTo(0.7 * 1, 14);
  expect(p.value(x)[1]).toBeCloseTo(0.7 * 2 - 0.7 * 5, 14);
  expect([...p.gradient(x)]).toEqual([0.7, -0.7, 0.7, -0.7]);
});
