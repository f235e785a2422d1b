/** Nodes on (−1, 1) in ascending order, and their weights, which sum to 2. */
export interface Rule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * The Gauss–Legendre rule of n nodes, exact for polynomials up to degree 2n − 1.
 *
 *     ∫₋₁¹ f(x) dx ≈ Σᵢ wᵢ f(xᵢ),   wᵢ = 2 / ((1 − xᵢ²) P′ₙ(xᵢ)²)
 *
 * Roots of the Legendre polynomial Pₙ by Newton's method from Tricomi's estimate cos(π (i + ¾)/(n + ½)).
 */
export function gaussLegendre(n: number): Rule {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 0;
    for (let iteration = 0; iteration < 100; iteration++) {
      let previous = 1;
      let value = x;
      for (let k = 2; k <= n; k++) {
        [previous, value] = [value, ((2 * k - 1) * x * value - (k - 1) * previous) / k];
      }
      slope = (n * (x * value - previous)) / (x * x - 1);
      const step = value / slope;
      x -= step;
      if (Math.abs(step) < 1e-15) break;
    }
    nodes[n - 1 - i] = x;
    weights[n - 1 - i] = 2 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}
