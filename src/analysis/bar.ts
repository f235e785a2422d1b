import { ErgoflowError } from '../core/errors.ts';
import type { Estimate } from './estimate.ts';

/**
 * The free-energy difference F₁ − F₀ in kT by Bennett's acceptance ratio, the root Δ of
 *
 *     Σ_{x~0} f(M + w_F(x) − Δ) = Σ_{x~1} f(−M + w_R(x) + Δ),   f(y) = 1/(1 + e^y),   M = ln(n₀/n₁)
 *
 * with w_F = u₁ − u₀ at samples of state 0 and w_R = u₀ − u₁ at samples of state 1. An infinite w marks a
 * configuration that the other state forbids; it stays in n. The standard error is the asymptotic one of
 * independent samples: subsample correlated ones first, or see `combineChainAndFlow`.
 * Undefined without overlap: no sample of one state is allowed in the other.
 *
 * Bennett, J. Comput. Phys. 22, 245, 1976. doi:10.1016/0021-9991(76)90078-4
 * @param forward w_F, `[n₀]`, kT. @param reverse w_R, `[n₁]`, kT.
 */
export function bar(forward: Float64Array, reverse: Float64Array): Estimate | undefined {
  const backward = reverse.map((w) => -w);
  const shift = Math.log(forward.length / reverse.length);
  const value = solveBar(forward, 1, backward);
  if (value === undefined) return undefined;
  const fromZero = relativeVariance(forward.map((w) => logistic(value - shift - w)));
  const fromOne = relativeVariance(backward.map((w) => logistic(shift + w - value)));
  return { value, standardError: Math.sqrt(fromZero / forward.length + fromOne / reverse.length) };
}

/**
 * The root Δ of the same equation where each sample of state 0 counts as ν independent ones:
 *
 *     ν Σ_{x~0} (1 − σ(x)) = Σ_{x~1} σ(x),   σ = 1/(1 + e^(Δ − M − w)),   M = ln(ν n₀/n₁)
 *
 * σ is the probability that x, drawn from both at random, came from state 0. The left side falls and the
 * right side rises with −Δ, so the root is unique; Newton steps, halving the bracket where one leaves it.
 * Consistent for every ν > 0; ν = 1/τ makes it nearly optimal for a chain with autocorrelation time τ.
 * @param zero w = u₁ − u₀ at samples of state 0, `[n₀]`. @param one w at samples of state 1, `[n₁]`.
 */
export function solveBar(zero: Float64Array, nu: number, one: Float64Array): number | undefined {
  // A sample of state 0 with u₁ = −∞, or of state 1 with u₀ = −∞, would be a different mistake.
  if (!zero.some((w) => w < Infinity) || !one.some((w) => w > -Infinity)) return undefined;
  const shift = Math.log((nu * zero.length) / one.length);
  const imbalance = (delta: number): { excess: number; slope: number } => {
    let excess = 0;
    let slope = 0;
    for (const w of zero) {
      const p = logistic(shift + w - delta);
      excess += nu * (1 - p);
      slope += nu * p * (1 - p);
    }
    for (const w of one) {
      const p = logistic(shift + w - delta);
      excess -= p;
      slope += p * (1 - p);
    }
    return { excess, slope };
  };

  let low = -1;
  let high = 1;
  while (imbalance(low).excess > 0) low *= 2;
  while (imbalance(high).excess < 0) high *= 2;
  let delta = (low + high) / 2;
  for (let iteration = 0; iteration < 200; iteration++) {
    const { excess, slope } = imbalance(delta);
    if (excess > 0) high = delta;
    else low = delta;
    const newton = delta - excess / slope;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - delta) <= 1e-13 * Math.max(1, Math.abs(delta))) return next;
    delta = next;
  }
  throw new ErgoflowError(`BAR did not converge: between ${low} and ${high}`);
}

/** 1/(1 + e^−y) without overflow; 0 and 1 at −∞ and +∞. */
export function logistic(y: number): number {
  return 1 / (1 + Math.exp(-y));
}

/** ⟨f²⟩/⟨f⟩² − 1. */
function relativeVariance(f: Float64Array): number {
  let sum = 0;
  let squares = 0;
  for (const x of f) {
    sum += x;
    squares += x * x;
  }
  return Math.max(0, (squares * f.length) / (sum * sum) - 1);
}
