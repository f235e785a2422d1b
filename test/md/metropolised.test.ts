import { describe, expect, it } from 'vitest';
import { type Batch, batch, fromRows, row } from '../../src/core/batch.ts';
import { type Kernel, startChains } from '../../src/core/kernel.ts';
import { booked, emptyLedger } from '../../src/core/ledger.ts';
import type { Potential } from '../../src/core/potential.ts';
import { rootKey } from '../../src/core/rng.ts';
import { definePotential } from '../../src/md/definePotential.ts';
import { ghmc } from '../../src/md/kernels/ghmc.ts';
import { hmc } from '../../src/md/kernels/hmc.ts';
import { mala, malaProposer } from '../../src/md/kernels/mala.ts';
import { randomWalk } from '../../src/md/kernels/randomWalk.ts';
import { doubleWell } from '../../src/md/potentials/doubleWell.ts';
import { bananaTarget } from '../contracts/exactTarget.ts';

const target = bananaTarget();
const { potential, kT } = target;
const start = startChains(potential, target.sample(300, rootKey(1)));

/** The Hastings ratio of a Langevin step from x to y, written out for one chain. */
function langevinRatio(x: Float64Array, y: Float64Array, timestep: number): number {
  const at = potential.energyAndGradient(batch(Float64Array.of(...x, ...y), x.length));
  const density = (from: Float64Array, to: Float64Array, gradient: Float64Array): number =>
    -from.reduce((sum, xi, i) => sum + (to[i] - xi + timestep * gradient[i]) ** 2, 0) /
    (4 * kT * timestep);
  return (
    (at.energy[0] - at.energy[1]) / kT +
    density(y, x, at.gradient.slice(x.length)) -
    density(x, y, at.gradient.slice(0, x.length))
  );
}

describe('the Hastings ratio', () => {
  it.each([
    { name: 'of MALA', kernel: mala(potential, { kT, timestep: 0.08, attempts: 1 }) },
    {
      // One leapfrog step of Δt is a Langevin step of Δt²/2.
      name: 'of HMC of one step',
      kernel: hmc(potential, { kT, timestep: 0.4, steps: 1, attempts: 1 }),
    },
  ])('$name is that of a Langevin step', ({ kernel }) => {
    const { state, info } = kernel.step(start, rootKey(2));
    let compared = 0;
    for (let b = 0; b < start.positions.count; b++) {
      if (info.accepted[b] === 0) continue;
      const expected = langevinRatio(row(start.positions, b), row(state.positions, b), 0.08);
      expect(Math.abs(info.logRatio[b] - expected)).toBeLessThan(1e-10);
      compared++;
    }
    expect(compared).toBeGreaterThan(150);
  });

  it('of MALA is antisymmetric: there and back add up to nothing', () => {
    const proposer = malaProposer(potential, { kT, timestep: 0.3 });
    const { y, logForward, logReverse } = proposer.propose(start, rootKey(3));
    for (let b = 0; b < y.count; b++) {
      const energies = potential.energy(
        batch(Float64Array.of(...row(start.positions, b), ...row(y, b)), 2),
      );
      const there = (energies[0] - energies[1]) / kT + logReverse[b] - logForward[b];
      const back = langevinRatio(row(y, b), row(start.positions, b), 0.3);
      expect(Math.abs(there + back)).toBeLessThan(1e-10 * Math.max(1, Math.abs(there)));
    }
  });
});

