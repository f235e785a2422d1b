import { type CollectiveVariable, particleDistance } from '../../core/collectiveVariable.ts';
import { expectInteger, expectPositive } from '../../core/expectNumber.ts';
import type { Potential } from '../../core/potential.ts';
import { minimize } from '../minimize.ts';
import { expectParticles } from './expectParticles.ts';

/** d, the distance of the dimer's two particles. */
export const dimerDistance: CollectiveVariable = particleDistance('d', [0, 1], 2);

/** Closed is d < 1.5, open is d ≥ 1.5. */
export const dimerThreshold = 1.5;

/** Half the edge of the square on which the solvent starts. */
const HALF_EDGE = 3;
/** Two particles closer than this have 10⁵ kT at kT = 1 and rm = 1.1, and no start is meant like that. */
const CLOSEST = 0.42;

/**
 * The lattice start, `[D]`: the dimer on the x axis at ±d/2, the solvent row by row on a square lattice
 * from −3 to 3, at ±0.6, ±1.8 and ±3 for 36 particles.
 *
 * Where the solvent does not fill the square the last sites stay empty. As `init_positions` of the code
 * of Noé et al., Science 365, eaaw1147, 2019, whose last scaling by 1.05 is applied to the sites and not to d.
 */
export function dimerLattice(distance: number, solvent = 36): Float64Array {
  expectPositive('distance', distance);
  expectInteger('solvent', solvent, 0);
  const side = Math.ceil(Math.sqrt(solvent));
  const site = (n: number): number =>
    side === 1 ? HALF_EDGE : HALF_EDGE * ((2 * n) / (side - 1) - 1);
  const x = new Float64Array(2 * (2 + solvent));
  x[0] = -distance / 2;
  x[2] = distance / 2;
  for (let n = 0; n < solvent; n++) {
    x[4 + 2 * n] = site(n % side);
    x[5 + 2 * n] = site(Math.floor(n / side));
  }
  return x;
}

/**
 * A start that a simulation can be begun from, `[D]`: the lattice at this distance, or a configuration of
 * one's own, relaxed to the nearest minimum of the potential.
 *
 * From 1 the dimer relaxes into the closed state, from 2 into the open one.
 * @throws {ShapeError} for a wrong number of particles. @throws {ErgoflowError} naming particles that
 *   overlap or have no finite coordinates.
 */
export function relaxedDimer(
  potential: Potential,
  start: number | ArrayLike<number>,
): Float64Array {
  const particles = potential.dim / 2;
  const x =
    typeof start === 'number'
      ? dimerLattice(start, particles - 2)
      : expectParticles(start, particles, CLOSEST);
  return minimize(potential, x, { gradientTolerance: 1e-3 }).x;
}
