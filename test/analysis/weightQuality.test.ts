import { describe, expect, it } from 'vitest';
import type { EssConsistency } from '../../src/analysis/essConsistency.ts';
import {
  type WeightEvidence,
  withholdChain,
  withholdWeighted,
} from '../../src/analysis/weightQuality.ts';

const sound: EssConsistency = {
  reverse: 0.8,
  forward: 0.75,
  allowedGap: 0.8,
  unreached: 0,
  unreachedError: 0,
  isConsistent: true,
};
const good: WeightEvidence = {
  paretoK: 0.3,
  draws: 10_000,
  states: [
    { name: 'left', draws: 9000 },
    { name: 'right', draws: 1000 },
  ],
  consistency: sound,
  agreement: [
    {
      weighted: { value: 3.38, standardError: 0.01 },
      chain: { value: 3.4, standardError: 0.02 },
    },
  ],
};

describe('figures that rest on flow weights', () => {
  it('are given where nothing speaks against them', () => {
    expect(withholdWeighted(good)).toBeUndefined();
    expect(
      withholdWeighted({ paretoK: -Infinity, draws: 100, states: [{ name: 'a', draws: 1 }] }),
    ).toBeUndefined();
  });

  it.each<[string, Partial<WeightEvidence>, RegExp]>([
    ['a Pareto k above 0.7', { paretoK: 0.71 }, /Pareto k is 0.71, above 0.7/],
    ['a Pareto k above the limit of few draws', { paretoK: 0.55, draws: 100 }, /above 0.5 for 100/],
    ['a Pareto k that is not a number', { paretoK: Number.NaN }, /Pareto k is NaN/],
    ['a tail that cannot be fitted', { paretoK: Infinity }, /Pareto k is Infinity/],
    [
      'a known state without flow draws',
      {
        states: [
          { name: 'left', draws: 1 },
          { name: 'right', draws: 0 },
        ],
      },
      /none of 10000 flow draws is in "right"/,
    ],
    [
      'two known states without flow draws',
      {
        states: [
          { name: 'left', draws: 0 },
          { name: 'right', draws: 0 },
        ],
      },
      /is in "left", "right"/,
    ],
    [
      'a forward ESS far below the reverse one',
      { consistency: { ...sound, forward: 1e-9, unreached: 0.4, isConsistent: false } },
      /0.8 by the flow's own draws but 1e-9 .* 40 % .* cannot both be true/,
    ],
    [
      'two estimates five joint errors apart',
      {
        agreement: [
          {
            weighted: { value: 3, standardError: 0.03 },
            chain: { value: 3.25, standardError: 0.04 },
          },
        ],
      },
      /3 ± 0.03 kT, the chain 3.25 ± 0.04/,
    ],
  ])('are withheld, with a reason and advice, for %s', (_, bad, reason) => {
    const found = withholdWeighted({ ...good, ...bad });
    expect(found?.reason).toMatch(reason);
    expect(found?.advice).not.toBe('');
  });

  it('advise a longer chain where it is the chain that has seen less', () => {
    const found = withholdWeighted({
      ...good,
      consistency: { ...sound, reverse: 0.1, forward: 0.9, isConsistent: false },
    });
    expect(found?.advice).toMatch(/run it longer/);
  });

  it('advise training with what the chain has seen where it is the flow that misses it', () => {
    const found = withholdWeighted({
      ...good,
      consistency: { ...sound, reverse: 0.9, forward: 0.1, isConsistent: false },
    });
    expect(found?.advice).toMatch(/add that data and train again/);
  });

  it('are given at the limits themselves', () => {
    expect(withholdWeighted({ ...good, paretoK: 0.7 })).toBeUndefined();
    const agreement = [
      { weighted: { value: 0, standardError: 0.3 }, chain: { value: 2, standardError: 0.4 } },
    ];
    expect(withholdWeighted({ ...good, agreement })).toBeUndefined();
  });
});

describe("a chain's own figures", () => {
  const names = ['left', 'right'];
  it('are given from ten transitions in each direction on', () => {
    expect(
      withholdChain(
        [
          [0, 10],
          [10, 0],
        ],
        names,
      ),
    ).toBeUndefined();
  });

  it('are withheld below, in either direction', () => {
    expect(
      withholdChain(
        [
          [0, 9],
          [10, 0],
        ],
        names,
      )?.reason,
    ).toMatch(/entered "left" 10 times and left it 9/);
    expect(
      withholdChain(
        [
          [0, 100],
          [0, 0],
        ],
        names,
      ),
    ).toBeDefined();
    expect(
      withholdChain(
        [
          [0, 0],
          [0, 0],
        ],
        names,
      )?.reason,
    ).toMatch(/those of the start/);
  });

  it('are withheld where one of three states is cut off', () => {
    const counts = [
      [0, 50, 0],
      [50, 0, 0],
      [0, 0, 0],
    ];
    expect(withholdChain(counts, ['a', 'b', 'c'])?.reason).toMatch(/"c" 0 times/);
  });
});
