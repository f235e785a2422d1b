import { type Batch, rows } from '../../core/batch.ts';
import { energyAndGradientBuffer, type Potential } from '../../core/potential.ts';
import { type Finding, finding, shown } from './finding.ts';

export interface SpeedOptions {
  readonly points: Batch;
  /** Milliseconds since some moment. */
  readonly now: () => number;
  /** How long to measure, milliseconds; each of two measurements takes as long. */
  readonly duration: number;
}

/** How fast energies and gradients come: one configuration at a time, and many in a batch. */
export function measureSpeed(potential: Potential, options: SpeedOptions): Finding {
  const single = rate(potential, rows(options.points, 0, 1), options);
  const batched = rate(potential, options.points, options);
  const best = Math.max(single, batched);
  const duration = (1e6 / best).toPrecision(3);
  return finding(
    'speed',
    'passed',
    `${shown(batched, 2)} configurations a second with gradients in batches of ${options.points.count}, ` +
      `${shown(single, 2)} one at a time: a run of a million takes ${shown(Number(duration), 2)} s on this machine`,
    {
      batchedPerSecond: batched,
      singlePerSecond: single,
      microsecondsPerRow: 1e6 / batched,
    },
  );
}

function rate(potential: Potential, x: Batch, { now, duration }: SpeedOptions): number {
  const out = energyAndGradientBuffer(x.count, x.dim);
  potential.energyAndGradient(x, out);
  const begin = now();
  let calls = 0;
  let elapsed = 0;
  // Clocks are coarse: several calls between two readings, ever more of them.
  for (let burst = 1; elapsed < duration && burst < 2 ** 20; burst *= 2) {
    for (let call = 0; call < burst; call++) potential.energyAndGradient(x, out);
    calls += burst;
    elapsed = now() - begin;
  }
  return (1000 * calls * x.count) / elapsed;
}
