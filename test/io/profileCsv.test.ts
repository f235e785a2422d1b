import { describe, expect, it } from 'vitest';
import { profileCsv } from '../../src/io/profileCsv.ts';

const bin = (from: number, freeEnergy: number | undefined) => ({
  from,
  to: from + 0.5,
  center: from + 0.25,
  freeEnergy,
  standardError: freeEnergy === undefined ? undefined : 0.01,
  effectiveCount: 1,
});

describe('profileCsv', () => {
  it('writes one bin a line, and nothing where nothing is known', () => {
    const rows = [bin(-1, 0), bin(-0.5, undefined)];
    expect(
      profileCsv('x', rows, [{ name: 'exact / kT', values: Float64Array.of(0.1, Infinity) }]),
    ).toBe(
      'from,to,x,free energy / kT,standard error / kT,exact / kT\n' +
        '-1,-0.5,-0.75,0,0.01,0.1\n' +
        '-0.5,0,-0.25,,,\n',
    );
  });

  it('quotes a name that holds a comma or a quote', () => {
    expect(profileCsv('0.7x, "tilted"', []).split('\n')[0]).toBe(
      'from,to,"0.7x, ""tilted""",free energy / kT,standard error / kT',
    );
  });

  it('refuses a column of another length', () => {
    expect(() => profileCsv('x', [bin(0, 0)], [{ name: 'exact', values: [] }])).toThrow(
      '"exact" expected 1 values, got 0',
    );
  });
});