describe('a burst costs', () => {
  it.each<{ name: string; make: (potential: Potential) => Kernel; each: number }>([
    {
      name: 'an evaluation an attempt: random walk',
      make: (surface) => randomWalk(surface, { kT, stepSize: 0.5, attempts: 7 }),
      each: 7,
    },
    {
      name: 'an evaluation an attempt: MALA',
      make: (surface) => mala(surface, { kT, timestep: 0.1, attempts: 5 }),
      each: 5,
    },
    {
      name: 'L evaluations an attempt: HMC',
      make: (surface) => hmc(surface, { kT, timestep: 0.3, steps: 4, attempts: 3 }),
      each: 4 * 3,
    },
  ])('$name', ({ make, each }) => {
    const ledger = emptyLedger();
    make(booked(potential, ledger, 'localMoves')).step(start, rootKey(4));
    expect(ledger.localMoves).toBe(each * start.positions.count);
  });

  it.each<{ name: string; make: (potential: Potential) => Kernel }>([
    { name: 'MALA', make: (surface) => mala(surface, { kT, timestep: 0.1, attempts: 5 }) },
    {
      name: 'HMC',
      make: (surface) => hmc(surface, { kT, timestep: 0.3, steps: 4, attempts: 3 }),
    },
  ])('no new arrays inside: $name evaluates into the same ones over and over', ({ make }) => {
    const seen = new Set<unknown>();
    let calls = 0;
    const watched: Potential = {
      ...potential,
      energyAndGradient(x, out) {
        calls++;
        seen.add(out).add(x);
        return potential.energyAndGradient(x, out);
      },
    };
    make(watched).step(start, rootKey(4));
    expect(calls).toBeGreaterThan(4);
    expect(seen.size).toBe(2);
    expect(seen.has(undefined)).toBe(false);
  });
});

describe('what is not finite', () => {
  /** Finite energies, but no gradient beyond x = 1; what it is shown is remembered. */
  const shown: Batch[] = [];
  const torn = definePotential({
    name: 'torn',
    dim: 1,
    energy: ([x]) => 0.5 * x * x,
    gradient([x], out) {
      out[0] = x > 1 ? Number.NaN : x;
    },
  });
  const watched: Potential = {
    ...torn,
    energyAndGradient(x, out) {
      shown.push(batch(x.data.slice(), x.dim));
      return torn.energyAndGradient(x, out);
    },
  };
  const chains = startChains(watched, fromRows([[1.5], [0.5], [0.9], [-0.5]]));

  it.each([
    { name: 'MALA', kernel: mala(watched, { kT: 1, timestep: 0.5, attempts: 20 }) },
    {
      name: 'HMC',
      kernel: hmc(watched, { kT: 1, timestep: 0.5, steps: 6, attempts: 20 }),
    },
    {
      name: 'generalised HMC',
      kernel: ghmc(watched, { kT: 1, timestep: 0.5, steps: 3, attempts: 20, persistence: 0.9 }),
    },
  ])(
    'in the gradient alone: $name refuses, counts, and shows the potential nothing of it',
    ({ kernel }) => {
      shown.length = 0;
      const { state, info } = kernel.step(chains, rootKey(5));
      expect(shown.every(({ data }) => data.every(Number.isFinite))).toBe(true);
      expect(state.positions.data[0]).toBe(1.5);
      expect(info.logRatio[0]).toBe(-Infinity);
      expect(info.refused.notFinite).toBeGreaterThan(20);
      for (let b = 1; b < 4; b++) expect(state.positions.data[b]).toBeLessThanOrEqual(1);
      expect(info.accepted[3]).toBeGreaterThan(0);
    },
  );
});

describe('options that cannot be', () => {
  const well = doubleWell();
  const common = { kT: 1, timestep: 1, steps: 1, attempts: 1 };
  it.each([
    { make: () => randomWalk(well, { kT: 0, stepSize: 1, attempts: 1 }), message: /"kT" .*got 0/ },
    {
      make: () => randomWalk(well, { kT: 1, stepSize: -1, attempts: 1 }),
      message: /"stepSize" .*got -1/,
    },
    { make: () => mala(well, { ...common, timestep: 0 }), message: /"timestep" .*got 0/ },
    { make: () => mala(well, { ...common, attempts: 0 }), message: /"attempts" .*got 0/ },
    { make: () => hmc(well, { ...common, steps: 0 }), message: /"steps" .*got 0/ },
    { make: () => hmc(well, { ...common, jitter: 1 }), message: /"jitter" .*\[0, 1\), got 1/ },
    {
      make: () => ghmc(well, { ...common, persistence: 1 }),
      message: /"persistence" expected a number in \[0, 1\), got 1/,
    },
    {
      make: () => ghmc(well, { ...common, persistence: 0, masses: [1] }),
      message: /"masses" expected 2 numbers/,
    },
  ])('are refused by name and value: $message', ({ make, message }) => {
    expect(make).toThrow(message);
  });
});
