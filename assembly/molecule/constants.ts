/**
 * Coefficients of `doubles.ts` and `floats.ts`, in memory. The approximations are those of FreeBSD's
 * msun (e_log.c, e_exp.c, e_acos.c, k_sin.c, k_cos.c and their float forms), published by Sun
 * Microsystems 1993 for free use.
 */

/** ln: 1, 2, ½, the seven coefficients from the last to the first, ln 2 in two parts. */
export const LOG: usize = memory.data<f64>([
  1.0, 2.0, 0.5, 0.14798198605116586, 0.1818357216161805, 0.2857142874366239, 0.6666666666666735,
  0.15313837699209373, 0.22222198432149784, 0.3999999999940942, 0.6931471803691238,
  1.9082149292705877e-10, 4503599627371519.0,
]);

/** exp: least and largest argument, 1/ln 2, 1.5 · 2⁵², ln 2 in two parts, P5 … P1, 2, 1. */
export const EXP: usize = memory.data<f64>([
  -708.0, 709.0, 1.4426950408889634, 6755399441055744.0, 0.6931471803691238, 1.9082149292705877e-10,
  4.1381367970572385e-8, -1.6533902205465252e-6, 6.613756321437934e-5, -0.0027777777777015593,
  0.16666666666666602, 2.0, 1.0,
]);

/** sin and cos: 2/π, 1.5 · 2⁵², π/2 in three parts, S6 … S1, C6 … C1, ½, 1, 4, 2π. */
export const TRIG: usize = memory.data<f64>([
  0.6366197723675814, 6755399441055744.0, 1.5707963267341256, 6.077100506303966e-11,
  2.0222662487959506e-21, 1.58969099521155e-10, -2.5050760253406863e-8, 2.7557313707070068e-6,
  -0.0001984126982985795, 0.00833333333332249, -0.16666666666666632, -1.1359647557788195e-11,
  2.087572321298175e-9, -2.7557314351390663e-7, 2.480158728947673e-5, -0.001388888888887411,
  0.0416666666666666, 0.5, 1.0, 4.0, 6.283185307179586,
]);

/** acos: P5 … P0, Q4 … Q1, 1, ½, π/2, π. */
export const ACOS: usize = memory.data<f64>([
  3.479331075960212e-5, 0.0007915349942898145, -0.04005553450067941, 0.20121253213486293,
  -0.3255658186224009, 0.16666666666666666, 0.07703815055590194, -0.6882839716054533,
  2.0209457602335057, -2.403394911734414, 1.0, 0.5, 1.5707963267948966, 3.141592653589793,
]);

/** ln of floats: 1, 2, ½, four coefficients from the last to the first, ln 2 in two parts. */
export const LOG_FLOAT: usize = memory.data<f32>([
  1.0, 2.0, 0.5, 0.24279078841, 0.40000972152, 0.28498786688, 0.66666662693, 6.9313812256e-1,
  9.0580006145e-6,
]);

/** exp of floats: least and largest argument, 1/ln 2, 1.5 · 2²³, ln 2 in two parts, P2, P1, 2, 1. */
export const EXP_FLOAT: usize = memory.data<f32>([
  -87.0, 88.0, 1.4426950216, 12582912.0, 6.9314575195e-1, 1.4286067653e-6, -2.7667332906e-3,
  1.666662544e-1, 2.0, 1.0,
]);

/** acos of floats: P2 … P0, Q1, 1, ½, π/2, π. */
export const ACOS_FLOAT: usize = memory.data<f32>([
  -8.656363003e-3, -4.2743422091e-2, 1.6666586697e-1, -7.066296339e-1, 1.0, 0.5, 1.57079632679,
  3.14159265359,
]);

/** Bit patterns of `log64` and the quotients' logarithms, twice each. */
export const BITS: usize = memory.data<u64>(
  [
    0x00095f62_00000000, 0x00095f62_00000000, 0x000fffff_ffffffff, 0x000fffff_ffffffff,
    0x3fe6a09e_00000000, 0x3fe6a09e_00000000, 0x43300000_00000000, 0x43300000_00000000,
    0x00080000_00000000, 0x00080000_00000000, 0xfff00000_00000000, 0xfff00000_00000000,
    0x3ff80000_00000000, 0x3ff80000_00000000,
  ],
  16,
);

/** Bit patterns of `log32` and the quotients' logarithms, four times each. */
export const BITS_FLOAT: usize = memory.data<u32>(
  [
    0x3f3504f3, 0x3f3504f3, 0x3f3504f3, 0x3f3504f3, 0xff800000, 0xff800000, 0xff800000, 0xff800000,
    0x00400000, 0x00400000, 0x00400000, 0x00400000,
  ],
  16,
);
