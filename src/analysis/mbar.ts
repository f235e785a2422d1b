import { inverse, Matrix, solve } from 'ml-matrix';
import { ErgoflowError, ShapeError } from '../core/errors.ts';
import { logSumExp } from '../core/logSumExp.ts';
import type { Estimate } from './estimate.ts';

/** The solution of MBAR, and the estimates that follow from it. */
export interface Mbar {
  /** Reduced free energies fₖ − f₀, kT, `[K]`. */
  readonly freeEnergies: Float64Array;
  /** Mixture weights Wₙₖ, `[K][N]`: each row sums to 1. */
  readonly weights: readonly Float64Array[];
  /** f_j − f_i in kT with its asymptotic standard error. */
  difference(i: number, j: number): Estimate;
  /**
   * f − f₀ of any other reduced potential u at the same samples, `[N]`, in kT.
   * Its states need no samples of their own.
   */
  freeEnergyOf(reducedEnergy: Float64Array): Estimate;
  /** Weights of the samples in any other reduced potential, `[N]`, which sum to 1. */
  weightsOf(reducedEnergy: Float64Array): Float64Array;
  /** ⟨A⟩ in the state with reduced potential u, `[N]`; state k of the input where u is left out is k. */
  expectation(observable: Float64Array, state: number | Float64Array): Estimate;
  /** O_ij = n_j Σₙ Wₙᵢ Wₙⱼ, `[K][K]`: the chance to find a sample of state i as one of j. Rows sum to 1. */
  overlap(): number[][];
}

/** What the samples stand for, and where the iteration starts; everything has a default. */
export interface MbarOptions {
  /** How many samples each column of the reduced energies stands for, `[N]`; 1 each by default. */
  readonly multiplicities?: Float64Array;
  /** Where the iteration starts, `[K]`: those of a similar problem save most of its steps. */
  readonly initial?: Float64Array;
}

/**
 * The multistate Bennett acceptance ratio: free energies of K states from n₁ … n_K samples of them.
 *
 *     fᵢ = −ln Σₙ e^(−uᵢ(xₙ)) / Σₖ nₖ e^(fₖ − uₖ(xₙ)),   Wₙᵢ = e^(fᵢ − uᵢ(xₙ)) / Σₖ nₖ e^(fₖ − uₖ(xₙ))
 *
 * A column of multiplicity m counts as m equal samples, and m stands in its weight.
 *
 * Solved in log space by Newton steps on the convex likelihood, with a self-consistent step wherever that
 * leaves a smaller residual. A reduced energy may be +∞ (forbidden there); a state may have no samples.
 * Errors are the asymptotic ones of independent samples: subsample correlated series first.
 *
 * Shirts & Chodera, J. Chem. Phys. 129, 124105, 2008. doi:10.1063/1.2978177
 * @param reducedEnergies uₖ(xₙ) of every sample in every state, `[K][N]`, the samples in any order.
 * @param counts nₖ, `[K]`, which sum to N, or to the sum of the multiplicities.
 * @throws {ShapeError} where the shapes do not match.
 * @throws {ErgoflowError} where the states do not overlap.
 */
export function mbar(
  reducedEnergies: readonly Float64Array[],
  counts: readonly number[],
  options: MbarOptions = {},
): Mbar {
  const total = counts.reduce((a, b) => a + b, 0);
  if (counts.length !== reducedEnergies.length || total === 0) {
    throw new ShapeError(`mbar: ${counts.length} counts for ${reducedEnergies.length} states`);
  }
  const times = options.multiplicities ?? new Float64Array(total).fill(1);
  const samples = times.length;
  if (times.reduce((a, b) => a + b, 0) !== total) {
    throw new ShapeError(`mbar: the multiplicities do not sum to the counts, ${total}`);
  }
  for (const u of reducedEnergies) {
    if (u.length !== samples) {
      throw new ShapeError(`mbar: expected ${samples} samples, got ${u.length}`);
    }
  }
  const freeEnergies = solveFreeEnergies(reducedEnergies, counts, times, options.initial);
  const logMixture = mixture(reducedEnergies, counts, freeEnergies);
  const each = reducedEnergies.map((u, k) => normalised(u, logMixture, freeEnergies[k]));
  requireOverlap(each, counts, times);
  const information = informationOf(each, counts, times);

  function reweighted(reducedEnergy: Float64Array): { free: number; own: Float64Array } {
    if (reducedEnergy.length !== samples) {
      throw new ShapeError(`mbar: expected ${samples} energies, got ${reducedEnergy.length}`);
    }
    const free = -logSumExp(reducedEnergy.map((u, n) => Math.log(times[n]) - u - logMixture[n]));
    return { free, own: normalised(reducedEnergy, logMixture, free) };
  }

  return {
    freeEnergies,
    weights: each.map((own) => own.map((w, n) => times[n] * w)),
    difference(i, j) {
      return {
        value: freeEnergies[j] - freeEnergies[i],
        standardError: information.error(each[j].map((w, n) => w - each[i][n])),
      };
    },
    freeEnergyOf(reducedEnergy) {
      const { free, own } = reweighted(reducedEnergy);
      return {
        value: free - freeEnergies[0],
        standardError: information.error(own.map((w, n) => w - each[0][n])),
      };
    },
    weightsOf: (reducedEnergy) => reweighted(reducedEnergy).own.map((w, n) => times[n] * w),
    expectation(observable, state) {
      const own = typeof state === 'number' ? each[state] : reweighted(state).own;
      let value = 0;
      // A sample without weight may have any observable, an infinite energy for one.
      own.forEach((w, n) => {
        if (w > 0) value += times[n] * w * observable[n];
      });
      const form = own.map((w, n) => (w > 0 ? w * (observable[n] - value) : 0));
      return { value, standardError: information.error(form) };
    },
    overlap() {
      return each.map((own) => each.map((other, j) => counts[j] * dot(own, other, times)));
    },
  };
}

