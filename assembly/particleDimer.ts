/**
 * The particle dimer's energy and gradient in float64 SIMD: the inner loops of
 * `src/md/particleDimer/evaluateRow.ts`, built into `src/md/wasm/particleDimer.wasm.ts` by
 * `scripts/build-wasm.mjs`. The host owns the memory and passes byte addresses.
 *
 * The lanes of a vector are two configurations, so that no row can see another, and every operation
 * has the order of the TypeScript function, which gives the same bits.
 */

/** Bytes of one particle in the scratch area: x of both configurations, then y of both. */
const PARTICLE: usize = 32;

/**
 * U and ∂U/∂x of `count` rows, an even number, of `particles` particles in the plane.
 *
 * `x` and `gradient` hold rows one after the other, as a `Batch` does; `energy` one number a row.
 * `parameters` is the address of the numbers of `DimerParameters` in their order; `scratch` has room
 * 64 bytes a particle.
 */
export function evaluate(
  x: usize,
  count: usize,
  particles: usize,
  parameters: usize,
  scratch: usize,
  energy: usize,
  gradient: usize,
): void {
  const row = particles * 16;
  const slopes = scratch + particles * PARTICLE;
  for (let b: usize = 0; b < count; b += 2) {
    gather(x + b * row, row, scratch, slopes);
    v128.store(energy + b * 8, terms(particles, parameters, scratch, slopes));
    scatter(slopes, row, gradient + b * row);
  }
}

/** Two rows, x y x y …, into lanes; the gradient starts at zero. */
function gather(first: usize, row: usize, scratch: usize, slopes: usize): void {
  const zero = f64x2.splat(0);
  const end = first + row;
  for (let p = first; p < end; p += 16) {
    const a = v128.load(p);
    const b = v128.load(p + row);
    v128.store(scratch, v128.shuffle<f64>(a, b, 0, 2));
    v128.store(scratch, v128.shuffle<f64>(a, b, 1, 3), 16);
    v128.store(slopes, zero);
    v128.store(slopes, zero, 16);
    scratch += PARTICLE;
    slopes += PARTICLE;
  }
}

function scatter(slopes: usize, row: usize, first: usize): void {
  const end = first + row;
  for (let p = first; p < end; p += 16) {
    const x = v128.load(slopes);
    const y = v128.load(slopes, 16);
    v128.store(p, v128.shuffle<f64>(x, y, 0, 2));
    v128.store(p + row, v128.shuffle<f64>(x, y, 1, 3));
    slopes += PARTICLE;
  }
}

function parameter(parameters: usize, index: usize): v128 {
  return v128.load64_splat(parameters + index * 8);
}

/** U of two configurations; adds their gradients to `slopes`. */
function terms(particles: usize, parameters: usize, scratch: usize, slopes: usize): v128 {
  const repulsion = parameter(parameters, 0);
  const twelve = parameter(parameters, 1);
  const pairs = pairSums(particles, scratch, slopes);
  const box = boxTerm(particles, parameters, twelve, scratch, slopes);
  const bond = bondTerm(parameters, scratch, slopes);
  return f64x2.add(f64x2.add(f64x2.mul(repulsion, pairs), box), bond);
}

/** Σ r⁻¹² over all pairs but the dimer's; adds Σ r⁻¹⁴ (xⱼ − xᵢ) to `slopes`. */
function pairSums(particles: usize, scratch: usize, slopes: usize): v128 {
  const one = f64x2.splat(1);
  const end = particles * PARTICLE;
  let sum = f64x2.splat(0);
  for (let i: usize = 0; i < end; i += PARTICLE) {
    const xi = v128.load(scratch + i);
    const yi = v128.load(scratch + i, 16);
    let gx = v128.load(slopes + i);
    let gy = v128.load(slopes + i, 16);
    for (let j: usize = i === 0 ? 2 * PARTICLE : i + PARTICLE; j < end; j += PARTICLE) {
      const dx = f64x2.sub(v128.load(scratch + j), xi);
      const dy = f64x2.sub(v128.load(scratch + j, 16), yi);
      const inverse = f64x2.div(one, f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy)));
      const cube = f64x2.mul(f64x2.mul(inverse, inverse), inverse);
      const term = f64x2.mul(cube, cube);
      const slope = f64x2.mul(term, inverse);
      const sx = f64x2.mul(slope, dx);
      const sy = f64x2.mul(slope, dy);
      sum = f64x2.add(sum, term);
      gx = f64x2.add(gx, sx);
      gy = f64x2.add(gy, sy);
      v128.store(slopes + j, f64x2.sub(v128.load(slopes + j), sx));
      v128.store(slopes + j, f64x2.sub(v128.load(slopes + j, 16), sy), 16);
    }
    v128.store(slopes + i, gx);
    v128.store(slopes + i, gy, 16);
  }
  return sum;
}

