import { fold, type Key, normal } from '../../src/core/rng.ts';
import { congruential } from './series.ts';

export interface Oscillator {
  readonly center: number;
  readonly stiffness: number;
}

/** ½ k (x − o)², kT. */
export function harmonicEnergy({ center, stiffness }: Oscillator, x: number): number {
  return 0.5 * stiffness * (x - center) ** 2;
}

/** pymbar's test system: −ln Z differences ½ ln(k/k₀) and means o; no samples of the third. */
export const wells: readonly Oscillator[] = [
  { center: 1, stiffness: 0.5 },
  { center: 2, stiffness: 1 },
  { center: 3, stiffness: 1.5 },
  { center: 4, stiffness: 2 },
];

export interface OscillatorSamples {
  readonly x: Float64Array;
  /** `[K][N]` */
  readonly energies: Float64Array[];
  readonly counts: readonly number[];
}

/** Samples of the four wells, drawn as sums of twelve congruential uniforms, as for pymbar's figures. */
export function oscillators(): OscillatorSamples {
  const counts = [100, 50, 0, 80];
  return gather(counts, (k) =>
    Float64Array.from({ length: counts[k] }, (_, n) =>
      congruential(20 + k, 12 * counts[k])
        .subarray(12 * n, 12 * n + 12)
        .reduce((sum, u) => sum + u, -6),
    ),
  );
}

/** Independent samples of the four wells. */
export function drawOscillators(key: Key, counts: readonly number[]): OscillatorSamples {
  return gather(counts, (k) => normal(fold(key, `well ${k}`), counts[k]));
}

function gather(counts: readonly number[], gauss: (k: number) => Float64Array): OscillatorSamples {
  const x = Float64Array.from(
    wells.flatMap(({ center, stiffness }, k) =>
      Array.from(gauss(k), (z) => center + z / Math.sqrt(stiffness)),
    ),
  );
  return { x, energies: wells.map((well) => x.map((v) => harmonicEnergy(well, v))), counts };
}
