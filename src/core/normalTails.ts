const SQRT_HALF = Math.SQRT1_2;
/** 1/√π */
const INVERSE_SQRT_PI = 0.5641895835477563;
const LN2 = Math.LN2;
/** ½ ln 2π */
const HALF_LOG_TWO_PI = 0.9189385332046728;

/**
 * A tail of the standard normal without its exponential: e^(a²/2) Φ(−a), for a ≥ 0.
 *
 * It falls from ½ like 1/(a √2π), so that it has all its digits where Φ(−a) is no double any more:
 *
 *     Φ(−a) = e^(−a²/2) scaledTail(a),   ln Φ(−a) = −a²/2 + ln scaledTail(a)
 *
 * It is ½ e^(t²) erfc t at t = a/√2, by Cody's rational functions, within a few units of the last digit.
 * Cody, Math. Comp. 23, 631, 1969. doi:10.1090/S0025-5718-1969-0247736-4
 */
export function scaledTail(a: number): number {
  const t = a * SQRT_HALF;
  if (t <= 0.46875) {
    const y = t * t;
    const erf = t * ratio(NEAR_TOP, NEAR_BOTTOM, y, 4);
    return 0.5 * (1 - erf) * Math.exp(y);
  }
  if (t <= 4) return 0.5 * ratio(MIDDLE_TOP, MIDDLE_BOTTOM, t, 8);
  const y = 1 / (t * t);
  return (0.5 * (INVERSE_SQRT_PI - y * ratio(FAR_TOP, FAR_BOTTOM, y, 5))) / t;
}

/**
 * The quantile z ≤ 0 of the standard normal for a logarithm: ln Φ(z) = `logP`, for `logP` ≤ ln ½.
 *
 * No probability is too small for it. ln Φ is concave, so that Newton's steps from the left of the root
 * rise to it and never pass it; the start is left of it because Φ(z) ≤ ½ e^(−z²/2).
 */
export function quantileOfLog(logP: number): number {
  if (Number.isNaN(logP)) return logP;
  if (logP === -Infinity) return -Infinity;
  let z = -Math.sqrt(Math.max(0, -2 * (logP + LN2)));
  for (let turn = 0; turn < 30; turn++) {
    const tail = scaledTail(-z);
    // φ(z)/Φ(z), in which the exponentials cancel.
    const slope = Math.exp(-HALF_LOG_TWO_PI) / tail;
    const step = (logP + 0.5 * z * z - Math.log(tail)) / slope;
    z += step;
    if (!(Math.abs(step) > 2e-16 * (1 + Math.abs(z)))) break;
  }
  return z;
}

/** Highest powers first, with Cody's order: the top's leading coefficient stands last. */
function ratio(
  top: readonly number[],
  bottom: readonly number[],
  y: number,
  degree: number,
): number {
  let above = top[degree] * y;
  let below = y;
  for (let i = 0; i < degree - 1; i++) {
    above = (above + top[i]) * y;
    below = (below + bottom[i]) * y;
  }
  return (above + top[degree - 1]) / (below + bottom[degree - 1]);
}

const NEAR_TOP = [
  3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694, 0.18577770618460315,
];
const NEAR_BOTTOM = [23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171];
const MIDDLE_TOP = [
  0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769,
  1712.0476126340707, 2051.0783778260716, 1230.3393547979972, 2.1531153547440383e-8,
];
const MIDDLE_BOTTOM = [
  15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
  4362.619090143247, 3439.3676741437216, 1230.3393548037495,
];
const FAR_TOP = [
  0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.01608378514874228,
  0.0006587491615298378, 0.016315387137302097,
];
const FAR_BOTTOM = [
  2.568520192289822, 1.8729528499234604, 0.5279051029514285, 0.06051834131244132,
  0.0023352049762686918,
];
