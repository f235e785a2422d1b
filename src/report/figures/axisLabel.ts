import type { PotentialUnits } from '../../core/potential.ts';

const subscripts = '₀₁₂₃₄₅₆₇₈₉';

/** `x₀` or `x₀ (nm)`: a coordinate by its index, from 0. */
export function coordinateLabel(index: number, units: PotentialUnits, letter = 'x'): string {
  const digits = [...String(index)].map((digit) => subscripts[Number(digit)]).join('');
  return `${letter}${digits}${units.length === 'nm' ? ' (nm)' : ''}`;
}