function solveFreeEnergies(
  energies: readonly Float64Array[],
  counts: readonly number[],
  times: Float64Array,
  initial: Float64Array | undefined,
): Float64Array {
  const logTimes = times.map(Math.log);
  let f: Float64Array = initial?.slice() ?? new Float64Array(counts.length);
  let logMixture = mixture(energies, counts, f);
  // Two self-consistent steps first: from zero, Newton's model can be far off.
  for (let i = 0; i < 2; i++) {
    f = selfConsistent(energies, logMixture, logTimes);
    logMixture = mixture(energies, counts, f);
  }
  const sampled = counts.flatMap((n, k) => (n > 0 ? [k] : []));
  for (let iteration = 0; iteration < 10_000; iteration++) {
    const candidates = [selfConsistent(energies, logMixture, logTimes)];
    const newton = newtonStep(energies, counts, times, f, logMixture, sampled);
    if (newton !== undefined) candidates.push(newton);
    let best: { f: Float64Array; logMixture: Float64Array; residual: number } = {
      f,
      logMixture,
      residual: Infinity,
    };
    for (const candidate of candidates) {
      const its = mixture(energies, counts, candidate);
      const residual = residualOf(energies, counts, times, candidate, its, sampled);
      if (residual < best.residual) best = { f: candidate, logMixture: its, residual };
    }
    if (best.residual === Infinity) break;
    const moved = best.f.reduce((most, value, k) => Math.max(most, Math.abs(value - f[k])), 0);
    ({ f, logMixture } = best);
    if (moved < 1e-12 * Math.max(1, ...f.map(Math.abs)))
      return selfConsistent(energies, logMixture, logTimes);
  }
  throw new ErgoflowError('MBAR did not converge');
}

/** ln Σₖ nₖ e^(fₖ − uₖ), `[N]`. */
function mixture(
  energies: readonly Float64Array[],
  counts: readonly number[],
  f: Float64Array,
): Float64Array {
  const terms = new Float64Array(counts.length);
  return energies[0].map((_, n) => {
    for (let k = 0; k < terms.length; k++) {
      terms[k] = counts[k] > 0 ? Math.log(counts[k]) + f[k] - energies[k][n] : -Infinity;
    }
    return logSumExp(terms);
  });
}

/** fᵢ = −ln Σₙ e^(−uᵢ) / mixture, shifted to f₀ = 0. */
function selfConsistent(
  energies: readonly Float64Array[],
  logMixture: Float64Array,
  logTimes: Float64Array,
): Float64Array {
  const f = Float64Array.from(
    energies,
    (u) => -logSumExp(u.map((e, n) => logTimes[n] - e - logMixture[n])),
  );
  return f.map((value) => value - f[0]);
}

/** Wₙ = e^(f − u) / mixture, `[N]`. */
function normalised(u: Float64Array, logMixture: Float64Array, f: number): Float64Array {
  // A state that forbids every sample has f = +∞, and ∞ − ∞ must not become a weight.
  return u.map((e, n) => (e === Infinity ? 0 : Math.exp(f - e - logMixture[n])));
}

