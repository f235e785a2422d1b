import type { Kernel } from '../../core/kernel.ts';
import type { Potential } from '../../core/potential.ts';
import { type GhmcOptions, ghmc } from './ghmc.ts';

/** Settings of hybrid Monte Carlo. */
export type HmcOptions = Omit<GhmcOptions, 'persistence'>;

/**
 * Hybrid (Hamiltonian) Monte Carlo: `ghmc` with fresh velocities for every trajectory.
 *
 *     v ~ N(0, kT/m);   (x, v) → L steps of velocity Verlet;   log α = −Δ(U + ½ m v²)/kT
 *
 * L evaluations an attempt; it accepts best near 80 %.
 * Duane, Kennedy, Pendleton & Roweth, Phys. Lett. B 195, 216, 1987. doi:10.1016/0370-2693(87)91197-X
 */
export function hmc(potential: Potential, options: HmcOptions): Kernel {
  return { ...ghmc(potential, { ...options, persistence: 0 }), name: 'hmc' };
}
