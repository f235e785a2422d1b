import type { PotentialUnits } from '../../core/potential.ts';

const subscripts = '₀₁₂₃₄₅₆₇₈₉';

/** `x₀` or `x₀ (nm)`: a coordinate by its index, from 0. */
export function coordinateLabel(index: number, units: PotentialUnits, letter = 'x'): string {
  const digits = [...String(index)].map((digit) => subscripts[Number(digit)]).join('');
  return `${letter}${digits}${units.length === 'nm' ? ' (nm)' : ''}`;
}

const greek: Readonly<Record<string, string>> = {
  phi: 'φ',
  psi: 'ψ',
  omega: 'ω',
  chi: 'χ',
  theta: 'θ',
};

/** `φ` for a variable `phi`; any other name as it is. */
export function plainLabel(name: string): string {
  return Object.hasOwn(greek, name) ? greek[name] : name;
}

/** `φ (°)`, `distance`: a collective variable by its name, with its unit where it is an angle. */
export function variableLabel(variable: {
  readonly name: string;
  readonly isAngle: boolean;
}): string {
  return `${plainLabel(variable.name)}${variable.isAngle ? ' (°)' : ''}`;
}

/** −180°, −90°, 0 … as far as an axis in degrees goes; six ticks of the plot's choice where that leaves one. */
export function rightAngles(low: number, high: number): number[] | number {
  // Ends come from radians, and −180° may have lost its last digit.
  const ticks = [-180, -90, 0, 90, 180, 270, 360].filter((t) => t > low - 1e-4 && t < high + 1e-4);
  return ticks.length < 2 ? 6 : ticks;
}
