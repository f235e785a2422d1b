import type { Nonbonded } from '../term.ts';
import { switchValue } from './switching.ts';

/**
 * V times the energy that a cutoff leaves out, if the atoms beyond it are spread evenly, kJ/mol·nm³.
 *
 *     V ΔU = 8π N² ⟨ ε ( σ¹²/9r_c⁹ − σ⁶/3r_c³ + ∫ (1 − S(r)) (σ¹²/r¹⁰ − σ⁶/r⁴) dr ) ⟩
 *
 * ⟨…⟩ is the mean over all pairs of atoms, each with itself included, and the integral runs from the switch
 * to the cutoff. OpenMM's formula, so that energies agree.
 * Shirts, Mobley, Chodera & Pande, J. Phys. Chem. B 111, 13052, 2007. doi:10.1021/jp0735987
 */
export function dispersionCorrection(
  { sigma, epsilon }: Pick<Nonbonded, 'sigma' | 'epsilon'>,
  cutoff: number,
  switchDistance = cutoff,
): number {
  const atoms = sigma.length;
  const tail = {
    repulsion: 1 / (9 * cutoff ** 9) + switchedOff(-10, switchDistance, cutoff),
    attraction: 1 / (3 * cutoff ** 3) + switchedOff(-4, switchDistance, cutoff),
  };
  const kinds = [...countKinds(sigma, epsilon).values()];
  let sum = 0;
  for (let i = 0; i < kinds.length; i++) {
    for (let j = i; j < kinds.length; j++) {
      const [a, b] = [kinds[i], kinds[j]];
      const pairs = i === j ? (a.count * (a.count + 1)) / 2 : a.count * b.count;
      const six = (0.5 * (a.sigma + b.sigma)) ** 6;
      const depth = Math.sqrt(a.epsilon * b.epsilon);
      sum += pairs * depth * (six * six * tail.repulsion - six * tail.attraction);
    }
  }
  return (8 * Math.PI * atoms ** 2 * sum) / ((atoms * (atoms + 1)) / 2);
}

/** Atoms of like σ and ε, counted: proteins in water have a dozen kinds among thousands of atoms. */
function countKinds(sigma: Float64Array, epsilon: Float64Array) {
  const kinds = new Map<string, { sigma: number; epsilon: number; count: number }>();
  sigma.forEach((length, i) => {
    const key = `${length} ${epsilon[i]}`;
    const kind = kinds.get(key) ?? { sigma: length, epsilon: epsilon[i], count: 0 };
    kind.count++;
    kinds.set(key, kind);
  });
  return kinds;
}

/** ∫ (1 − S(r)) rᵖ dr from the switch to the cutoff, by Gauss–Legendre with 3 points on 64 pieces. */
function switchedOff(power: number, from: number, to: number): number {
  const pieces = 64;
  const width = (to - from) / pieces;
  if (width === 0) return 0;
  const reach = Math.sqrt(0.6);
  let sum = 0;
  for (let piece = 0; piece < pieces; piece++) {
    for (const [point, weight] of [
      [-reach, 5 / 18],
      [0, 8 / 18],
      [reach, 5 / 18],
    ]) {
      const r = from + (piece + 0.5 + 0.5 * point) * width;
      sum += weight * width * (1 - switchValue((r - from) / (to - from))) * r ** power;
    }
  }
  return sum;
}
