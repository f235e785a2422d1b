import { describe, expect, it } from 'vitest';
import { didYouMean } from '../../src/core/didYouMean.ts';

const names = ['double-well', 'mueller-brown', 'md', 'hybrid'];

describe('didYouMean', () => {
  it('finds the name behind a typing error', () => {
    expect(didYouMean('muller-brown', names)).toBe('mueller-brown');
    expect(didYouMean('Double_Well', names)).toBe('double-well');
    expect(didYouMean('hybird', names)).toBe('hybrid');
    expect(didYouMean('mc', names)).toBe('md');
  });

  it('suggests nothing that the word does not resemble', () => {
    expect(didYouMean('methane', names)).toBe(undefined);
    expect(didYouMean('xyz', names)).toBe(undefined);
    expect(didYouMean('md', [])).toBe(undefined);
  });

  it('prefers the nearest, and of equally near ones the first', () => {
    expect(didYouMean('chain', ['chair', 'chains'])).toBe('chair');
    expect(didYouMean('chains', ['chair', 'chainz', 'chains'])).toBe('chains');
  });
});
