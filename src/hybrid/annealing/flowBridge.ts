import { type Batch, batch, copy } from '../../core/batch.ts';
import type { Domain } from '../../core/domain.ts';
import { expectInteger, expectPositive, expectWithin } from '../../core/expectNumber.ts';
import { logSumExp } from '../../core/logSumExp.ts';
import { energyAndGradientBuffer, type Potential } from '../../core/potential.ts';
import { fold, type Key, normal, uniform } from '../../core/rng.ts';
import type { FlowDensity } from '../../flow/density.ts';
import type { FlowScore } from '../../flow/flowScore.ts';
import { type Masses, massPerCoordinate, thermalSpeeds } from '../../md/masses.ts';

/** The moves along a bridge from a flow to its target. */
export interface BridgeOptions {
  /** k_B T, in the potential's energy unit. */
  readonly kT: number;
  /** Δt of the leapfrog steps, ps. */
  readonly timestep: number;
  /** L, leapfrog steps of every move. */
  readonly steps: number;
  /** Each move's time step is uniform on Δt (1 ± jitter), jitter in [0, 1); 0.2 by default. */
  readonly jitter?: number;
  /** amu; 1 by default. */
  readonly masses?: Masses;
  /** The domain of relabelled configurations, outside which every density of the bridge is 0. */
  readonly domain?: Domain;
}

/** Configurations on their way, with all that the densities of the bridge are made of. Written to. */
export interface BridgePoint {
  readonly x: Batch;
  /** U, `[B]`, and ∂U/∂x, `[B, D]`. */
  readonly energy: Float64Array;
  readonly gradient: Float64Array;
  /** log q of the flow, `[B]`, and ∂ log q/∂x, `[B, D]`. */
  readonly logProb: Float64Array;
  readonly score: Float64Array;
  /** log q of every image of x under the flow's symmetries, `[n][B]`; `logProb` alone without any. */
  readonly images: readonly Float64Array[];
}

/** The densities between a flow and a Boltzmann distribution, and moves that leave each invariant. */
export interface Bridge {
  /** The point at copies of the rows of `x`: one evaluation each, unless U and ∂U/∂x are given. */
  point(x: Batch, known?: Pick<BridgePoint, 'energy' | 'gradient'>): BridgePoint;
  /** ln π_to − ln π_from at the point, `[B]`, for 0 ≤ from ≤ to ≤ 1. */
  gain(point: BridgePoint, from: number, to: number): Float64Array;
  /** One move of every chain that leaves π_β invariant and is reversible; L evaluations each. */
  move(point: BridgePoint, beta: number, key: Key): void;
  /** Ends a path: an image of every configuration, drawn evenly. Nothing happens without symmetries. */
  settle(point: BridgePoint, key: Key): void;
}

/** `gain` of any bridge: log π_β(x) = ln Σ_g q(g x)^(1 − β) − β U(x)/kT, over the images of x. */
export function logDensityGain(
  { energy, images }: Pick<BridgePoint, 'energy' | 'images'>,
  kT: number,
  from: number,
  to: number,
): Float64Array {
  return energy.map((u, b) => {
    const flowShare = (beta: number): number =>
      // q⁰ is 1, also where q is 0.
      beta === 1 ? Math.log(images.length) : logSumExp(images.map((one) => (1 - beta) * one[b]));
    return -((to - from) * u) / kT + flowShare(to) - flowShare(from);
  });
}

/**
 * The geometric bridge from a flow to a Boltzmann distribution, with hybrid Monte Carlo on it:
 *
 *     log π_β(x) = (1 − β) log q(x) − β U(x)/kT + const.
 *
 * Velocities are fresh for every move. The force has the flow's score in it, which is rounded to float32;
 * the acceptance takes log q and U in float64 at both ends, so that the move is exact all the same. A
 * trajectory that loses its gradient or ends outside the domain is rejected.
 * Duane, Kennedy, Pendleton & Roweth, Phys. Lett. B 195, 216, 1987. doi:10.1016/0370-2693(87)91197-X
 */
