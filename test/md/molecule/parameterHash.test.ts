import { describe, expect, it } from 'vitest';
import { parameterHash } from '../../../src/md/molecule/parameterHash.ts';

describe('the hash of parameters', () => {
  it('is sixteen hexadecimal digits, the same for the same data in any order of keys', () => {
    const hash = parameterHash({ kind: 'bonds', length: Float64Array.of(1, 2) });
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect(parameterHash({ length: Float64Array.of(1, 2), kind: 'bonds' })).toBe(hash);
  });

  it('does not depend on where in memory an array lies', () => {
    const view = Float64Array.of(9, 1, 2, 9).subarray(1, 3);
    expect(parameterHash(view)).toBe(parameterHash(Float64Array.of(1, 2)));
  });

  it('differs between data that are alike', () => {
    const alike = [
      [Float64Array.of(1, 2), Float64Array.of(3)],
      [Float64Array.of(1), Float64Array.of(2, 3)],
      [Float64Array.of(1, 2, 3)],
      [Float64Array.of(3, 2, 1)],
      [Int32Array.of(1, 2, 3)],
      [1, 2, 3],
      ['1', '2', '3'],
      ['12', '3'],
      { a: 1, b: undefined },
      { a: undefined, b: 1 },
      { a: 0, b: undefined },
      { a: -0, b: undefined },
      { a: false, b: undefined },
    ];
    expect(new Set(alike.map(parameterHash)).size).toBe(alike.length);
  });

  it('spreads neighbouring numbers over all of its digits', () => {
    const hashes = Array.from({ length: 2000 }, (_, i) => parameterHash(Float64Array.of(i)));
    for (const half of [0, 8]) {
      const words = new Set(hashes.map((hash) => hash.slice(half, half + 8)));
      expect(words.size).toBe(2000);
    }
  });
});
