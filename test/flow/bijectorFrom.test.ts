import { describe, expect, it } from 'vitest';
import { bijectorFrom } from '../../src/flow/bijectorFrom.ts';
import { ArchitectureError } from '../../src/flow/errors.ts';

const couplings = {
  kind: 'affine-couplings',
  dim: 2,
  blocks: 1,
  hidden: [4],
  conditioner: 'shared',
};
const nest = (depth: number): { kind: string } =>
  depth === 0
    ? ({ kind: 'scaling', dim: 2 } as { kind: string })
    : ({ kind: 'invert', of: nest(depth - 1) } as { kind: string });

describe('bijectorFrom', () => {
  it.each([
    [{ kind: 'spline' }, 'unknown kind "spline"; known: affine-couplings'],
    [{ kind: '__proto__' }, 'unknown kind "__proto__"'],
    [{ kind: 7 }, 'unknown kind 7'],
    [{ ...couplings, dim: '2' }, 'dim: expected an integer in [0, 1048576], got "2"'],
    [{ ...couplings, dim: 1e9 }, 'dim: expected an integer'],
    [{ ...couplings, blocks: 1e6 }, 'blocks: expected an integer in [0, 4096], got 1000000'],
    [{ ...couplings, blocks: 0 }, '"blocks" expected an integer of at least 1, got 0'],
    [{ ...couplings, hidden: 4 }, 'hidden: expected a list, got 4'],
    [{ ...couplings, hidden: [4, 2.5] }, 'hidden[1]: expected an integer'],
    [
      { ...couplings, conditioner: 'both' },
      'conditioner: expected independent or shared, got "both"',
    ],
    [{ ...couplings, split: [[0, 1]] }, 'split: expected two lists'],
    [
      { ...couplings, split: [[0], [0]] },
      '"split" expected each coordinate of 0 … 1 once, got 0 twice',
    ],
    [{ ...couplings, activation: 'relu' }, 'activation: unknown setting; affine-couplings has dim'],
    [{ kind: 'permute', order: [1, 1] }, '"order" expected each of 0 … 1 once'],
    [{ kind: 'permute' }, 'order: expected a list, got nothing'],
    [{ kind: 'chain', parts: [] }, 'parts: expected at least one bijector, got []'],
    [
      { kind: 'chain', parts: [couplings, { kind: 'scaling' }] },
      'parts[1].dim: expected an integer',
    ],
    [{ kind: 'chain', parts: [couplings, null] }, 'parts[1]: expected a record with "kind"'],
    [{ kind: 'chain', parts: [couplings, { kind: 'scaling', dim: 3 }] }, 'maps 3 coordinates'],
    [
      { kind: 'whitening', mean: [0], axes: [[1]], scales: [null] },
      'scales[0]: expected a finite number',
    ],
    [nest(40), 'more than 32 levels'],
  ])('refuses %j', (architecture, message) => {
    expect(() => bijectorFrom(architecture)).toThrow(ArchitectureError);
    expect(() => bijectorFrom(architecture)).toThrow(message);
  });

  it('takes even and odd coordinates where no split is given', () => {
    expect(bijectorFrom({ ...couplings, dim: 5 }).architecture['split']).toEqual([
      [0, 2, 4],
      [1, 3],
    ]);
  });
});
