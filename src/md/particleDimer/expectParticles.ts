import { ErgoflowError, ShapeError } from '../../core/errors.ts';

/** Pairs named in one message. */
const NAMED = 4;

/**
 * Checks a starting configuration of particles in the plane, `[D]`, before anything is run on it.
 *
 * @param closest the smallest distance that two particles may have.
 * @throws {ShapeError} where it is not of `particles` particles.
 * @throws {ErgoflowError} naming the particles whose coordinates are not finite, or which overlap;
 *   they are counted from 0, and the dimer is 0 and 1.
 */
export function expectParticles(
  x: ArrayLike<number>,
  particles: number,
  closest: number,
): Float64Array {
  if (x.length !== 2 * particles) {
    throw new ShapeError(
      `start: expected ${particles} particles in the plane, ${2 * particles} coordinates, got ` +
        `${x.length / 2} particles, ${x.length} coordinates`,
    );
  }
  const lost: string[] = [];
  const close: string[] = [];
  for (let i = 0; i < particles; i++) {
    const [xi, yi] = [x[2 * i], x[2 * i + 1]];
    if (!Number.isFinite(xi) || !Number.isFinite(yi)) lost.push(`particle ${i} (${xi}, ${yi})`);
    for (let j = i + 1; j < particles; j++) {
      const distance = Math.hypot(xi - x[2 * j], yi - x[2 * j + 1]);
      if (distance < closest) close.push(`${i} and ${j} (${Number(distance.toPrecision(3))})`);
    }
  }
  if (lost.length > 0) {
    throw new ErgoflowError(`start: coordinates that are not finite: ${shortened(lost)}`);
  }
  if (close.length > 0) {
    throw new ErgoflowError(
      `start: overlapping particles, closer than ${Number(closest.toPrecision(3))}: ` +
        `${shortened(close)}; move them apart`,
    );
  }
  return Float64Array.from(x);
}

function shortened(names: readonly string[]): string {
  const more = names.length - NAMED;
  return names.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
