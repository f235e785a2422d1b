import { sumOfLanes } from './lanes';

/**
 * All pairs of a large molecule, one chain at a time, with atoms in the lanes: atom i against a group of
 * neighbours in memory. Nonbonded and generalised Born energies as in `born.ts`; the nonbonded exceptions are masked here
 * and computed elsewhere.
 *
 * Arrays have one T an atom, `stride` bytes each, filled up with atoms far away that have no
 * parameters. The first group of atom i also holds atoms up to i: lanes without a pair are masked.
 */
export namespace Crowd {
  /** Atoms, stride of an array in bytes. */
  export const atoms: usize = 0;
  export const stride: usize = 4;
  /** x, y, z, then their gradients. */
  export const place: usize = 8;
  /** σ/2, 2√ε, √C q, ρ̃, S ρ̃, 1/ρ̃, max(34.1 (S ρ̃)², 4 ρ̃²). */
  export const constants: usize = 12;
  /** I, R, 1/R, ∂U/∂R. */
  export const radii: usize = 16;
  /** Address of the first special group of each atom. */
  export const special: usize = 20;
  /** As in `born.ts`: parameters and settings; 0 without a Born term. */
  export const perAtom: usize = 24;
  export const settings: usize = 28;
  /** 64 bytes an atom, and 32. */
  export const scratch: usize = 32;
  /** Slopes of the integrals, two vectors a group. */
  export const slopes: usize = 36;
  /** 1 where there is a nonbonded term. */
  export const nonbonded: usize = 40;
}

@inline
export function word(crowd: usize, offset: usize): usize {
  return <usize>load<u32>(crowd + offset);
}

/** Adds the sum of the lanes to the number at `address`. */
@inline
export function accumulate<T>(address: usize, lanes: v128): void {
  store<T>(address, <T>(<f64>load<T>(address) + sumOfLanes<T>(lanes)));
}
