import { batch } from '../../../src/core/batch.ts';
import { iterate, take } from '../../../src/core/iterate.ts';
import { type ChainState, type Kernel, startChains } from '../../../src/core/kernel.ts';
import { fold, type Key } from '../../../src/core/rng.ts';
import { kelvinToKT } from '../../../src/core/units.ts';
import { hmc } from '../../../src/md/kernels/hmc.ts';
import { molecularLangevin } from '../../../src/md/molecule/kernels/molecularLangevin.ts';
import { molecularPotential } from '../../../src/md/molecule/molecularPotential.ts';
import { alanineDipeptide } from '../../../src/md/molecule/systems/alanineDipeptide.ts';
import type { ImplicitSolvent } from '../../../src/md/molecule/systems/shippedMolecule.ts';

/** Alanine dipeptide with what moves it. */
export function dipeptide(solvent: ImplicitSolvent) {
  const { system, positions } = alanineDipeptide({ solvent });
  const potential = molecularPotential(system);
  const { dim } = potential;
  const masses = Float64Array.from({ length: dim }, (_, i) => system.masses[Math.floor(i / 3)]);
  return {
    potential,
    masses,
    langevin: (kelvin: number, timestep: number, steps: number): Kernel =>
      molecularLangevin(system, { kT: kelvinToKT(kelvin), timestep, friction: 10, steps }),
    /** Exact; 0.9 of its trajectories of 10 fs are accepted. */
    hmc: (kelvin: number, attempts: number): Kernel =>
      hmc(potential, {
        kT: kelvinToKT(kelvin),
        timestep: 0.001,
        steps: 10,
        attempts,
        masses,
        jitter: 0.2,
      }),
    starts(chains: number): ChainState {
      const rows = new Float64Array(chains * dim);
      for (let b = 0; b < chains; b++) rows.set(positions, b * dim);
      return startChains(potential, batch(rows, dim));
    },
  };
}

/** The states after each of so many bursts, the first `warmup` left out. */
export function record(
  kernel: Kernel,
  start: ChainState,
  key: Key,
  warmup: number,
  bursts: number,
): ChainState[] {
  const states: ChainState[] = [];
  for (const { state } of take(warmup + bursts, iterate(kernel, start, fold(key, kernel.name)))) {
    states.push(state);
  }
  return states.slice(warmup);
}

/** One series for each chain, `[M][n]`, of what a state shows of all chains at once. */
export function seriesOf(
  states: readonly ChainState[],
  values: (state: ChainState) => Float64Array,
): Float64Array[] {
  const rows = states.map(values);
  return Array.from(rows[0], (_, b) => Float64Array.from(rows, (row) => row[b]));
}