/** Turns the pair sums in `slopes` into gradients, and adds the walls' part. */
function boxTerm(
  particles: usize,
  parameters: usize,
  twelve: v128,
  scratch: usize,
  slopes: usize,
): v128 {
  const half = parameter(parameters, 2);
  const wall = parameter(parameters, 3);
  const twice = f64x2.add(wall, wall);
  const zero = f64x2.splat(0);
  const end = particles * PARTICLE;
  let sum = zero;
  for (let i: usize = 0; i < end; i += 16) {
    const c = v128.load(scratch + i);
    // How far beyond the wall, with the sign of the coordinate; a number that is none stays.
    const beyond = f64x2.add(
      f64x2.max(f64x2.sub(c, half), zero),
      f64x2.min(f64x2.add(c, half), zero),
    );
    sum = f64x2.add(sum, f64x2.mul(beyond, beyond));
    const slope = f64x2.add(f64x2.mul(twelve, v128.load(slopes + i)), f64x2.mul(twice, beyond));
    v128.store(slopes + i, slope);
  }
  return f64x2.mul(wall, sum);
}

/** The bond between the first two particles and the springs that keep them in place. */
function bondTerm(parameters: usize, scratch: usize, slopes: usize): v128 {
  const middle = parameter(parameters, 4);
  const tilt = parameter(parameters, 5);
  const quadratic = parameter(parameters, 6);
  const quartic = parameter(parameters, 7);
  const anchor = parameter(parameters, 8);
  const x1 = v128.load(scratch);
  const y1 = v128.load(scratch, 16);
  const x2 = v128.load(scratch, 32);
  const y2 = v128.load(scratch, 48);
  const dx = f64x2.sub(x1, x2);
  const dy = f64x2.sub(y1, y2);
  const d = f64x2.sqrt(f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy)));
  const half = f64x2.sub(d, middle);
  const u = f64x2.add(half, half);
  const uu = f64x2.mul(u, u);
  const sum = f64x2.add(x1, x2);
  const well = f64x2.mul(
    f64x2.sub(f64x2.add(f64x2.mul(quartic, f64x2.mul(uu, u)), tilt), f64x2.mul(quadratic, u)),
    u,
  );
  const springs = f64x2.mul(
    anchor,
    f64x2.add(f64x2.add(f64x2.mul(sum, sum), f64x2.mul(y1, y1)), f64x2.mul(y2, y2)),
  );
  // dU/dd = 2 dU/du, over d, so that it multiplies the components of the bond.
  const inner = f64x2.add(
    f64x2.sub(
      f64x2.mul(f64x2.splat(4), f64x2.mul(quartic, f64x2.mul(uu, u))),
      f64x2.mul(f64x2.splat(2), f64x2.mul(quadratic, u)),
    ),
    tilt,
  );
  const slope = f64x2.div(f64x2.add(inner, inner), d);
  const twice = f64x2.add(anchor, anchor);
  const both = f64x2.mul(twice, sum);
  const sx = f64x2.mul(slope, dx);
  const sy = f64x2.mul(slope, dy);
  v128.store(slopes, f64x2.add(v128.load(slopes), f64x2.add(both, sx)));
  v128.store(slopes, f64x2.add(v128.load(slopes, 16), f64x2.add(f64x2.mul(twice, y1), sy)), 16);
  v128.store(slopes, f64x2.add(v128.load(slopes, 32), f64x2.sub(both, sx)), 32);
  v128.store(slopes, f64x2.add(v128.load(slopes, 48), f64x2.sub(f64x2.mul(twice, y2), sy)), 48);
  return f64x2.add(well, springs);
}
