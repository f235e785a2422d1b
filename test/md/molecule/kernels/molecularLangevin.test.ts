import { describe, expect, it } from 'vitest';
import { batch, fromRows, rows } from '../../../../src/core/batch.ts';
import { DivergenceError } from '../../../../src/core/errors.ts';
import { type ChainState, startChains } from '../../../../src/core/kernel.ts';
import { fold, normal, rootKey } from '../../../../src/core/rng.ts';
import { langevin } from '../../../../src/md/kernels/langevin.ts';
import {
  burstState,
  molecularBurst,
  molecularLangevin,
} from '../../../../src/md/molecule/kernels/molecularLangevin.ts';
import { plainBurst } from '../../../../src/md/molecule/kernels/plainBurst.ts';
import { simdMolecularPotential } from '../../../../src/md/molecule/kernels/simdMolecularPotential.ts';
import type { MolecularSystem } from '../../../../src/md/molecule/molecularSystem.ts';
import { plainMolecularPotential } from '../../../../src/md/molecule/plainMolecularPotential.ts';
import { alanineDipeptide } from '../../../../src/md/molecule/systems/alanineDipeptide.ts';
import { chignolin } from '../../../../src/md/molecule/systems/chignolin.ts';
import type { PositionRestraints } from '../../../../src/md/molecule/term.ts';

const key = rootKey(9);
const dipeptide = alanineDipeptide();
const peptide = chignolin();
const layouts = [
  [dipeptide, 'chains'],
  [peptide, 'atoms'],
] as const;
const settings = { kT: 2.494, timestep: 0.001, friction: 1, steps: 20 };

function chains(system: MolecularSystem, x: Float64Array, count: number): ChainState {
  const noise = normal(fold(key, 'starts'), count * x.length);
  const positions = noise.map((each, i) => x[i % x.length] + 0.001 * each);
  return startChains(plainMolecularPotential(system), batch(positions, x.length));
}

function perCoordinate({ masses }: MolecularSystem): Float64Array {
  return Float64Array.from({ length: 3 * masses.length }, (_, d) => masses[Math.floor(d / 3)]);
}

function farthest(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, each, i) => Math.max(most, Math.abs(each - b[i])), 0);
}

