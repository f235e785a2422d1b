import { log64, turn64 } from './doubles';

/**
 * Standard normal numbers of two chains, [coordinate][lane] at `out`: number d of chain c is what
 * `normal` of `src/core/rng.ts` draws under the same key at c · dim + d, by the lanes' own ln, sin and cos.
 * There is room for one coordinate before `out` and two behind its last: what is drawn in pairs with
 * the first and the last.
 *
 * Philox4x32-10 is that of `src/core/philox.ts`; a vector holds the even, or the odd, words of two blocks.
 */
export function noise(lo: u32, hi: u32, chain: u64, dim: usize, out: usize): void {
  const firstA = chain * <u64>dim;
  const firstB = firstA + <u64>dim;
  let a = firstA >> 1;
  let b = firstB >> 1;
  let atA = out - (<usize>firstA & 1) * 16;
  let atB = out - (<usize>firstB & 1) * 16;
  const scale = f64x2.splat(67108864.0);
  const unit = f64x2.splat(1.1102230246251565e-16);
  const one = f64x2.splat(1);
  const minusTwo = f64x2.splat(-2);
  const multipliers = v128.load(MULTIPLIERS);
  const weyl = v128.load(MULTIPLIERS, 16);
  const firstKey = i32x4.replace_lane(
    i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(lo), 1, hi), 2, lo),
    3,
    hi,
  );
  for (let blocks = (dim + 2) >> 1; blocks > 0; blocks--) {
    let even = i64x2.replace_lane(i64x2.splat(a & 0xffffffff), 1, b & 0xffffffff);
    let odd = i64x2.replace_lane(i64x2.splat(a >> 32), 1, b >> 32);
    let key = firstKey;
    for (let round = 0; round < 10; round++) {
      const p = i64x2.extmul_low_i32x4_u(even, multipliers);
      const q = i64x2.extmul_high_i32x4_u(even, multipliers);
      even = v128.xor(v128.xor(v128.shuffle<i32>(p, q, 3, 1, 7, 5), odd), key);
      odd = v128.shuffle<i32>(p, q, 2, 0, 6, 4);
      key = i32x4.add(key, weyl);
    }
    const high = i32x4.shr_u(even, 5);
    const low = i32x4.shr_u(odd, 6);
    const u = f64x2.mul(
      f64x2.add(
        f64x2.mul(f64x2.convert_low_i32x4_s(v128.shuffle<i32>(high, high, 0, 2, 0, 2)), scale),
        f64x2.convert_low_i32x4_s(v128.shuffle<i32>(low, low, 0, 2, 0, 2)),
      ),
      unit,
    );
    const turn = f64x2.mul(
      f64x2.add(
        f64x2.mul(f64x2.convert_low_i32x4_s(v128.shuffle<i32>(high, high, 1, 3, 1, 3)), scale),
        f64x2.convert_low_i32x4_s(v128.shuffle<i32>(low, low, 1, 3, 1, 3)),
      ),
      unit,
    );
    const radius = f64x2.sqrt(f64x2.mul(minusTwo, log64(f64x2.sub(one, u))));
    const first = f64x2.mul(radius, turn64(turn, SINE));
    const second = f64x2.mul(radius, v128.load(SINE));
    v128.store64_lane(atA, first, 0);
    v128.store64_lane(atA, second, 0, 16);
    v128.store64_lane(atB, first, 1, 8);
    v128.store64_lane(atB, second, 1, 24);
    a++;
    b++;
    atA += 32;
    atB += 32;
  }
}

/** Philox's multipliers for the even words of two blocks, and the increments of its key. */
const MULTIPLIERS: usize = memory.data<u32>(
  [0xd2511f53, 0xcd9e8d57, 0xd2511f53, 0xcd9e8d57, 0x9e3779b9, 0xbb67ae85, 0x9e3779b9, 0xbb67ae85],
  16,
);

/** Room for the sines of a round. */
const SINE: usize = memory.data(16, 16);
