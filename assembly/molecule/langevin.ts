import { evaluateBlock, Plan, restraints } from './chains';
import { evaluateCrowd } from './crowd';
import { noise } from './noise';
import { narrow, widen } from './rows';

/**
 * Kick, drift, thermostat, drift: all of a BAOAB step up to the new force, of two chains. The operations
 * have the order of `src/md/kernels/langevin.ts`.
 */
function advance(
  dim: usize,
  x: usize,
  v: usize,
  g: usize,
  random: usize,
  kick: usize,
  renew: usize,
  half: v128,
  keep: v128,
): void {
  for (const end = x + dim * 16; x < end; x += 16) {
    const kicked = f64x2.sub(v128.load(v), f64x2.mul(v128.load64_splat(kick), v128.load(g)));
    const renewed = f64x2.add(
      f64x2.mul(keep, kicked),
      f64x2.mul(v128.load64_splat(renew), v128.load(random)),
    );
    v128.store(x, f64x2.add(v128.load(x), f64x2.mul(half, f64x2.add(kicked, renewed))));
    v128.store(v, renewed);
    v += 16;
    g += 16;
    random += 16;
    kick += 8;
    renew += 8;
  }
}

/** Adds position restraints, which are in float64 because they are tied to the place. */
function restrain(plan: usize, x: usize, g: usize): void {
  const count = <usize>load<u32>(plan + Plan.restraints);
  if (count === 0) return;
  restraints<f64>(
    count,
    <usize>load<u32>(plan + Plan.restraints + 4),
    <usize>load<u32>(plan + Plan.restraints + 8),
    x,
    g,
  );
}

/** The last half kick; returns zero in the lanes whose gradient is finite. */
function finish(dim: usize, v: usize, g: usize, kick: usize): v128 {
  const zero = f64x2.splat(0);
  let sum = zero;
  for (const end = v + dim * 16; v < end; v += 16) {
    const slope = v128.load(g);
    sum = f64x2.add(sum, f64x2.mul(zero, slope));
    v128.store(v, f64x2.sub(v128.load(v), f64x2.mul(v128.load64_splat(kick), slope)));
    g += 16;
    kick += 8;
  }
  return sum;
}

/** U of two chains, their pairs by the crowd's kernel in float64 or float32 where there is one. */
export function evaluateTwo(plan: usize, x: usize, g: usize, floats: bool): v128 {
  const u = evaluateBlock<f64>(plan, x, g);
  const crowd = <usize>load<u32>(plan + Plan.crowd);
  if (crowd === 0) return u;
  const a = floats ? evaluateCrowd<f32>(crowd, x, g, 0) : evaluateCrowd<f64>(crowd, x, g, 0);
  const b = floats ? evaluateCrowd<f32>(crowd, x, g, 1) : evaluateCrowd<f64>(crowd, x, g, 1);
  return f64x2.add(u, f64x2.replace_lane(f64x2.splat(a), 1, b));
}

/** Bit k is set where lane k is not zero. */
@inline
function lost(sum: v128): u32 {
  return i64x2.bitmask(f64x2.ne(sum, f64x2.splat(0)));
}

/**
 * `steps` steps of two chains in float64, [coordinate][lane]; `keys` has two words a step, `chain` is the number
 * of the first. Energies go to `energy`. Ends with the first step after which a chain of `watched` is not
 * finite, as 4 · step + the chains' bits, step from 1; 0 where there is none.
 */
export function burst(
  plan: usize,
  steps: u32,
  keys: usize,
  chain: u64,
  watched: u32,
  dim: usize,
  x: usize,
  v: usize,
  g: usize,
  random: usize,
  kick: usize,
  renew: usize,
  half: f64,
  keep: f64,
  energy: usize,
  floats: bool,
): u32 {
  for (let step: u32 = 0; step < steps; step++) {
    noise(load<u32>(keys), load<u32>(keys, 4), chain, dim, random);
    advance(dim, x, v, g, random, kick, renew, f64x2.splat(half), f64x2.splat(keep));
    const u = evaluateTwo(plan, x, g, floats);
    v128.store(energy, u);
    const sum = finish(dim, v, g, kick);
    const found = lost(f64x2.add(sum, f64x2.mul(f64x2.splat(0), u))) & watched;
    if (found !== 0) return 4 * (step + 1) + found;
    keys += 8;
  }
  return 0;
}

/**
 * `burst` of four chains with forces in float32: two blocks of two, the second behind the first. `floats` has room for
 * two vectors a coordinate; `plan` is one for floats, `exact` the same system's for doubles. The result is 16 · step + bits.
 */
export function burstOfFour(
  plan: usize,
  exact: usize,
  steps: u32,
  keys: usize,
  chain: u64,
  watched: u32,
  dim: usize,
  x: usize,
  v: usize,
  g: usize,
  random: usize,
  kick: usize,
  renew: usize,
  half: f64,
  keep: f64,
  floats: usize,
): u32 {
  const block = dim * 16;
  const slopes = floats + block;
  for (let step: u32 = 0; step < steps; step++) {
    for (let part: u32 = 0; part < 2; part++) {
      const at = <usize>part * block;
      noise(load<u32>(keys), load<u32>(keys, 4), chain + 2 * part, dim, random);
      advance(
        dim,
        x + at,
        v + at,
        g + at,
        random,
        kick,
        renew,
        f64x2.splat(half),
        f64x2.splat(keep),
      );
    }
    narrow(x, x + block, dim, floats);
    evaluateBlock<f32>(plan, floats, slopes);
    widen(slopes, dim, g, g + block);
    restrain(exact, x, g);
    restrain(exact, x + block, g + block);
    const first = lost(finish(dim, v, g, kick));
    const second = lost(finish(dim, v + block, g + block, kick));
    const found = (first | (second << 2)) & watched;
    if (found !== 0) return 16 * (step + 1) + found;
    keys += 8;
  }
  return 0;
}