describe('Langevin dynamics of molecules', () => {
  it.each([
    ['alanine dipeptide', dipeptide.system, dipeptide.positions, 3, 'chains'],
    ['chignolin', peptide.system, peptide.positions, 1, 'atoms'],
  ] as const)('follows `langevin` under the same key: %s', (_, system, x, count, lanes) => {
    const state = chains(system, x, count);
    const masses = perCoordinate(system);
    const plain = langevin(plainMolecularPotential(system), { ...settings, masses }).step(
      state,
      key,
    );
    const ours = molecularLangevin(system, { ...settings, lanes }).step(state, key);
    expect(farthest(ours.state.positions.data, plain.state.positions.data)).toBeLessThan(1e-13);
    expect(farthest(ours.state.velocities!, plain.state.velocities!)).toBeLessThan(1e-11);
    expect(farthest(ours.state.energy, plain.state.energy)).toBeLessThan(1e-9);
    expect(farthest(ours.state.gradient, plain.state.gradient)).toBeLessThan(1e-7);
    expect(ours.info).toEqual(plain.info);
  });

  it('gives the bits of the same burst in TypeScript over the same forces', () => {
    for (const [{ system, positions }, lanes] of layouts) {
      const { burst, speeds } = molecularBurst(system, { ...settings, lanes });
      const masses = perCoordinate(system);
      const renewed = Math.sqrt(-Math.expm1(-2 * settings.friction * settings.timestep));
      const half = settings.timestep / 2;
      const twin = plainBurst(simdMolecularPotential(system, lanes)!, {
        steps: settings.steps,
        half,
        keep: Math.exp(-settings.friction * settings.timestep),
        kick: masses.map((mass) => half / mass),
        renew: masses.map((mass) => renewed * Math.sqrt(settings.kT / mass)),
      });
      const state = chains(system, positions, 2);
      const ours = burstState(state, key, speeds);
      const theirs = burstState(state, key, speeds);
      burst(ours, key, 6);
      twin(theirs, key, 6);
      expect(ours).toEqual(theirs);
    }
  });

  it.each(['double', 'single'] as const)(
    'gives a chain the same bits in any company, in %s precision',
    (precision) => {
      const { burst, speeds } = molecularBurst(dipeptide.system, { ...settings, precision });
      const together = burstState(chains(dipeptide.system, dipeptide.positions, 7), key, speeds);
      const alone = structuredClone(together);
      burst(together, key, 0);
      const { dim } = plainMolecularPotential(dipeptide.system);
      const part = {
        positions: alone.positions.slice(4 * dim),
        velocities: alone.velocities.slice(4 * dim),
        energy: alone.energy.slice(4),
        gradient: alone.gradient.slice(4 * dim),
      };
      burst(part, key, 4);
      expect(part.positions).toEqual(together.positions.slice(4 * dim));
      expect(part.velocities).toEqual(together.velocities.slice(4 * dim));
      expect(part.energy).toEqual(together.energy.slice(4));
    },
  );

  it('leaves its state alone, and the same key gives the same bits', () => {
    const kernel = molecularLangevin(dipeptide.system, settings);
    const state = chains(dipeptide.system, dipeptide.positions, 2);
    const before = structuredClone(state);
    const first = kernel.step(state, key);
    expect(state).toEqual(before);
    expect(kernel.step(state, key)).toEqual(first);
    expect(kernel.step(state, rootKey(10))).not.toEqual(first);
  });

  it.each([
    ['alanine dipeptide', dipeptide.system, dipeptide.positions, 'chains'],
    ['chignolin', peptide.system, peptide.positions, 'atoms'],
  ] as const)(
    'in single precision returns float64 energies of its float64 positions: %s',
    (_, system, x, lanes) => {
      const state = chains(system, x, 3);
      const steps = { ...settings, lanes, steps: 5 };
      const single = molecularLangevin(system, { ...steps, precision: 'single' }).step(state, key);
      const { energy, gradient } = plainMolecularPotential(system).energyAndGradient(
        single.state.positions,
      );
      expect(farthest(single.state.energy, energy)).toBeLessThan(1e-10);
      expect(farthest(single.state.gradient, gradient)).toBeLessThan(1e-8);
      const double = molecularLangevin(system, steps).step(state, key);
      const distance = farthest(single.state.positions.data, double.state.positions.data);
      expect(distance).toBeGreaterThan(0);
      expect(distance).toBeLessThan(3e-8);
    },
  );

  it('in single precision holds restraints in their place far from the first atom', () => {
    const restraints: PositionRestraints = {
      kind: 'position-restraints',
      atoms: Int32Array.of(5),
      position: dipeptide.positions.slice(15, 18).map((each) => each + 0.01),
      forceConstant: Float64Array.of(1000),
    };
    const system = { ...dipeptide.system, terms: [...dipeptide.system.terms, restraints] };
    const state = chains(system, dipeptide.positions, 4);
    const single = molecularLangevin(system, { ...settings, precision: 'single' });
    const double = molecularLangevin(system, settings);
    const distance = farthest(
      single.step(state, key).state.positions.data,
      double.step(state, key).state.positions.data,
    );
    expect(distance).toBeLessThan(1e-6);
  });

  it('without friction conserves the energy', () => {
    const state = chains(dipeptide.system, dipeptide.positions, 2);
    const masses = perCoordinate(dipeptide.system);
    const kernel = molecularLangevin(dipeptide.system, {
      ...settings,
      friction: 0,
      timestep: 0.0002,
      steps: 500,
    });
    const total = ({ energy, velocities }: ChainState): number =>
      energy[0] +
      masses.reduce((sum, mass, d) => sum + 0.5 * mass * velocities![d] * velocities![d], 0);
    const first = kernel.step(state, key).state;
    const second = kernel.step(first, key).state;
    // Velocity Verlet's energy wavers by about (ωΔt)²/8 of each vibration's, 0.2 % for those of hydrogen.
    expect(Math.abs(total(second) - total(first))).toBeLessThan(0.2);
    expect(farthest(first.positions.data, second.positions.data)).toBeGreaterThan(0.01);
  });

  it('names chain, step, term and atoms of a trajectory that diverges', () => {
    const state = chains(dipeptide.system, dipeptide.positions, 5);
    const velocities = new Float64Array(5 * 66);
    velocities[3 * 66 + 6] = 1e200;
    for (const precision of ['double', 'single'] as const) {
      const kernel = molecularLangevin(dipeptide.system, { ...settings, precision });
      const thrown = caught(() => kernel.step({ ...state, velocities }, key));
      expect(thrown).toBeInstanceOf(DivergenceError);
      if (!(thrown instanceof DivergenceError)) continue;
      expect(thrown.chain).toBe(3);
      expect(thrown.step).toBe(1);
      expect(Number.isFinite(thrown.at.coordinates[0])).toBe(true);
      expect(thrown.message).toMatch(/harmonic-bonds|float32/);
    }
  });

  it('refuses a start whose energy is not finite', () => {
    const x = dipeptide.positions.slice();
    x.copyWithin(63, 0, 3);
    const potential = plainMolecularPotential(dipeptide.system);
    const state = startChains(potential, fromRows([x]));
    const thrown = caught(() => molecularLangevin(dipeptide.system, settings).step(state, key));
    expect(thrown).toBeInstanceOf(DivergenceError);
    expect(String(thrown)).toMatch(/step 0.*nonbonded: pair/);
  });

  it('takes terms without a kernel from the plain potential', () => {
    const { system } = alanineDipeptide({ solvent: 'gbn2' });
    const state = chains(system, dipeptide.positions, 2);
    const masses = perCoordinate(system);
    const plain = langevin(plainMolecularPotential(system), { ...settings, masses }).step(
      state,
      key,
    );
    const ours = molecularLangevin(system, { ...settings, precision: 'single' }).step(state, key);
    expect(farthest(ours.state.positions.data, plain.state.positions.data)).toBeLessThan(1e-13);
  });

  it('books one evaluation a step and chain, and one more where the steps are in floats', () => {
    const state = chains(dipeptide.system, dipeptide.positions, 3);
    const booked: number[] = [];
    const book = (evaluations: number) => booked.push(evaluations);
    molecularLangevin(dipeptide.system, { ...settings, book }).step(state, key);
    const part = { ...state, positions: rows(state.positions, 0, 3) };
    molecularLangevin(dipeptide.system, { ...settings, precision: 'single', book }).step(part, key);
    expect(booked).toEqual([60, 63]);
  });
});

function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
