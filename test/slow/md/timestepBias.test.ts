import { describe, expect, it } from 'vitest';
import { rootKey } from '../../../src/core/rng.ts';
import { baoabBias, eulerMaruyamaBias, powerLaw } from '../../md/timestepBias.ts';

describe('the time-step bias, in runs ten times as long and at smaller steps', () => {
  it('of Euler–Maruyama is O(Δt) in the positions', () => {
    const timesteps = [0.06, 0.1, 0.16, 0.25];
    const biases = eulerMaruyamaBias(timesteps, [150e6, 60e6, 20e6, 10e6], rootKey(2));
    const { slope, standardError } = powerLaw(timesteps, biases);
    expect(standardError).toBeLessThan(0.03);
    expect(Math.abs(slope - 1)).toBeLessThan(3 * standardError);
  });

  it('of BAOAB is O(Δt²) in the positions and in the kinetic temperature', () => {
    const timesteps = [0.4, 0.5, 0.65, 0.85];
    const { cosine, temperature } = baoabBias(timesteps, [200e6, 100e6, 60e6, 30e6], rootKey(2));
    for (const biases of [cosine, temperature]) {
      const { slope, standardError } = powerLaw(timesteps, biases);
      expect(standardError).toBeLessThan(0.12);
      expect(Math.abs(slope - 2)).toBeLessThan(3 * standardError);
    }
  });
});
