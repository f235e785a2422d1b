import { describe, expect, it } from 'vitest';
import {
  DivergenceError,
  ErgoflowError,
  formatCoordinates,
  ScenarioError,
  ShapeError,
} from '../../src/core/errors.ts';

const divergence = {
  potential: 'double-well',
  chain: 3,
  step: 17,
  energy: Number.NaN,
  coordinates: Float64Array.of(1.25, -2),
};

describe('errors', () => {
  it('are all ours, each under its own name', () => {
    const errors = [
      new ShapeError('x'),
      new DivergenceError(divergence),
      new ScenarioError('x', []),
    ];
    expect(errors.map((error) => error.name)).toEqual([
      'ShapeError',
      'DivergenceError',
      'ScenarioError',
    ]);
    expect(errors.every((error) => error instanceof ErgoflowError)).toBe(true);
  });

  it('a divergence says which potential, chain, step, energy and place', () => {
    const error = new DivergenceError(divergence);
    expect(error.message).toMatch(/chain 3 .*step 17.*double-well gave energy NaN at \(1.25, -2\)/);
    expect(error).toMatchObject({ potential: 'double-well', chain: 3, step: 17 });
  });

  it('a divergence of the gradient names the coordinate, for the energy may be finite', () => {
    const error = new DivergenceError({
      ...divergence,
      energy: 1.5,
      gradient: { coordinate: 1, value: Infinity },
    });
    expect(error.message).toContain('gave energy 1.5 and gradient[1] Infinity');
  });

  it('a scenario lists every problem with its path', () => {
    const error = new ScenarioError('mine', [
      { path: 'kT', message: 'expected a positive number, got -1' },
      { path: 'flow.blocks', message: 'is missing' },
    ]);
    expect(error.message).toBe(
      'scenario "mine":\n  kT: expected a positive number, got -1\n  flow.blocks: is missing',
    );
    expect(error.issues).toHaveLength(2);
  });

  it('coordinates are shortened to eight of six digits', () => {
    expect(formatCoordinates(new Float64Array(12).fill(1 / 3))).toBe(
      `(${new Array(8).fill('0.333333').join(', ')}, … 12 coordinates)`,
    );
  });
});
