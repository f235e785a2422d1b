import { ErgoflowError } from '../core/errors.ts';
import { expectFinite, expectPositive } from '../core/expectNumber.ts';
import { chainMean } from './autocorrelation.ts';
import { logistic } from './bar.ts';
import type { Estimate } from './estimate.ts';

/** Energies of a run at one temperature. */
export interface EnergySamples {
  /** k_B T that the run was meant to have, in the unit of the energies. */
  readonly kT: number;
  /** E of M chains, `[M][n]`; independent samples are one chain in any order. */
  readonly energies: readonly Float64Array[];
}

/** Whether two runs differ as their temperatures say. */
export interface EnergyDistributionCheck {
  /** s of ln P₂(E)/P₁(E) = s E + const, one over the energies' unit. */
  readonly slope: Estimate;
  /** 1/kT₁ − 1/kT₂ of the temperatures that were meant. */
  readonly expected: number;
  /** (s − expected) / standard error: normal with variance 1 where both runs are right. */
  readonly deviation: number;
}

/**
 * Compares the energies of runs at two temperatures with Boltzmann's law, which no knowledge of the density
 * of states is needed for:
 *
 *     P(E) ∝ Ω(E) e^(−E/kT)   ⇒   ln P₂(E)/P₁(E) = (1/kT₁ − 1/kT₂) E + const
 *
 * The slope s is the one of greatest likelihood, without bins: that of the logistic regression of which run a
 * pooled sample came from, σ(E) = 1/(1 + e^(−c − sE)). All records count; the standard error has
 * correlations in time and disagreement among chains in it, as the error of the mean of each run's influence
 * on the slope. (Thinning to the autocorrelation time τ leaves correlations of e^(−2) between neighbours.)
 *
 * True for potential energies under any momenta, and for kinetic and total energies, each by itself. A
 * temperature wrong by the same factor in both runs shows, as does an energy that is not that of the forces;
 * a constant added to all energies does not. The slope is known best where the mean energies are about two
 * standard deviations apart, T₂ − T₁ ≈ 2 kT T/σ_E.
 * Undefined where the energies of the runs do not overlap, or a run's effective sample size is unknown.
 *
 * Shirts, J. Chem. Theory Comput. 9, 909, 2013. doi:10.1021/ct300688p
 * Merz & Shirts, PLoS ONE 13, e0202764, 2018. doi:10.1371/journal.pone.0202764
 * @throws {RangeError} for an energy that is not finite, and unless both kT are positive and differ.
 */
export function energyDistributionCheck(
  first: EnergySamples,
  second: EnergySamples,
): EnergyDistributionCheck | undefined {
  expectPositive('first.kT', first.kT);
  if (expectPositive('second.kT', second.kT) === first.kT) {
    throw new RangeError(`"second.kT" expected another temperature than the first, ${first.kT}`);
  }
  const runs = [first, second].map(({ energies }, r) => {
    for (const chain of energies) {
      for (const each of chain) expectFinite(`an energy of run ${r + 1}`, each);
    }
    return joined(energies);
  });
  const scale = pooledScale(runs);
  if (scale === undefined) return undefined;
  const line = fitLogistic(runs.map((all) => all.map((each) => (each - scale.mean) / scale.width)));

  // How much one record moves the slope: the second row of (−Hessian)⁻¹ on its score.
  let variance = 0;
  for (const [r, { energies }] of [first, second].entries()) {
    const influences = energies.map((chain) =>
      chain.map((energy) => {
        const z = (energy - scale.mean) / scale.width;
        const score = r - logistic(line.constant + line.slope * z);
        return (score * (z * line.h00 - line.h01)) / line.determinant;
      }),
    );
    const mean = chainMean(influences);
    if (mean === undefined) return undefined;
    variance += (mean.standardError * runs[r].length) ** 2;
  }
  const slope = {
    value: line.slope / scale.width,
    standardError: Math.sqrt(variance) / scale.width,
  };
  const expected = 1 / first.kT - 1 / second.kT;
  return { slope, expected, deviation: (slope.value - expected) / slope.standardError };
}

function joined(chains: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(chains.reduce((sum, chain) => sum + chain.length, 0));
  let offset = 0;
  for (const chain of chains) {
    all.set(chain, offset);
    offset += chain.length;
  }
  return all;
}

/** Mean and standard deviation of both runs together; undefined where they do not overlap. */
function pooledScale(runs: readonly Float64Array[]): { mean: number; width: number } | undefined {
  const [low, high] = [-1, 1].map((sign) =>
    runs.map((all) =>
      all.reduce((best, each) => (sign * each > sign * best ? each : best), all[0]),
    ),
  );
  // The likelihood has a maximum just where neither run ends before the other begins.
  if (!(low[0] < high[1] && low[1] < high[0])) return undefined;
  const records = runs[0].length + runs[1].length;
  let [mean, squares] = [0, 0];
  for (const all of runs) for (const each of all) mean += each / records;
  for (const all of runs) for (const each of all) squares += (each - mean) ** 2 / records;
  return { mean, width: Math.sqrt(squares) };
}

/** The line of greatest likelihood with the Hessian of the negative logarithm of it. */
interface LogisticLine {
  readonly constant: number;
  readonly slope: number;
  readonly h00: number;
  readonly h01: number;
  readonly determinant: number;
}

/**
 * Newton's method, halving steps that lose likelihood by more than rounding; there is one maximum.
 * @throws {ErgoflowError} where it does not arrive.
 */
function fitLogistic(runs: readonly Float64Array[]): LogisticLine {
  let constant = Math.log(runs[1].length / runs[0].length);
  let slope = 0;
  let loss = lossOf(runs, constant, slope);
  for (let iteration = 0; iteration < 200; iteration++) {
    let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0];
    for (const [r, all] of runs.entries()) {
      for (const z of all) {
        const p = logistic(constant + slope * z);
        const weight = p * (1 - p);
        g0 += p - r;
        g1 += (p - r) * z;
        h00 += weight;
        h01 += weight * z;
        h11 += weight * z * z;
      }
    }
    const determinant = h00 * h11 - h01 * h01;
    const [d0, d1] = [(h01 * g1 - h11 * g0) / determinant, (h01 * g0 - h00 * g1) / determinant];
    if (Math.abs(d0) + Math.abs(d1) < 1e-11 * (1 + Math.abs(constant) + Math.abs(slope))) {
      return { constant, slope, h00, h01, determinant };
    }
    let step = 1;
    let next = lossOf(runs, constant + d0, slope + d1);
    while (next > loss * (1 + 1e-12) && step > 1e-6) {
      step /= 2;
      next = lossOf(runs, constant + step * d0, slope + step * d1);
    }
    constant += step * d0;
    slope += step * d1;
    loss = next;
  }
  throw new ErgoflowError(`the logistic regression did not converge, at a slope of ${slope}`);
}

/** −Σ ln P(run of the sample). */
function lossOf(runs: readonly Float64Array[], constant: number, slope: number): number {
  let loss = 0;
  for (const [r, all] of runs.entries()) {
    for (const z of all) {
      const y = (r === 0 ? 1 : -1) * (constant + slope * z);
      // ln(1 + e^y) without overflow.
      loss += Math.max(y, 0) + Math.log1p(Math.exp(-Math.abs(y)));
    }
  }
  return loss;
}
