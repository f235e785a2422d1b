import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Kernel } from '../../src/core/kernel.ts';
import { rootKey } from '../../src/core/rng.ts';
import { eulerMaruyama } from '../../src/md/kernels/eulerMaruyama.ts';
import { ghmc } from '../../src/md/kernels/ghmc.ts';
import { hmc } from '../../src/md/kernels/hmc.ts';
import { langevin } from '../../src/md/kernels/langevin.ts';
import { mala } from '../../src/md/kernels/mala.ts';
import { randomWalk } from '../../src/md/kernels/randomWalk.ts';
import { bananaTarget, type ExactTarget, quarticTarget } from '../contracts/exactTarget.ts';
import { describeKernel, type KernelClaims } from '../contracts/kernel.ts';
import { stationarityScores, worst } from '../contracts/stationarity.ts';

/** The file of `src/md/kernels` each entry covers, how to make it, and what it claims. */
interface Entry extends KernelClaims {
  readonly file: string;
  make(target: Pick<ExactTarget, 'potential' | 'kT'>): Kernel;
}

const masses = [2, 0.5];

const kernels: Record<string, Entry> = {
  'random walk': {
    file: 'randomWalk',
    exact: true,
    make: ({ potential, kT }) => randomWalk(potential, { kT, stepSize: 0.6, attempts: 3 }),
  },
  MALA: {
    file: 'mala',
    exact: true,
    make: ({ potential, kT }) => mala(potential, { kT, timestep: 0.12, attempts: 2 }),
  },
  HMC: {
    file: 'hmc',
    exact: true,
    masses,
    make: ({ potential, kT }) =>
      hmc(potential, {
        kT,
        timestep: 0.6 * stride(potential),
        steps: 3,
        attempts: 2,
        masses: masses.slice(0, potential.dim),
      }),
  },
  'HMC with jitter': {
    file: 'hmc',
    exact: true,
    masses,
    make: ({ potential, kT }) =>
      hmc(potential, {
        kT,
        timestep: 0.5 * stride(potential),
        steps: 4,
        attempts: 1,
        masses: masses.slice(0, potential.dim),
        jitter: 0.5,
      }),
  },
  'generalised HMC': {
    file: 'ghmc',
    exact: true,
    masses,
    make: ({ potential, kT }) =>
      ghmc(potential, {
        kT,
        timestep: 0.6 * stride(potential),
        steps: 1,
        attempts: 3,
        persistence: 0.8,
        masses: masses.slice(0, potential.dim),
      }),
  },
  'Euler–Maruyama': {
    file: 'eulerMaruyama',
    exact: false,
    make: ({ potential, kT }) => eulerMaruyama(potential, { kT, timestep: 0.03, steps: 4 }),
  },
  'BAOAB Langevin': {
    file: 'langevin',
    exact: false,
    masses,
    make: ({ potential, kT }) =>
      langevin(potential, {
        kT,
        timestep: 0.2,
        friction: 1,
        steps: 4,
        masses: masses.slice(0, potential.dim),
      }),
  },
};

/** The single, heavy coordinate of the quartic well allows longer steps than the light one. */
function stride({ dim }: { readonly dim: number }): number {
  return dim === 1 ? 1.4 : 1;
}

for (const [name, { make, ...claims }] of Object.entries(kernels)) {
  describeKernel(name, make, claims);
}

it('every file of src/md/kernels is in the table above', () => {
  const files = readdirSync(new URL('../../src/md/kernels', import.meta.url));
  const covered = new Set(Object.values(kernels).map(({ file }) => `${file}.ts`));
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((file) => !covered.has(file))).toEqual([]);
});

describe('the suite catches', () => {
  const run = { chains: 6000, bursts: 25, key: rootKey(5) };
  const bound = 4.5;

  it.each([quarticTarget(), bananaTarget()])(
    'generalised HMC without the reversal on rejection, on the $name, by stationarity',
    (target) => {
      const { potential, kT } = target;
      const sound = ghmc(potential, {
        kT,
        timestep: 0.6 * stride(potential),
        steps: 1,
        attempts: 1,
        persistence: 0.8,
      });
      const withVelocities = { ...run, masses: [1, 1].slice(0, potential.dim) };
      const z = (kernel: Kernel, how: typeof run): number =>
        Math.abs(worst(stationarityScores(kernel, target, how)).z);
      expect(z(sound, withVelocities)).toBeLessThan(bound);
      expect(z(withoutReversal(sound), withVelocities)).toBeGreaterThan(4 * bound);
      // The positions alone, which is what a user looks at, are wrong as well.
      expect(z(withoutReversal(sound), run)).toBeGreaterThan(2 * bound);
    },
  );

  it.each(['Euler–Maruyama', 'BAOAB Langevin'])(
    '%s, which is not Metropolised, by stationarity',
    (name) => {
      const target = bananaTarget();
      const { make, masses: moving } = kernels[name];
      const scores = stationarityScores(make(target), target, {
        ...run,
        ...(moving && { masses }),
      });
      expect(Math.abs(worst(scores).z)).toBeGreaterThan(2 * bound);
    },
  );
});

/** The mutant: a burst of one attempt whose rejected velocities are turned round once more. */
function withoutReversal(kernel: Kernel): Kernel {
  return {
    ...kernel,
    step(state, key) {
      const { state: next, info } = kernel.step(state, key);
      const { dim } = next.positions;
      const velocities = next.velocities?.map((v, i) =>
        info.accepted[Math.floor(i / dim)] === 0 ? -v : v,
      );
      return { state: { ...next, velocities }, info };
    },
  };
}
