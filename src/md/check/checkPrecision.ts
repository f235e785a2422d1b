import { type Batch, batch, row } from '../../core/batch.ts';
import type { Potential } from '../../core/potential.ts';
import { at, type Key, normal } from '../../core/rng.ts';
import { type Finding, finding, shown } from './finding.ts';

/** Points on each line; the differences up to the sixth say how rough U is. */
const linePoints = 9;
const order = 6;
/** Spacing of the points, relative to the size of the coordinates. */
const spacing = 1e-5;

/** Roughness of U along short lines. */
export interface Noise {
  /** Standard deviation of the noise in U over the size of its terms, the median of all lines. */
  readonly relative: number;
  /** The largest standard deviation, energy. */
  readonly largest: number;
}

/**
 * How rough U is on scales where a smooth function is a polynomial, from a table of differences.
 *
 *     σ² = (k!)² / (2k)! · mean (Δᵏ U)²,   k = 6
 *
 * Moré & Wild, SIAM J. Sci. Comput. 33, 1292, 2011. doi:10.1137/100786125
 */
export function measureNoise(potential: Potential, points: Batch, key: Key): Noise {
  const { dim } = points;
  const found: { relative: number; sigma: number }[] = [];
  for (let b = 0; b < points.count; b++) {
    const x = row(points, b);
    const direction = normal(at(key, b), dim);
    const length = Math.hypot(...direction);
    const data = new Float64Array(linePoints * dim);
    for (let p = 0; p < linePoints; p++) {
      for (let i = 0; i < dim; i++) {
        const step = spacing * Math.max(1, Math.abs(x[i]));
        data[p * dim + i] = x[i] + (p * step * direction[i]) / length;
      }
    }
    const { energy, gradient } = potential.energyAndGradient(batch(data, dim));
    if (!energy.every(Number.isFinite)) continue;
    const sigma = deviation(energy);
    // Terms that cancel are larger than their sum; what each coordinate contributes bounds them.
    let size = Math.abs(energy[0]);
    for (let i = 0; i < dim; i++) size = Math.max(size, Math.abs(gradient[i] * x[i]));
    found.push({ sigma, relative: size === 0 ? 0 : sigma / size });
  }
  const relatives = found.map(({ relative }) => relative).sort((a, b) => a - b);
  return {
    relative: relatives[Math.floor(relatives.length / 2)] ?? 0,
    largest: found.reduce((largest, { sigma }) => Math.max(largest, sigma), 0),
  };
}

/** Whether U is as smooth as float64 allows; noise that moves the Metropolis coin is a failure. */
export function checkPrecision({ relative, largest }: Noise, kT: number): Finding {
  const figures = { relativeNoise: relative, noiseInKT: largest / kT };
  const size = `noise of ${shown(relative, 2)} relative, ${shown(largest / kT, 2)} kT at most`;
  if (largest > 0.05 * kT) {
    return finding(
      'precision',
      'failed',
      `U is rough on the smallest scale (${size}): acceptance would be decided by noise`,
      figures,
    );
  }
  if (relative > 1e-11) {
    return finding(
      'precision',
      'warned',
      `U is less exact than float64 allows (${size})` +
        (relative > 1e-9 && relative < 1e-5
          ? ': it looks like single precision (float32) somewhere inside'
          : ': a table, an iteration that stops early, or large terms that cancel'),
      figures,
    );
  }
  return finding('precision', 'passed', `U is smooth to float64 (${size})`, figures);
}

function deviation(values: Float64Array): number {
  const table = values.slice();
  for (let k = 1; k <= order; k++) {
    for (let i = 0; i < table.length - k; i++) table[i] = table[i + 1] - table[i];
  }
  let factor = 1;
  // (k!)² / (2k)! = Π j / (k + j)
  for (let j = 1; j <= order; j++) factor *= j / (order + j);
  const count = values.length - order;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += table[i] * table[i];
  return Math.sqrt((factor * sum) / count);
}
