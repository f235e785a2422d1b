import { batch } from '../../src/core/batch.ts';
import type { Proposal, Proposer } from '../../src/core/hastings.ts';
import { type ChainState, type Kernel, startChains } from '../../src/core/kernel.ts';
import type { Potential } from '../../src/core/potential.ts';
import { at, fold, type Key, normal } from '../../src/core/rng.ts';
import type { FlowDensity } from '../../src/flow/density.ts';
import { linearLog } from '../../src/flow/linearLog.ts';
import { flowProposer } from '../../src/hybrid/kernels/flowProposal.ts';

/** A proposer whose proposals are altered on their way to the acceptance rule. */
export function altered(
  proposer: Proposer,
  alter: (proposal: Proposal, state: ChainState) => Partial<Proposal>,
): Proposer {
  return {
    ...proposer,
    propose(state, key) {
      const proposal = proposer.propose(state, key);
      return { ...proposal, ...alter(proposal, state) };
    },
  };
}

/** Kernels in turns, as one burst; what each of them leaves behind may be falsified. */
export function inTurns(
  kernels: readonly Kernel[],
  handOver: (before: ChainState, after: ChainState) => ChainState = (_, after) => after,
): Kernel {
  return {
    name: 'turns',
    exact: true,
    step(state, key) {
      const first = kernels[0].step(state, at(key, 0));
      return kernels.slice(1).reduce(
        (transition, kernel, i) => {
          const next = kernel.step(transition.state, at(key, i + 1));
          return { ...next, state: handOver(transition.state, next.state) };
        },
        { ...first, state: handOver(state, first.state) },
      );
    },
  };
}

/** U as training sees it, capped above `high` kT; `high` = +∞ is U itself. */
export function regularised(potential: Potential, kT: number, high: number): Potential {
  const capped = (u: number): number => kT * linearLog(u / kT, { high, max: Infinity }).value;
  return {
    ...potential,
    energy: (x) => potential.energy(x).map(capped),
    energyAndGradient(x, out) {
      const evaluated = potential.energyAndGradient(x, out);
      for (let b = 0; b < x.count; b++) evaluated.energy[b] = capped(evaluated.energy[b]);
      return evaluated;
    },
  };
}

/** `kernel` with energies of its own potential, from wherever the chains come. */
export function evaluatedBy(potential: Potential, kernel: Kernel): Kernel {
  return {
    ...kernel,
    step: (state, key) => kernel.step(startChains(potential, state.positions), key),
  };
}

/**
 * An independence proposal x = c + s sinh z whose centre c goes on learning from the chain that it
 * serves, c ← c + rate (x − c) after every move; with a rate of 0 it is frozen. One dimension.
 */
export function learningProposer(scale: number, rate: number): Proposer {
  let centres = new Float64Array(0);
  return {
    name: 'learning',
    redrawsVelocities: true,
    propose({ positions }, key) {
      const x = positions.data;
      if (centres.length !== x.length) centres = new Float64Array(x.length);
      for (let b = 0; b < x.length; b++) centres[b] += rate * (x[b] - centres[b]);
      const z = normal(key, x.length);
      const y = z.map((zi, b) => centres[b] + scale * Math.sinh(zi));
      const logDensity = (at: Float64Array): Float64Array =>
        at.map((value, b) => {
          const latent = Math.asinh((value - centres[b]) / scale);
          return -0.5 * latent ** 2 - Math.log(Math.cosh(latent));
        });
      return {
        y: batch(y, 1),
        logForward: logDensity(y),
        logReverse: logDensity(x),
        evaluated: undefined,
        refused: undefined,
        density: undefined,
      };
    },
  };
}

/** Chains choose their next kernel, one burst each; `next` sees the step and whether the last move was accepted. */
export function choosing(
  kernels: readonly [Kernel, Kernel],
  next: (step: number, chosen: number, accepted: boolean) => number,
): Kernel {
  let step = 0;
  let choice = new Uint8Array(0);
  return {
    name: 'choosing',
    exact: true,
    step(state, key) {
      const { count, dim } = state.positions;
      if (choice.length !== count) choice = new Uint8Array(count);
      const [a, b] = kernels.map((kernel, k) => kernel.step(state, fold(at(key, k), 'choice')));
      const pick = (of: (s: ChainState) => Float64Array, width: number): Float64Array =>
        of(a.state).map((value, i) =>
          choice[Math.floor(i / width)] === 0 ? value : of(b.state)[i],
        );
      const merged: ChainState = {
        positions: batch(
          pick((s) => s.positions.data, dim),
          dim,
        ),
        energy: pick((s) => s.energy, 1),
        gradient: pick((s) => s.gradient, dim),
        velocities: undefined,
        density: undefined,
      };
      const accepted = a.info.accepted.map((n, i) => (choice[i] === 0 ? n : b.info.accepted[i]));
      step++;
      choice = choice.map((chosen, i) => next(step, chosen, accepted[i] > 0));
      return { state: merged, info: { ...a.info, accepted } };
    },
  };
}

/** A flow that does not find its way back from beyond x = 1: A(x) = 0 there. */
export function brokenBeyondOne(flow: FlowDensity): FlowDensity {
  return {
    ...flow,
    forward(z) {
      const mapped = flow.forward(z);
      mapped.value.data.forEach((x, i) => {
        if (x > 1) mapped.value.data[i] = x + 1e-3;
      });
      return mapped;
    },
  };
}

/** The flow's proposal with A asked of the offered configuration alone. */
export function oneSided(flow: FlowDensity): Proposer {
  return altered(flowProposer(flow), ({ density }) => ({
    refused: Array.from(density?.proposedInvertible ?? [], (one) =>
      one === 1 ? undefined : 'notInvertible',
    ),
    density: undefined,
  }));
}

/**
 * max |log α(x → y) + log α(y → x)| over pairs of chains, where both moves are offered by `make` on a
 * flow that is made to draw what it is told.
 */
export function asymmetry(
  make: (flow: FlowDensity) => Proposer,
  flow: FlowDensity,
  potential: Potential,
  kT: number,
  key: Key,
): number {
  const count = 200;
  const x = flow.sample(count, fold(key, 'x'));
  const y = flow.sample(count, fold(key, 'y'));
  const ratios = (from: typeof x, to: typeof x): Float64Array => {
    const proposer = make({ ...flow, sample: () => to });
    const state = startChains(potential, from.x);
    const { logForward, logReverse } = proposer.propose(state, key);
    const offered = potential.energy(to.x);
    return state.energy.map((u, b) => (u - offered[b]) / kT + logReverse[b] - logForward[b]);
  };
  const there = ratios(x, y);
  const back = ratios(y, x);
  return there.reduce((worst, ratio, b) => Math.max(worst, Math.abs(ratio + back[b])), 0);
}
