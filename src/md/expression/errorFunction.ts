// ln[erfc(x) e^{x²} / t] with t = 2/(2 + x) is smooth from t = 0 to 1: 28 Chebyshev terms hold a double.
const terms = 28;
const tolerance = Number.EPSILON / 4;
let coefficients: Float64Array | undefined;

/**
 * The error function, to some 1e-15 of its value.
 *
 *     erf(x) = 2/√π ∫₀ˣ exp(−t²) dt
 *
 * Its power series where |x| < 1, else 1 − erfc(|x|).
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size < 1) return series(size) * Math.exp(-size * size) * Math.sign(x);
  return x > 0 ? 1 - erfc(x) : erfc(-x) - 1;
}

/**
 * The complementary error function, to some 1e-14 of its value as far as that is a double (x < 26).
 *
 *     erfc(x) = 1 − erf(x) = t exp(−x² + Σₖ cₖ Tₖ(2t − 1)),   t = 2/(2 + x),   x ≥ 0
 *
 * The cₖ are computed, when first needed, from the series and the continued fraction.
 * Press, Teukolsky, Vetterling & Flannery, Numerical Recipes, 3rd ed. 2007, section 6.2.2.
 */
export function erfc(x: number): number {
  if (!(x >= 0)) return x < 0 ? 2 - erfc(-x) : x;
  if (x === Number.POSITIVE_INFINITY) return 0;
  if (x < 0.5) return 1 - erf(x);
  coefficients ??= chebyshevCoefficients();
  const t = 2 / (2 + x);
  const y = 4 * t - 2;
  let next = 0;
  let afterNext = 0;
  for (let k = terms - 1; k > 0; k--) {
    const here = y * next - afterNext + coefficients[k];
    afterNext = next;
    next = here;
  }
  return t * Math.exp(-x * x + 0.5 * y * next - afterNext + coefficients[0]);
}

/** erf(x) e^{x²} = 2/√π Σₙ 2ⁿ x²ⁿ⁺¹ / (2n + 1)!!, whose terms are all positive. */
function series(x: number): number {
  let term = (2 / Math.sqrt(Math.PI)) * x;
  let sum = term;
  for (let n = 1; term > tolerance * sum; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return sum;
}

/** erfc(x) e^{x²}, x ≥ 0: by the series near zero, else by the continued fraction, evaluated from its end. */
function scaledComplement(x: number): number {
  if (x < 1) return Math.exp(x * x) - series(x);
  let tail = x;
  for (let k = 400; k > 0; k--) tail = x + k / 2 / tail;
  return 1 / (tail * Math.sqrt(Math.PI));
}

function chebyshevCoefficients(): Float64Array {
  const points = 2 * terms;
  const found = new Float64Array(terms);
  for (let j = 0; j < points; j++) {
    const angle = (Math.PI * (j + 0.5)) / points;
    const t = (1 + Math.cos(angle)) / 2;
    const value = Math.log(scaledComplement(2 / t - 2) / t);
    for (let k = 0; k < terms; k++) found[k] += (2 / points) * value * Math.cos(k * angle);
  }
  found[0] /= 2;
  return found;
}
