import { type Batch, batch } from '../../core/batch.ts';
import { expectInteger, expectPositive } from '../../core/expectNumber.ts';
import { metropolisHastings, type Proposer } from '../../core/hastings.ts';
import type { Kernel, RefusalCause } from '../../core/kernel.ts';
import {
  type EnergyAndGradient,
  energyAndGradientBuffer,
  type Potential,
} from '../../core/potential.ts';
import { normal } from '../../core/rng.ts';

/** Settings of the Metropolis-adjusted Langevin algorithm. */
export interface MalaOptions {
  /** k_B T, in the potential's energy unit. */
  readonly kT: number;
  /** Δt of the overdamped step, length²/energy, as in `eulerMaruyama`. */
  readonly timestep: number;
  /** Steps offered to each chain per burst. */
  readonly attempts: number;
}

/**
 * Metropolis-adjusted Langevin: an Euler–Maruyama step, accepted or not by the Hastings rule.
 *
 *     y = x − Δt ∇U(x) + √(2 kT Δt) ξ
 *     log q(x → y) = −|y − x + Δt ∇U(x)|² / (4 kT Δt)
 *
 * One evaluation an attempt; it accepts best near 57 % in many dimensions.
 * Roberts & Tweedie, Bernoulli 2, 341, 1996. doi:10.2307/3318418
 */
export function mala(potential: Potential, options: MalaOptions): Kernel {
  return metropolisHastings(potential, malaProposer(potential, options), {
    kT: options.kT,
    attempts: expectInteger('attempts', options.attempts, 1),
  });
}

/** The Langevin proposal of `mala`. A chain whose gradient is not finite is refused. */
export function malaProposer(
  potential: Potential,
  options: Pick<MalaOptions, 'kT' | 'timestep'>,
): Proposer {
  const kT = expectPositive('kT', options.kT);
  const timestep = expectPositive('timestep', options.timestep);
  const spread = Math.sqrt(2 * kT * timestep);
  const { dim } = potential;

  let y: Batch = batch(new Float64Array(0), dim);
  let evaluated: EnergyAndGradient = energyAndGradientBuffer(0, dim);
  let logForward = new Float64Array(0);
  let logReverse = new Float64Array(0);
  let refused: (RefusalCause | undefined)[] = [];

  function resize(count: number): void {
    y = batch(new Float64Array(count * dim), dim);
    evaluated = energyAndGradientBuffer(count, dim);
    logForward = new Float64Array(count);
    logReverse = new Float64Array(count);
    refused = new Array<RefusalCause | undefined>(count);
  }

  return {
    name: 'mala',
    redrawsVelocities: false,
    propose({ positions, gradient }, key) {
      const { count } = positions;
      if (y.count !== count) resize(count);
      const x = positions.data;
      normal(key, y.data);
      let anyRefused = false;
      for (let b = 0; b < count; b++) {
        let noise = 0;
        let total = 0;
        for (let i = b * dim; i < (b + 1) * dim; i++) {
          noise += y.data[i] * y.data[i];
          y.data[i] = x[i] - timestep * gradient[i] + spread * y.data[i];
          total += y.data[i];
        }
        logForward[b] = -0.5 * noise;
        refused[b] = Number.isFinite(total) ? undefined : 'notFinite';
        if (refused[b] === undefined) continue;
        // The potential is never shown a configuration that is none.
        anyRefused = true;
        for (let i = b * dim; i < (b + 1) * dim; i++) y.data[i] = x[i];
      }
      potential.energyAndGradient(y, evaluated);
      for (let b = 0; b < count; b++) {
        let distance = 0;
        for (let i = b * dim; i < (b + 1) * dim; i++) {
          const back = x[i] - y.data[i] + timestep * evaluated.gradient[i];
          distance += back * back;
        }
        // Where U is +∞ its gradient means nothing, and the rejection is an ordinary one.
        logReverse[b] = evaluated.energy[b] === Infinity ? 0 : -distance / (4 * kT * timestep);
      }
      return {
        y,
        logForward,
        logReverse,
        evaluated,
        refused: anyRefused ? refused : undefined,
        density: undefined,
      };
    },
  };
}