/** Σₖ nₖ² (Σₙ Wₙₖ − 1)² over the sampled states: 0 at the solution. */
function residualOf(
  energies: readonly Float64Array[],
  counts: readonly number[],
  times: Float64Array,
  f: Float64Array,
  logMixture: Float64Array,
  sampled: readonly number[],
): number {
  let sum = 0;
  for (const k of sampled) {
    let total = 0;
    for (let n = 0; n < logMixture.length; n++) {
      total += times[n] * Math.exp(f[k] - energies[k][n] - logMixture[n]);
    }
    sum += (counts[k] * (total - 1)) ** 2;
  }
  return Number.isNaN(sum) ? Infinity : sum;
}

/** One Newton step in f of the sampled states but the first; the others follow self-consistently. */
function newtonStep(
  energies: readonly Float64Array[],
  counts: readonly number[],
  times: Float64Array,
  f: Float64Array,
  logMixture: Float64Array,
  sampled: readonly number[],
): Float64Array | undefined {
  const free = sampled.slice(1);
  if (free.length === 0) return undefined;
  const weights = free.map((k) => normalised(energies[k], logMixture, f[k]));
  const gradient = Matrix.zeros(free.length, 1);
  const hessian = Matrix.zeros(free.length, free.length);
  free.forEach((k, i) => {
    const sum = weights[i].reduce((a, w, n) => a + times[n] * w, 0);
    gradient.set(i, 0, counts[k] * (1 - sum));
    free.forEach((l, j) => {
      const own = i === j ? counts[k] * sum : 0;
      hessian.set(i, j, own - counts[k] * counts[l] * dot(weights[i], weights[j], times));
    });
  });
  let step: Matrix;
  try {
    step = solve(hessian, gradient);
  } catch {
    // A singular Hessian: the self-consistent step alone decides.
    return undefined;
  }
  const next = f.slice();
  free.forEach((k, i) => {
    next[k] += step.get(i, 0);
  });
  const origin = sampled[0];
  const shifted = next.map((value) => value - next[origin] + f[origin]);
  return shifted.every(Number.isFinite) ? shifted : undefined;
}

/**
 * Every sampled state must be reachable from the first through shared samples: free energies of groups
 * that share none have no relative value, and any number would solve the equations.
 */
function requireOverlap(
  weights: readonly Float64Array[],
  counts: readonly number[],
  times: Float64Array,
): void {
  const sampled = counts.flatMap((n, k) => (n > 0 ? [k] : []));
  const reached = new Set(sampled.slice(0, 1));
  for (const i of reached) {
    for (const j of sampled) {
      // Overlaps below rounding decide nothing.
      if (counts[j] * dot(weights[i], weights[j], times) > 1e-13) reached.add(j);
    }
  }
  const missed = sampled.find((k) => !reached.has(k));
  if (missed !== undefined) {
    throw new ErgoflowError(
      `MBAR: state ${missed} shares no configurations with state ${sampled[0]}`,
    );
  }
}

/**
 * The asymptotic variance of Σₙ dₙ for a form d that sums to 0, by the matrix inversion lemma:
 *
 *     dᵀ (1 − W N Wᵀ)⁺ d = dᵀd + (Wᵀd)ᵀ N (1 − WᵀW N + 1 (N1)ᵀ/n)⁻¹ Wᵀd
 *
 * The added term lifts the one null vector, 1, to which such a d is orthogonal, so that no
 * pseudo-inverse and no threshold is needed. Shirts & Chodera's covariance with d = Wⱼ − Wᵢ.
 */
function informationOf(
  weights: readonly Float64Array[],
  counts: readonly number[],
  times: Float64Array,
): { error(form: Float64Array): number } {
  const samples = counts.reduce((a, b) => a + b, 0);
  const size = counts.length;
  const lifted = Matrix.zeros(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const gram = dot(weights[i], weights[j], times) * counts[j];
      lifted.set(i, j, (i === j ? 1 : 0) - gram + counts[j] / samples);
    }
  }
  const inverted = inverse(lifted);
  return {
    error(form) {
      const projected = weights.map((own) => dot(own, form, times));
      let variance = dot(form, form, times);
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          variance += projected[i] * counts[i] * inverted.get(i, j) * projected[j];
        }
      }
      // Rounding may leave −1e-20 for a difference that is exactly known.
      return Math.sqrt(Math.max(0, variance));
    },
  };
}

/** Σₙ mₙ aₙ bₙ */
function dot(a: Float64Array, b: Float64Array, times: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += times[n] * a[n] * b[n];
  return sum;
}
