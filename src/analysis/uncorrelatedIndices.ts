import { integratedAutocorrelationTime } from './autocorrelation.ts';

/**
 * Records of one series far enough apart to count as independent, for estimators that assume it, as
 * indices, `[≈ n/τ]`:
 *
 *     iₘ = round(m g),   g = max(1, τ)
 *
 * All records where the series is too short to show a correlation or does not vary.
 * Chodera, Swope, Pitera, Seok & Dill, J. Chem. Theory Comput. 3, 26, 2007. doi:10.1021/ct0502864
 * @param series `[n]`, of the slowest quantity that matters.
 */
export function uncorrelatedIndices(series: Float64Array): Uint32Array {
  const g = Math.max(1, integratedAutocorrelationTime([series]) ?? 1);
  const indices: number[] = [];
  for (let m = 0; Math.round(m * g) < series.length; m++) indices.push(Math.round(m * g));
  return Uint32Array.from(indices);
}
