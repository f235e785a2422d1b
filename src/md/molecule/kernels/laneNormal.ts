import { type Key, uniform } from '../../../core/rng.ts';

/**
 * Standard normal doubles, written to `out` and returned: what `normal` draws, with the logarithm, sine and cosine of
 * the compiled kernels, operation by operation, so that machines with and without vector
 * instructions give the same bits, which `Math` does not promise.
 *
 * Number i depends on the key and on `first + i` alone.
 */
export function laneNormal(key: Key, out: Float64Array, first = 0): Float64Array {
  uniform(key, out, first);
  const start = first % 2;
  for (let i = start; i + 1 < out.length; i += 2) boxMuller(out, i);
  // Half a pair at either end: the other half is drawn with it, and left.
  if (start === 1 && out.length > 0) out[0] = boxMuller(uniform(key, pair, first - 1), 0)[1];
  if ((out.length - start) % 2 === 1) {
    const last = out.length - 1;
    out[last] = boxMuller(uniform(key, pair, first + last), 0)[0];
  }
  return out;
}

const pair = new Float64Array(2);
const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** Turns the uniforms at `i` and `i + 1` into normals, in place. */
function boxMuller(target: Float64Array, i: number): Float64Array {
  const radius = Math.sqrt(-2 * logarithm(1 - target[i]));
  const quarters = target[i + 1] * 4;
  const n = quarters + 6755399441055744 - 6755399441055744;
  const y = (quarters - n) * 1.5707963267948966;
  const s = sine(y);
  const c = cosine(y);
  const cosineOfTurn = n % 2 === 1 ? s : c;
  const sineOfTurn = n % 2 === 1 ? c : s;
  target[i] = radius * (n === 1 || n === 2 ? -cosineOfTurn : cosineOfTurn);
  target[i + 1] = radius * (n === 2 || n === 3 ? -sineOfTurn : sineOfTurn);
  return target;
}

/** ln x of a positive normal number; `log64` of `assembly/molecule/doubles.ts`. */
function logarithm(x: number): number {
  double[0] = x;
  const high = words[1] + 0x0009_5f62;
  const k = (high >>> 20) - 1023;
  words[1] = (high & 0x000f_ffff) + 0x3fe6_a09e;
  const f = double[0] - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const odd =
    z *
    (0.6666666666666735 +
      w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const half = 0.5 * f * f;
  const low = s * (half + (odd + even)) + k * 1.9082149292705877e-10;
  return low - half + f + k * 0.6931471803691238;
}

/** sin y, |y| ≤ π/4. */
function sine(y: number): number {
  const z = y * y;
  const p = -2.5050760253406863e-8 + z * 1.58969099521155e-10;
  const q =
    0.00833333333332249 + z * (-0.0001984126982985795 + z * (2.7557313707070068e-6 + z * p));
  return y + y * z * (-0.16666666666666632 + z * q);
}

/** cos y, |y| ≤ π/4. */
function cosine(y: number): number {
  const z = y * y;
  const p = 2.087572321298175e-9 + z * -1.1359647557788195e-11;
  const q =
    -0.001388888888887411 + z * (2.480158728947673e-5 + z * (-2.7557314351390663e-7 + z * p));
  const half = 0.5 * z;
  const near = 1 - half;
  return near + (1 - near - half + z * z * (0.0416666666666666 + z * q));
}
