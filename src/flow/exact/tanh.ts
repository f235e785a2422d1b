/** Beyond this tanh is 1 to the last bit. */
const CLAMP = 20;
/** Below this the first formula holds, above it the second. */
const NEAR = 0.625;
// tanh x = x + x³ A(x²)/B(x²) below NEAR. S. L. Moshier, Cephes Math Library, tanh.c.
const A0 = -0.9643991794250522;
const A1 = -99.28772310019185;
const A2 = -1614.6876844170845;
const B0 = 112.81167849163293;
const B1 = 2235.4883906010045;
const B2 = 4844.063053251255;
/** 1.5·2⁵²: adding it rounds to the nearest integer, which then sits in the low bits. */
const SHIFTER = 6755399441055744;
const TWO_OVER_LN2 = 2.885390081777927;
// ln 2 in two parts; the first has so few bits that n·LN2_HI is exact.
const LN2_HI = 0.693145751953125;
const LN2_LO = 1.4286068203094173e-6;
// exp r = (Q + r P)/(Q − r P) with polynomials in r², on |r| ≤ ½ ln 2. Cephes, exp.c.
const P0 = 1.2617719307481058e-4;
const P1 = 0.030299440770744195;
const Q0 = 3.0019850513866446e-6;
const Q1 = 0.002524483403496841;
const Q2 = 0.22726554820815503;

/** The constants in the order in which the SIMD kernel reads them. */
export const tanhConstants: readonly number[] = [
  ...[CLAMP, NEAR, A0, A1, A2, B0, B1, B2],
  ...[SHIFTER, TWO_OVER_LN2, LN2_HI, LN2_LO, 1],
  ...[P0, P1, Q0, Q1, Q2, 2, -2],
];

const POWERS = Float64Array.from({ length: 60 }, (_, n) => 2 ** n);

/**
 * The hyperbolic tangent, within 2 ulp, by the same floating-point operations as the SIMD kernel:
 * `Math.tanh` would do, but no vector unit has its bits.
 *
 * Away from zero, with 2|x| = n ln 2 + r and exp r = (q + p)/(q − p),
 *
 *     tanh |x| = 1 − 2 (q − p) / (2ⁿ (q + p) + (q − p))
 *
 * and near zero a rational function, since this difference would lose its digits there.
 */
export function tanh(x: number): number {
  const size = Math.abs(x);
  const y = Math.min(size, CLAMP);
  const value = y < NEAR ? near(y) : far(y);
  return x < 0 || Object.is(x, -0) ? -value : value;
}

function near(y: number): number {
  const z = y * y;
  const a = y * z * (z * (z * A0 + A1) + A2);
  const b = z * (z * (z + B0) + B1) + B2;
  return y + a / b;
}

function far(y: number): number {
  const n = y * TWO_OVER_LN2 + SHIFTER - SHIFTER;
  const r = y + y - n * LN2_HI - n * LN2_LO;
  const s = r * r;
  const p = r * (s * (s * P0 + P1) + 1);
  const q = s * (s * (s * Q0 + Q1) + Q2) + 2;
  const less = q - p;
  return 1 + (less * -2) / (POWERS[n] * (q + p) + less);
}
