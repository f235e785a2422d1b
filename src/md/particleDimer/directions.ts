import { expectInteger } from '../../core/expectNumber.ts';

/**
 * The directions in which an autoregressive flow takes the particle dimer, `[D][D]`, orthonormal, one a row:
 * the bond (x₂ − x₁)/√2 and its centre (x₁ + x₂)/√2, y₁ and y₂, then the solvent, particle by particle.
 *
 * Which state a configuration is in is drawn first, and everything else is conditioned on it; a solvent
 * particle is conditioned on those of the rows below and on its left, which it must not overlap.
 */
export function dimerDirections(solvent = 36): readonly (readonly number[])[] {
  expectInteger('solvent', solvent, 0);
  const dim = 2 * (2 + solvent);
  const half = Math.SQRT1_2;
  const along = (entries: Readonly<Record<number, number>>): number[] =>
    Array.from({ length: dim }, (_, i) => entries[i] ?? 0);
  return [
    along({ 0: -half, 2: half }),
    along({ 0: half, 2: half }),
    along({ 1: 1 }),
    along({ 3: 1 }),
    ...Array.from({ length: 2 * solvent }, (_, i) => along({ [4 + i]: 1 })),
  ];
}
