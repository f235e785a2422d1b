import { batch } from '../../core/batch.ts';
import type { Potential } from '../../core/potential.ts';
import { type Finding, finding, shown } from './finding.ts';

/** How far out U must still be rising, in multiples of the region that was reached. */
const distances = [1e3, 1e4] as const;

/**
 * Whether U goes on rising far away along every coordinate, so that exp(−U/kT) can be normalised.
 *
 * `from` is a minimum, `[D]`, with energy `lowest`; `width` is how far configurations reach.
 */
export function checkConfined(
  potential: Potential,
  options: {
    readonly from: Float64Array;
    readonly lowest: number;
    readonly width: number;
    readonly kT: number;
    readonly nameOf: (coordinate: number) => string;
  },
): Finding {
  const { dim } = potential;
  const { from, lowest, width, kT } = options;
  // Per coordinate: −near, −far, +near, +far.
  const data = new Float64Array(4 * dim * dim);
  for (let k = 0; k < 4 * dim; k++) {
    data.set(from, k * dim);
    const sign = k % 4 < 2 ? -1 : 1;
    data[k * dim + Math.floor(k / 4)] += sign * distances[k % 2] * width;
  }
  const energies = potential.energy(batch(data, dim));
  const open: { coordinate: number; height: number }[] = [];
  for (let i = 0; i < dim; i++) {
    for (const side of [0, 2]) {
      const [near, far] = energies.subarray(4 * i + side, 4 * i + side + 2);
      // Infinity − Infinity is NaN, which compares false: a wall confines.
      if (far - near < kT) open.push({ coordinate: i, height: (far - lowest) / kT });
    }
  }
  const [first] = open;
  if (first === undefined) {
    return finding('confined', 'passed', 'U rises along every coordinate, far away', { open: 0 });
  }
  const coordinates = [...new Set(open.map(({ coordinate }) => coordinate))];
  const height = Math.min(...open.map((one) => one.height));
  const listed = coordinates.slice(0, 4).map(options.nameOf).join(', ');
  return finding(
    'confined',
    'warned',
    `U stops rising far away along ${listed}${coordinates.length > 4 ? ` and ${coordinates.length - 4} more` : ''}, ` +
      `${shown(height)} kT above the minimum: the Boltzmann distribution cannot be normalised, and chains ` +
      'leave in the end. Add a wall or a weak harmonic restraint',
    { open: coordinates.length, escapeInKT: height },
  );
}
