/** The shape ξ and scale σ of a generalised Pareto distribution. */
export interface GeneralizedPareto {
  /** ξ (k in the PSIS literature): moments of order ≥ 1/ξ do not exist. */
  readonly shape: number;
  /** σ, in the unit of the data. */
  readonly scale: number;
}

/**
 * Fits F(x) = 1 − (1 + ξ x/σ)^(−1/ξ), x ≥ 0, to n exceedances by the quasi-Bayesian estimator of Zhang &
 * Stephens: the profile likelihood in b = −ξ/σ is averaged over 30 + ⌊√n⌋ quantiles of a data-driven prior.
 *
 *     ξ(b) = (1/n) Σᵢ log(1 − b xᵢ),   b̂ = Σⱼ bⱼ L(bⱼ) / Σⱼ L(bⱼ),   σ̂ = −ξ̂ / b̂
 *
 * Undefined below five values, and where a quarter of them are 0 or equal to the smallest: such data are
 * not a Pareto tail. No prior on ξ is applied here.
 *
 * Zhang & Stephens, Technometrics 51, 316, 2009. doi:10.1198/tech.2009.08017
 * @param exceedances Values above the threshold, `[n]`, in ascending order.
 */
export function generalizedParetoFit(
  exceedances: ArrayLike<number>,
): GeneralizedPareto | undefined {
  const n = exceedances.length;
  if (n < 5) return undefined;
  const quartile = exceedances[Math.floor(n / 4 + 0.5) - 1];
  if (!(quartile > exceedances[0])) return undefined;
  const largest = exceedances[n - 1];

  const points = 30 + Math.floor(Math.sqrt(n));
  const b = new Float64Array(points);
  const logLikelihood = new Float64Array(points);
  let best = -Infinity;
  for (let j = 0; j < points; j++) {
    b[j] = 1 / largest + (1 - Math.sqrt(points / (j + 0.5))) / (3 * quartile);
    const shape = meanLog1p(exceedances, -b[j]);
    logLikelihood[j] = n * (Math.log(-b[j] / shape) - shape - 1);
    best = Math.max(best, logLikelihood[j]);
  }
  let total = 0;
  let average = 0;
  for (let j = 0; j < points; j++) {
    const weight = Math.exp(logLikelihood[j] - best);
    total += weight;
    average += weight * b[j];
  }
  average /= total;
  const shape = meanLog1p(exceedances, -average);
  return { shape, scale: -shape / average };
}

/** The quantile function, σ ((1 − p)^(−ξ) − 1) / ξ, for p in [0, 1). */
export function generalizedParetoQuantile({ shape, scale }: GeneralizedPareto, p: number): number {
  const depth = -Math.log1p(-p);
  return shape === 0 ? scale * depth : (scale * Math.expm1(shape * depth)) / shape;
}

function meanLog1p(x: ArrayLike<number>, factor: number): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += Math.log1p(factor * x[i]);
  return sum / x.length;
}
