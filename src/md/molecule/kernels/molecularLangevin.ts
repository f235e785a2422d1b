import { batch } from '../../../core/batch.ts';
import { expectInteger, expectNonNegative, expectPositive } from '../../../core/expectNumber.ts';
import type { ChainState, Kernel } from '../../../core/kernel.ts';
import { fold, type Key } from '../../../core/rng.ts';
import type { LangevinOptions } from '../../kernels/langevin.ts';
import { massPerCoordinate, maxwellBoltzmann, thermalSpeeds } from '../../masses.ts';
import { expectFiniteTrajectory, nothingRefused } from '../../unadjusted.ts';
import type { MolecularSystem } from '../molecularSystem.ts';
import { plainMolecularPotential } from '../plainMolecularPotential.ts';
import type { Burst, BurstSettings, BurstState } from './burst.ts';
import { type CompiledBurst, compiledBurst } from './compiledBurst.ts';
import { type LaneLayout, laneLayout } from './laneLayout.ts';
import { plainBurst } from './plainBurst.ts';
import { simdMolecularPotential } from './simdMolecularPotential.ts';

/** Settings of Langevin dynamics of a molecule; masses are the system's unless given. */
export interface MolecularLangevinOptions extends LangevinOptions {
  /**
   * `single`: forces between steps in float32, four chains at once; state, noise and whatever a burst returns stay
   * float64. Unadjusted dynamics only, which this is: no float32 energy leaves a burst. `double` by
   * default.
   */
  readonly precision?: 'double' | 'single';
  /** What is computed at once; by the number of atoms unless given. */
  readonly lanes?: LaneLayout;
  /** Is told how many evaluations of the gradient each burst has cost, for a ledger. */
  readonly book?: (evaluations: number) => void;
}

/**
 * `langevin` for molecules: BAOAB with noise, integration and forces compiled to SIMD, the whole burst
 * without leaving WebAssembly. The noise is that of `langevin` under the same key, so that both follow the
 * same trajectory but for rounding.
 *
 * Machines without vector instructions, and systems with terms that have no kernel, take the same steps in
 * TypeScript with the same noise.
 * @throws {ShapeError} and {RangeError} as `checkSystem` and `langevin` do.
 */
export function molecularLangevin(
  system: MolecularSystem,
  options: MolecularLangevinOptions,
): Kernel {
  const plain = plainMolecularPotential(system);
  const { dim } = plain;
  const { burst, speeds, evaluationsPerChain } = molecularBurst(system, options);

  return {
    name: options.precision === 'single' ? 'molecular-langevin-single' : 'molecular-langevin',
    exact: false,
    step(state, key) {
      const started = burstState(state, key, speeds);
      const positions = batch(started.positions, dim);
      expectFiniteTrajectory(plain, 0, positions, started);
      burst(started, key, 0);
      options.book?.(evaluationsPerChain * positions.count);
      return { state: chainState(started, dim), info: nothingRefused(positions.count) };
    },
  };
}

/** A burst with what kernels need around it. */
export interface MolecularBurst {
  readonly burst: Burst;
  /** √(kT/m) of each coordinate, `[D]`, for starting velocities. */
  readonly speeds: Float64Array;
  /** What a burst costs each chain. */
  readonly evaluationsPerChain: number;
  /** undefined where the burst is in TypeScript. */
  readonly compiled: CompiledBurst | undefined;
}

/** The burst of the options, checked. */
export function molecularBurst(
  system: MolecularSystem,
  options: MolecularLangevinOptions,
): MolecularBurst {
  const dim = 3 * system.topology.atoms.length;
  const kT = expectPositive('kT', options.kT);
  const timestep = expectPositive('timestep', options.timestep);
  const friction = expectNonNegative('friction', options.friction);
  const steps = expectInteger('steps', options.steps, 1);
  const masses = massPerCoordinate(options.masses ?? perCoordinate(system.masses), dim);
  const speeds = thermalSpeeds(masses, kT);
  const half = timestep / 2;
  // √(1 − e^(−2γΔt)), through expm1 so that weak friction keeps its digits.
  const renewed = Math.sqrt(-Math.expm1(-2 * friction * timestep));
  const settings: BurstSettings = {
    steps,
    half,
    keep: Math.exp(-friction * timestep),
    kick: masses.map((mass) => half / mass),
    renew: speeds.map((speed) => renewed * speed),
  };
  const lanes = options.lanes ?? laneLayout(system.topology.atoms.length);
  const single = options.precision === 'single';
  const compiled = compiledBurst(system, settings, single ? 'float' : 'double', lanes);
  const burst =
    compiled?.burst ??
    plainBurst(simdMolecularPotential(system, lanes) ?? plainMolecularPotential(system), settings);
  // What floats leave behind is evaluated once more, in float64.
  const evaluationsPerChain = steps + Number(single && compiled !== undefined);
  return { burst, speeds, evaluationsPerChain, compiled };
}

/** A copy of a state for a burst to change, with velocities drawn where it has none. */
export function burstState(state: ChainState, key: Key, speeds: Float64Array): BurstState {
  return {
    positions: state.positions.data.slice(),
    velocities:
      state.velocities?.slice() ??
      maxwellBoltzmann(fold(key, 'velocities'), state.positions.count, speeds),
    energy: state.energy.slice(),
    gradient: state.gradient.slice(),
  };
}

/** The state a burst has left. */
export function chainState(
  { positions, velocities, energy, gradient }: BurstState,
  dim: number,
): ChainState {
  return { positions: batch(positions, dim), velocities, energy, gradient, density: undefined };
}

function perCoordinate(masses: Float64Array): Float64Array {
  return Float64Array.from({ length: 3 * masses.length }, (_, d) => masses[Math.floor(d / 3)]);
}
