/**
 * Slopes at the knots of the periodic cubic spline through evenly spaced values, per knot spacing.
 *
 *     mᵢ₋₁ + 4 mᵢ + mᵢ₊₁ = 3 (yᵢ₊₁ − yᵢ₋₁)
 *
 * The system is circulant, and its inverse is known: (λᵏ + λⁿ⁻ᵏ) / (2√3 (1 − λⁿ)) at distance k, with
 * λ = √3 − 2. That is n² work, done once per map.
 */
export function periodicSplineSlopes(values: Float64Array): Float64Array {
  const n = values.length;
  const lambda = Math.sqrt(3) - 2;
  const scale = 2 * Math.sqrt(3) * (1 - lambda ** n);
  const inverse = Float64Array.from(
    { length: n },
    (_, k) => (lambda ** k + lambda ** (n - k)) / scale,
  );
  return values.map((_, i) => {
    let slope = 0;
    for (let j = 0; j < n; j++) {
      const right = 3 * (values[(j + 1) % n] - values[(j + n - 1) % n]);
      slope += inverse[(i - j + n) % n] * right;
    }
    return slope;
  });
}
