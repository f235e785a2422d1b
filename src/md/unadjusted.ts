import { type Batch, row } from '../core/batch.ts';
import { DivergenceError } from '../core/errors.ts';
import { type MoveInfo, noRefusals } from '../core/kernel.ts';
import type { EnergyAndGradient, Potential } from '../core/potential.ts';

/** What dynamics that accepts every step has to say about a burst of `count` chains. */
export function nothingRefused(count: number): MoveInfo {
  return {
    attempts: 0,
    accepted: new Float64Array(count),
    logRatio: new Float64Array(count),
    refused: noRefusals(),
  };
}

/**
 * Stops a trajectory that has no way back: nothing rejects its next step.
 * @throws {DivergenceError} for the first chain whose energy or gradient is not finite; `step` counts
 *   from the start of the burst, 0 being its start.
 */
export function expectFiniteTrajectory(
  potential: Potential,
  step: number,
  x: Batch,
  { energy, gradient }: EnergyAndGradient,
): void {
  const { dim } = x;
  for (let b = 0; b < x.count; b++) {
    // Finite or not in one number: a sum of finite terms times zero is zero, else NaN.
    let zero = 0 * energy[b];
    for (let i = b * dim; i < (b + 1) * dim; i++) zero += 0 * gradient[i];
    if (zero === 0) continue;
    const component = gradient
      .subarray(b * dim, (b + 1) * dim)
      .findIndex((g) => !Number.isFinite(g));
    throw new DivergenceError({
      potential: potential.name,
      chain: b,
      step,
      energy: energy[b],
      coordinates: row(x, b).slice(),
      term: potential.explain?.(row(x, b)),
      ...(component >= 0 && {
        gradient: { coordinate: component, value: gradient[b * dim + component] },
      }),
    });
  }
}
