import { describe, expect, it } from 'vitest';
import { logTicks } from '../../src/report/figures/logTicks.ts';
import {
  compact,
  counted,
  factor,
  percent,
  readableCount,
  significant,
  withError,
} from '../../src/report/formatNumber.ts';

describe('withError', () => {
  it('gives two digits of the error, and the value to the same place', () => {
    expect(withError(3.37989, 0.01234)).toBe('3.380 ± 0.012');
    expect(withError(-0.5, 0.25)).toBe('−0.50 ± 0.25');
    expect(withError(12.3456, 3.2)).toBe('12.3 ± 3.2');
    expect(withError(1234.5, 67)).toBe('1235 ± 67');
  });

  it('gives no error where there is none', () => {
    expect(withError(3.3798832, 0)).toBe('3.37988');
    expect(withError(1, Number.NaN)).toBe('1');
  });
});

describe('numbers for people', () => {
  it('group thousands with spaces that do not break', () => {
    expect(readableCount(1788500)).toBe('1\u202f788\u202f500');
    expect(readableCount(999.6)).toBe('1\u202f000');
    expect(readableCount(12)).toBe('12');
    expect(counted(1, 'transition')).toBe('1 transition');
    expect(counted(0, 'transition')).toBe('0 transitions');
  });

  it('have a size instead of zeros where there is little room', () => {
    expect(compact(1_788_500)).toBe('1.79\u00a0M');
    expect(compact(200_000)).toBe('200\u00a0k');
    expect(compact(1234)).toBe('1\u202f234');
    expect(compact(0.0153)).toBe('0.0153');
    expect(compact(0.0000654)).toBe('6.5e−5');
    expect(compact(0)).toBe('0');
    expect(compact(-35)).toBe('−35');
  });

  it('lose zeros, not digits', () => {
    expect(significant(0.0123456)).toBe('0.01235');
    expect(significant(-2)).toBe('−2');
    expect(percent(0.0526, 2)).toBe('5.26\u00a0%');
    expect(factor(1.2931)).toBe('1.3');
    expect(factor(16_734)).toBe('17\u202f000');
  });
});

describe('logTicks', () => {
  it('are powers of ten, with others between them only where there are few', () => {
    expect(logTicks(0.001, 2)).toEqual([0.001, 0.01, 0.1, 1]);
    expect(logTicks(0.2, 20)).toEqual([0.3, 1, 3, 10]);
    expect(logTicks(1, 6)).toEqual([1, 2, 5]);
    expect(logTicks(1.3e6, 2.4e6)).toEqual([1.5e6, 2e6]);
  });
});
