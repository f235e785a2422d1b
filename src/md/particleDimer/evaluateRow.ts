/**
 * U of the `particles` particles at `x[offset] …`, with ∂U/∂x written to `gradient[offset] …`.
 *
 * The twin of `assembly/particleDimer.ts`, operation by operation, so that both give the same bits: it
 * is the oracle of that kernel, and takes its place where the machine has no vector instructions.
 * `p` holds the numbers of `packed`.
 */
export function evaluateRow(
  x: Float64Array,
  offset: number,
  particles: number,
  p: Float64Array,
  gradient: Float64Array,
): number {
  const end = offset + 2 * particles;
  gradient.fill(0, offset, end);
  const pairs = pairSums(x, offset, end, gradient);
  const box = boxTerm(x, offset, end, p, gradient);
  return p[0] * pairs + box + bondTerm(x, offset, p, gradient);
}

/** Σ r⁻¹² over all pairs but the dimer's; adds Σ r⁻¹⁴ (xⱼ − xᵢ) to `gradient`. */
function pairSums(x: Float64Array, offset: number, end: number, gradient: Float64Array): number {
  let sum = 0;
  for (let i = offset; i < end; i += 2) {
    let gx = gradient[i];
    let gy = gradient[i + 1];
    // The first two particles are bound, not repelled.
    for (let j = i === offset ? offset + 4 : i + 2; j < end; j += 2) {
      const dx = x[j] - x[i];
      const dy = x[j + 1] - x[i + 1];
      const inverse = 1 / (dx * dx + dy * dy);
      const cube = inverse * inverse * inverse;
      const term = cube * cube;
      const slope = term * inverse;
      const sx = slope * dx;
      const sy = slope * dy;
      sum += term;
      gx += sx;
      gy += sy;
      gradient[j] -= sx;
      gradient[j + 1] -= sy;
    }
    gradient[i] = gx;
    gradient[i + 1] = gy;
  }
  return sum;
}

/** Turns the pair sums in `gradient` into gradients, and adds the walls' part. */
function boxTerm(
  x: Float64Array,
  offset: number,
  end: number,
  p: Float64Array,
  gradient: Float64Array,
): number {
  const twelve = p[1];
  const half = p[2];
  const wall = p[3];
  const twice = wall + wall;
  let sum = 0;
  for (let i = offset; i < end; i++) {
    // How far beyond the wall, with the sign of the coordinate; a number that is none stays.
    const beyond = Math.max(x[i] - half, 0) + Math.min(x[i] + half, 0);
    sum += beyond * beyond;
    gradient[i] = twelve * gradient[i] + twice * beyond;
  }
  return wall * sum;
}

/** The bond between the first two particles and the springs that keep them in place. */
function bondTerm(
  x: Float64Array,
  offset: number,
  p: Float64Array,
  gradient: Float64Array,
): number {
  const middle = p[4];
  const tilt = p[5];
  const quadratic = p[6];
  const quartic = p[7];
  const anchor = p[8];
  const x1 = x[offset];
  const y1 = x[offset + 1];
  const x2 = x[offset + 2];
  const y2 = x[offset + 3];
  const dx = x1 - x2;
  const dy = y1 - y2;
  const d = Math.sqrt(dx * dx + dy * dy);
  const u = d - middle + (d - middle);
  const uu = u * u;
  const sum = x1 + x2;
  const well = (quartic * (uu * u) + tilt - quadratic * u) * u;
  const springs = anchor * (sum * sum + y1 * y1 + y2 * y2);
  // dU/dd = 2 dU/du, over d, so that it multiplies the components of the bond.
  const inner = 4 * (quartic * (uu * u)) - 2 * (quadratic * u) + tilt;
  const slope = (inner + inner) / d;
  const twice = anchor + anchor;
  gradient[offset] += twice * sum + slope * dx;
  gradient[offset + 1] += twice * y1 + slope * dy;
  gradient[offset + 2] += twice * sum - slope * dx;
  gradient[offset + 3] += twice * y2 - slope * dy;
  return well + springs;
}
