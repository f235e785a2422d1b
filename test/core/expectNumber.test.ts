import { describe, expect, it } from 'vitest';
import {
  expectFinite,
  expectInteger,
  expectNonNegative,
  expectPositive,
  expectWithin,
} from '../../src/core/expectNumber.ts';

const notNumbers = [Number.NaN, Infinity, -Infinity];

describe('numeric options', () => {
  it('are handed back where they are as expected', () => {
    expect(expectFinite('a', -3)).toBe(-3);
    expect(expectPositive('a', 0.1)).toBe(0.1);
    expect(expectNonNegative('a', 0)).toBe(0);
    expect(expectWithin('a', 0, 0, 1)).toBe(0);
    expect(expectInteger('a', 1, 1)).toBe(1);
  });

  it('are refused by name and value where they are not', () => {
    expect(() => expectFinite('a1', Number.NaN)).toThrow(/"a1" expected a finite number, got NaN/);
    expect(() => expectPositive('kT', -1)).toThrow(/"kT" expected a positive number, got -1/);
    expect(() => expectNonNegative('friction', -1)).toThrow(/"friction" .*got -1/);
    expect(() => expectWithin('jitter', 1, 0, 1)).toThrow(/"jitter" .*\[0, 1\), got 1/);
    expect(() => expectInteger('steps', 0, 1)).toThrow(/"steps" .*at least 1, got 0/);
    expect(() => expectInteger('steps', 2.5, 1)).toThrow(RangeError);
    expect(() => expectPositive('kT', 0)).toThrow(RangeError);
  });

  it.each(notNumbers)('are never %s', (value) => {
    expect(() => expectFinite('a', value)).toThrow(RangeError);
    expect(() => expectPositive('a', value)).toThrow(RangeError);
    expect(() => expectNonNegative('a', value)).toThrow(RangeError);
    expect(() => expectWithin('a', value, 0, 1)).toThrow(RangeError);
    expect(() => expectInteger('a', value, 0)).toThrow(RangeError);
  });
});