export function flowBridge(
  potential: Potential,
  flow: FlowDensity,
  score: FlowScore,
  options: BridgeOptions,
): Bridge {
  const { dim } = potential;
  const kT = expectPositive('kT', options.kT);
  const timestep = expectPositive('timestep', options.timestep);
  const steps = expectInteger('steps', options.steps, 1);
  const jitter = expectWithin('jitter', options.jitter ?? 0.2, 0, 1);
  const masses = massPerCoordinate(options.masses, dim);
  const speeds = thermalSpeeds(masses, kT);
  const { domain } = options;

  /** v ← v − ½ Δt/m ∂(β U − (1 − β) kT log q)/∂x */
  function kick(
    v: Float64Array,
    { gradient, score: towards }: Pick<BridgePoint, 'gradient' | 'score'>,
    beta: number,
    timesteps: Float64Array,
  ): void {
    for (let b = 0, i = 0; b < timesteps.length; b++) {
      for (let d = 0; d < dim; d++, i++) {
        const slope = beta * gradient[i] - (1 - beta) * kT * towards[i];
        v[i] -= ((0.5 * timesteps[b]) / masses[d]) * slope;
      }
    }
  }

  function kineticEnergy(v: Float64Array, b: number): number {
    let sum = 0;
    for (let d = 0; d < dim; d++) sum += 0.5 * masses[d] * v[b * dim + d] ** 2;
    return sum;
  }

  function drift(x: Float64Array, v: Float64Array, timesteps: Float64Array): void {
    for (let b = 0, i = 0; b < timesteps.length; b++) {
      for (let d = 0; d < dim; d++, i++) x[i] += timesteps[b] * v[i];
    }
  }

  return {
    point(x, known) {
      const own = copy(x);
      const { energy, gradient } = known ?? potential.energyAndGradient(own);
      const logProb = flow.logProb(own);
      return {
        x: own,
        energy: energy.slice(),
        gradient: gradient.slice(),
        logProb,
        score: score.score(own),
        images: [logProb],
      };
    },
    gain: (point, from, to) => logDensityGain(point, kT, from, to),
    settle: () => {},
    move(point, beta, key) {
      const { count } = point.x;
      const v = normal(fold(key, 'velocities'), count * dim).map((xi, i) => xi * speeds[i % dim]);
      const timesteps = uniform(fold(key, 'timesteps'), count).map(
        (u) => timestep * (1 + jitter * (2 * u - 1)),
      );
      const before = Float64Array.from({ length: count }, (_, b) => kineticEnergy(v, b));
      const x = batch(point.x.data.slice(), dim);
      const trial = energyAndGradientBuffer(count, dim);
      trial.gradient.set(point.gradient);
      let towards: Float64Array = point.score;
      const lost = new Uint8Array(count);
      for (let step = 0; step < steps; step++) {
        kick(v, { gradient: trial.gradient, score: towards }, beta, timesteps);
        drift(x.data, v, timesteps);
        park(x.data, v, point.x.data, lost, dim);
        potential.energyAndGradient(x, trial);
        towards = score.score(x);
        kick(v, { gradient: trial.gradient, score: towards }, beta, timesteps);
      }
      park(x.data, v, point.x.data, lost, dim);
      const logProb = flow.logProb(x);
      const inside = domain?.contains(x);
      const coins = uniform(fold(key, 'accept'), count);
      for (let b = 0; b < count; b++) {
        const now = beta * point.energy[b] - (1 - beta) * kT * point.logProb[b];
        const then = beta * trial.energy[b] - (1 - beta) * kT * logProb[b];
        const ratio = (now - then + before[b] - kineticEnergy(v, b)) / kT;
        const isPossible = lost[b] === 0 && inside?.[b] !== 0 && trial.energy[b] > -Infinity;
        // A ratio that is NaN compares false.
        if (!isPossible || !(coins[b] < Math.exp(ratio))) continue;
        for (let i = b * dim; i < (b + 1) * dim; i++) {
          point.x.data[i] = x.data[i];
          point.gradient[i] = trial.gradient[i];
          point.score[i] = towards[i];
        }
        point.energy[b] = trial.energy[b];
        point.logProb[b] = logProb[b];
      }
    },
  };
}

/**
 * Marks the chains whose positions or velocities are not finite, and takes them back to where they were,
 * at rest: they are rejected whatever happens, and show the potential nothing worse on the way.
 */
function park(
  x: Float64Array,
  v: Float64Array,
  start: Float64Array,
  lost: Uint8Array,
  dim: number,
): void {
  for (let b = 0; b < lost.length; b++) {
    const [from, to] = [b * dim, (b + 1) * dim];
    for (let i = from; i < to && lost[b] === 0; i++) {
      if (!Number.isFinite(x[i]) || !Number.isFinite(v[i])) lost[b] = 1;
    }
    if (lost[b] === 0) continue;
    x.set(start.subarray(from, to), from);
    v.fill(0, from, to);
  }
}
