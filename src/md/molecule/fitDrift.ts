import { expectInteger } from '../../core/expectNumber.ts';

/** The line through several series, and how far each of them walks at random about it. */
export interface DriftFit {
  /** Mean of the least-squares slopes, per step from one value to the next. */
  readonly slope: number;
  /** Of `slope`. */
  readonly standardError: number;
  /** g, the variance that a series gains per step for good. */
  readonly growth: number;
  /** Of `growth`; itself rough where values are few. */
  readonly growthError: number;
}

/** Steps of the longest differences that tell a walk from scatter. */
const farthest = 6;

/**
 * The mean slope of independent series of the same length, each a line with scatter, a random walk or both.
 *
 *     yᵢ = a + b i + wᵢ + W̄ᵢ,   MSD(L) = ⟨(yᵢ₊L − yᵢ − b L)²⟩ = 2 var w + g (L − ⅓)
 *     g = mean over L = 2 … 6 of max(0, (MSD(L) − MSD(1))/((L − 1)(1 − (L + 1)/nm)))
 *     (standard error)² = Σ (that of each line, by its residuals)²/m² + 6g/5nm
 *
 * m series of n values; w is white, W̄ᵢ the mean over step i of a Brownian motion. Of that the slope b of the line has
 * the variance g ∫₀ⁿ (6t(n − t)/n³)² dt = 6g/5n, as dW at time t moves it by 6t(n − t)/n³; the residuals about a line know
 * little of it, since a walk looks like a line with a slope. The scatter drops out of the differences of MSD.
 * The common slope, which is subtracted, costs one of the nm/L increments of length L, hence 1 − (L + 1)/nm.
 * The error of g is that of MSD(6)/5, whose overlapping increments are worth 3nm/2L independent ones. Where there is
 * little or no walk g is not negative and so too high on average, and both errors are too large rather than too small.
 * Granger & Newbold, J. Econometrics 2, 111, 1974, on lines through walks; doi:10.1016/0304-4076(74)90034-7.
 * @throws {RangeError} for fewer than 8 values.
 */
export function fitDrift(series: readonly Float64Array[]): DriftFit {
  const count = expectInteger('series', series.length, 1);
  const values = expectInteger('values', series[0].length, farthest + 2);
  let [slope, variance] = [0, 0];
  for (const each of series) {
    const line = fitLine(each);
    slope += line.slope / count;
    variance += line.variance / count ** 2;
  }
  const steps = values * count;
  const beyondScatter = (lag: number): number => (lag - 1) * (1 - (lag + 1) / steps);
  const nearest = meanSquare(series, 1, slope);
  let growth = 0;
  for (let lag = 2; lag <= farthest; lag++) {
    const gained = (meanSquare(series, lag, slope) - nearest) / beyondScatter(lag);
    growth += Math.max(0, gained) / (farthest - 1);
  }
  const relative = Math.sqrt((2 * 2 * farthest) / (3 * steps));
  return {
    slope,
    standardError: Math.sqrt(variance + (6 * growth) / (5 * steps)),
    growth,
    growthError: (relative * meanSquare(series, farthest, slope)) / beyondScatter(farthest),
  };
}

/** MSD(L): what values `lag` steps apart differ by, less the slope, squared. */
function meanSquare(series: readonly Float64Array[], lag: number, slope: number): number {
  let [sum, count] = [0, 0];
  for (const values of series) {
    for (let i = lag; i < values.length; i++, count++) {
      sum += (values[i] - values[i - lag] - slope * lag) ** 2;
    }
  }
  return sum / count;
}

/** The least-squares line through values at 0, 1, 2, …, and the variance of its slope by its residuals. */
function fitLine(values: Float64Array): { readonly slope: number; readonly variance: number } {
  const n = values.length;
  const middle = (n - 1) / 2;
  const spread = (n * (n * n - 1)) / 12;
  const mean = values.reduce((sum, each) => sum + each / n, 0);
  const slope = values.reduce((sum, each, i) => sum + ((i - middle) * each) / spread, 0);
  const residual = values.reduce(
    (sum, each, i) => sum + (each - mean - slope * (i - middle)) ** 2,
    0,
  );
  return { slope, variance: residual / (n - 2) / spread };
}
