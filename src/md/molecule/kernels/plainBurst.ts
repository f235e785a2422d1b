import { batch } from '../../../core/batch.ts';
import type { Potential } from '../../../core/potential.ts';
import { at, fold } from '../../../core/rng.ts';
import { expectFiniteTrajectory } from '../../unadjusted.ts';
import type { Burst, BurstSettings } from './burst.ts';
import { laneNormal } from './laneNormal.ts';

/** A burst in TypeScript, over any potential, with the noise and the order of operations of the compiled one. */
export function plainBurst(
  potential: Potential,
  { steps, half, keep, kick, renew }: BurstSettings,
): Burst {
  const { dim } = potential;
  let noise = new Float64Array(0);
  return (state, key, first) => {
    const { positions: x, velocities: v, gradient } = state;
    const chains = batch(x, dim);
    if (noise.length !== x.length) noise = new Float64Array(x.length);
    for (let step = 0; step < steps; step++) {
      laneNormal(fold(at(key, step), 'noise'), noise, first * dim);
      for (let i = 0, d = 0; i < x.length; i++, d = d + 1 === dim ? 0 : d + 1) {
        const kicked = v[i] - kick[d] * gradient[i];
        const renewed = keep * kicked + renew[d] * noise[i];
        x[i] += half * (kicked + renewed);
        v[i] = renewed;
      }
      potential.energyAndGradient(chains, state);
      expectFiniteTrajectory(potential, step + 1, chains, state);
      for (let i = 0, d = 0; i < x.length; i++, d = d + 1 === dim ? 0 : d + 1) {
        v[i] -= kick[d] * gradient[i];
      }
    }
  };
}
