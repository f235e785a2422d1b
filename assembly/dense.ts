/**
 * Dense layers in float64 SIMD: the inner loops of `src/flow/exact`, built into
 * `src/flow/wasm/dense.wasm.ts` by `scripts/build-wasm.mjs`. The host owns the memory and passes byte
 * addresses.
 *
 * Rows travel in panels of four: feature j of a panel's rows lies at [panel][j][row], so that the
 * lanes of a vector are rows and no row can see another. Weights are packed in groups of four
 * outputs, [group][input][output], the last group filled up with zeros.
 *
 * Every output is bias + x₀w₀ + x₁w₁ + … in that order, and `tanh` follows `src/flow/exact/tanh.ts`
 * operation by operation, so that the TypeScript layers give the same bits.
 */

/** Bytes of four doubles: one feature of a panel, or one input of a weight group. */
const STEP: usize = 32;

/**
 * y = x·W + b for `panels` panels of `inputs` features and `groups` groups of outputs.
 *
 * Four rows times four outputs fill eight registers with sums. Unrolling the loop over the inputs
 * was measured to be slower, and so were wider tiles.
 */
export function linear(
  x: usize,
  xPanel: usize,
  inputs: usize,
  weights: usize,
  bias: usize,
  groups: usize,
  y: usize,
  yPanel: usize,
  panels: usize,
): void {
  for (let group: usize = 0; group < groups; group++) {
    for (let panel: usize = 0; panel < panels; panel++) {
      let xi = x + panel * xPanel;
      let wi = weights + group * inputs * STEP;
      const end = xi + inputs * STEP;
      const b = bias + group * STEP;
      let sum0a = v128.load64_splat(b, 0);
      let sum1a = v128.load64_splat(b, 8);
      let sum2a = v128.load64_splat(b, 16);
      let sum3a = v128.load64_splat(b, 24);
      let sum0b = sum0a;
      let sum1b = sum1a;
      let sum2b = sum2a;
      let sum3b = sum3a;
      while (xi < end) {
        const a = v128.load(xi, 0);
        const b = v128.load(xi, 16);
        const w0 = v128.load64_splat(wi, 0);
        sum0a = f64x2.add(sum0a, f64x2.mul(a, w0));
        sum0b = f64x2.add(sum0b, f64x2.mul(b, w0));
        const w1 = v128.load64_splat(wi, 8);
        sum1a = f64x2.add(sum1a, f64x2.mul(a, w1));
        sum1b = f64x2.add(sum1b, f64x2.mul(b, w1));
        const w2 = v128.load64_splat(wi, 16);
        sum2a = f64x2.add(sum2a, f64x2.mul(a, w2));
        sum2b = f64x2.add(sum2b, f64x2.mul(b, w2));
        const w3 = v128.load64_splat(wi, 24);
        sum3a = f64x2.add(sum3a, f64x2.mul(a, w3));
        sum3b = f64x2.add(sum3b, f64x2.mul(b, w3));
        xi += STEP;
        wi += STEP;
      }
      const out = y + panel * yPanel + group * 4 * STEP;
      v128.store(out, sum0a, 0);
      v128.store(out, sum0b, 16);
      v128.store(out, sum1a, 32);
      v128.store(out, sum1b, 48);
      v128.store(out, sum2a, 64);
      v128.store(out, sum2b, 80);
      v128.store(out, sum3a, 96);
      v128.store(out, sum3b, 112);
    }
  }
}

/** max(x, 0) in place over `count` doubles, an even number; not-a-number stays. */
export function relu(x: usize, count: usize): void {
  const zero = f64x2.splat(0);
  const end = x + count * 8;
  for (; x < end; x += 16) v128.store(x, f64x2.pmax(v128.load(x), zero));
}

/**
 * tanh in place over `count` doubles, an even number. `c` is the address of the constants of
 * `src/flow/exact/tanh.ts` in the order of `tanhConstants`: read from memory because the compiler
 * would build each literal anew in every round.
 */
export function tanh(x: usize, count: usize, c: usize): void {
  const signBit = f64x2.splat(-0.0);
  const exponentBias = i64x2.splat(1023);
  const end = x + count * 8;
  for (; x < end; x += 16) {
    const value = v128.load(x);
    const y = f64x2.pmin(v128.andnot(value, signBit), v128.load64_splat(c, 0));

    // Near zero.
    const z = f64x2.mul(y, y);
    let a = f64x2.add(f64x2.mul(z, v128.load64_splat(c, 16)), v128.load64_splat(c, 24));
    a = f64x2.add(f64x2.mul(z, a), v128.load64_splat(c, 32));
    a = f64x2.mul(f64x2.mul(y, z), a);
    let b = f64x2.add(z, v128.load64_splat(c, 40));
    b = f64x2.add(f64x2.mul(z, b), v128.load64_splat(c, 48));
    b = f64x2.add(f64x2.mul(z, b), v128.load64_splat(c, 56));

    // Far from zero.
    const shifter = v128.load64_splat(c, 64);
    const t = f64x2.add(f64x2.mul(y, v128.load64_splat(c, 72)), shifter);
    const n = f64x2.sub(t, shifter);
    const r = f64x2.sub(
      f64x2.sub(f64x2.add(y, y), f64x2.mul(n, v128.load64_splat(c, 80))),
      f64x2.mul(n, v128.load64_splat(c, 88)),
    );
    const s = f64x2.mul(r, r);
    const one = v128.load64_splat(c, 96);
    let p = f64x2.add(f64x2.mul(s, v128.load64_splat(c, 104)), v128.load64_splat(c, 112));
    p = f64x2.mul(r, f64x2.add(f64x2.mul(s, p), one));
    let q = f64x2.add(f64x2.mul(s, v128.load64_splat(c, 120)), v128.load64_splat(c, 128));
    q = f64x2.add(f64x2.mul(s, q), v128.load64_splat(c, 136));
    q = f64x2.add(f64x2.mul(s, q), v128.load64_splat(c, 144));
    // The low bits of t hold the integer n; moved into the exponent field they are 2ⁿ.
    const power = i64x2.shl(i64x2.add(t, exponentBias), 52);
    const less = f64x2.sub(q, p);
    const far = f64x2.add(f64x2.mul(power, f64x2.add(q, p)), less);

    const near = f64x2.lt(y, v128.load64_splat(c, 8));
    const top = v128.bitselect(a, f64x2.mul(less, v128.load64_splat(c, 152)), near);
    const bottom = v128.bitselect(b, far, near);
    const size = f64x2.add(v128.bitselect(y, one, near), f64x2.div(top, bottom));
    v128.store(x, v128.or(size, v128.and(value, signBit)));
  }
}
