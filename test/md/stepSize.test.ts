import { describe, expect, it } from 'vitest';
import { batch, fromRows } from '../../src/core/batch.ts';
import { type ChainState, type Kernel, startChains } from '../../src/core/kernel.ts';
import { booked, emptyLedger } from '../../src/core/ledger.ts';
import type { Potential } from '../../src/core/potential.ts';
import { normal, rootKey } from '../../src/core/rng.ts';
import { hmc } from '../../src/md/kernels/hmc.ts';
import { langevin } from '../../src/md/kernels/langevin.ts';
import { mala } from '../../src/md/kernels/mala.ts';
import { randomWalk } from '../../src/md/kernels/randomWalk.ts';
import { doubleWell } from '../../src/md/potentials/doubleWell.ts';
import { harmonic } from '../../src/md/potentials/harmonic.ts';
import { tuneStepSize, usefulAcceptance } from '../../src/md/stepSize.ts';

const kT = 1;
const attempts = 20;
const key = rootKey(1);

interface Case {
  readonly name: keyof typeof usefulAcceptance;
  make(potential: Potential): (stepSize: number) => Kernel;
}
const cases: Case[] = [
  {
    name: 'randomWalk',
    make: (potential) => (stepSize) => randomWalk(potential, { kT, stepSize, attempts }),
  },
  {
    name: 'mala',
    make: (potential) => (timestep) => mala(potential, { kT, timestep, attempts }),
  },
  {
    name: 'hmc',
    make: (potential) => (timestep) => hmc(potential, { kT, timestep, steps: 5, attempts }),
  },
];

const dim = 20;
const stiffness = Array.from({ length: dim }, (_, i) => 1 + i / 5);
const well = harmonic({ stiffness });
const chains = 200;

/** Chains in equilibrium: acceptance from elsewhere is another. */
function warmChains(seed: number): ChainState {
  const data = normal(rootKey(seed), chains * dim);
  for (let i = 0; i < data.length; i++) data[i] *= Math.sqrt(kT / stiffness[i % dim]);
  return startChains(well, batch(data, dim));
}

describe('tuneStepSize', () => {
  it.each(cases)('brings $name to its useful acceptance in 20 dimensions', ({ name, make }) => {
    const target = usefulAcceptance[name];
    const search = { make: make(well), state: warmChains(1), key, target, initial: 0.3 };
    const tuned = tuneStepSize(search);
    expect(tuned.converged).toBe(true);
    expect(Math.abs(tuned.acceptance - target)).toBeLessThanOrEqual(0.03);
    expect(tuned.pilots).toBeLessThanOrEqual(12);
    const { accepted } = search.make(tuned.stepSize).step(warmChains(2), rootKey(99)).info;
    const seen = accepted.reduce((sum, n) => sum + n, 0) / (chains * attempts);
    // The tolerance, and 4 standard errors of either pilot.
    const noise = 4 * Math.sqrt((2 * 0.25) / (chains * attempts));
    expect(Math.abs(seen - target)).toBeLessThan(0.03 + noise);
  });

  it.each([1e-5, 1e4])('finds its way from a first guess of %s', (initial) => {
    const potential = doubleWell();
    const state = startChains(potential, fromRows(Array.from({ length: 50 }, () => [-1.7, 0])));
    const tuned = tuneStepSize({
      make: (stepSize) => randomWalk(potential, { kT, stepSize, attempts }),
      state,
      key,
      target: 0.3,
      initial,
      maxPilots: 40,
    });
    expect(tuned.converged).toBe(true);
  });

  it('gives the same answer to the same question, and leaves the chains it is given alone', () => {
    const potential = doubleWell();
    const state = startChains(
      potential,
      fromRows([
        [-1.7, 0],
        [1.7, 0.4],
      ]),
    );
    const before = structuredClone(state);
    const search = {
      make: (timestep: number) => mala(potential, { kT, timestep, attempts }),
      state,
      key,
      target: 0.574,
      initial: 0.01,
    };
    expect(tuneStepSize(search)).toEqual(tuneStepSize(search));
    expect(state).toEqual(before);
  });

  it('runs no more pilots than it may, and says that it has not arrived', () => {
    const ledger = emptyLedger();
    const potential = doubleWell();
    const state = startChains(potential, fromRows([[-1.7, 0]]));
    const tuned = tuneStepSize({
      make: (stepSize) =>
        randomWalk(booked(potential, ledger, 'localMoves'), { kT, stepSize, attempts }),
      state,
      key,
      target: 0.3,
      initial: 1e-6,
      maxPilots: 3,
    });
    expect(tuned).toMatchObject({ pilots: 3, converged: false });
    expect(ledger.localMoves).toBe(3 * attempts);
  });

  it('refuses a target that is no acceptance, and a kernel that rejects nothing', () => {
    const potential = doubleWell();
    const state = startChains(potential, fromRows([[-1.7, 0]]));
    const common = { state, key, initial: 0.1 };
    const walk = (stepSize: number): Kernel => randomWalk(potential, { kT, stepSize, attempts });
    expect(() => tuneStepSize({ ...common, make: walk, target: 1 })).toThrow(/"target" .*got 1/);
    expect(() => tuneStepSize({ ...common, make: walk, target: 0.3, initial: 0 })).toThrow(
      /"initial" expected a positive number, got 0/,
    );
    const dynamics = (timestep: number): Kernel =>
      langevin(potential, { kT, timestep, friction: 1, steps: 5 });
    expect(() => tuneStepSize({ ...common, make: dynamics, target: 0.5 })).toThrow(
      /"make" expected a kernel that may reject, got langevin/,
    );
  });
});
