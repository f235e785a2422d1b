import { beforeAll, describe, expect, it } from 'vitest';
import { chainMean } from '../../../../src/analysis/autocorrelation.ts';
import {
  type EnergyDistributionCheck,
  energyDistributionCheck,
} from '../../../../src/analysis/energyDistributionCheck.ts';
import type { Estimate } from '../../../../src/analysis/estimate.ts';
import { ratioOfMeans } from '../../../../src/analysis/ratioOfMeans.ts';
import type { ChainState, Kernel } from '../../../../src/core/kernel.ts';
import { fold, rootKey } from '../../../../src/core/rng.ts';
import { kelvinToKT, molarGasConstant } from '../../../../src/core/units.ts';
import { configurationalTemperature } from '../../../../src/md/validation/configurationalTemperature.ts';
import { kineticTemperature } from '../../../../src/md/validation/kineticTemperature.ts';
import { dipeptide, record, seriesOf } from '../../../md/validation/dipeptideRun.ts';

/**
 * Picoseconds of each of 64 chains. 4 take two minutes; the figures of docs/molecules.md are of 20:
 * `ERGOFLOW_VALIDATION_PS=20 npx vitest run --project slow test/slow/md/molecule/validation.test.ts`.
 */
const length = Number(process.env['ERGOFLOW_VALIDATION_PS'] ?? 4);
const chains = 64;
/** Of a burst, ps. */
const burst = 0.05;
const bursts = Math.round(length / burst);
/** One in so many bursts is looked at for its curvature, which costs more than the burst. */
const stride = 8;
const temperatures = [300, 400] as const;
/** Standard errors; one of the forty figures is above in one of four hundred trials. */
const bound = 4;

/** What a run shows. */
interface Figures {
  /** K. */
  readonly kinetic: Estimate;
  /** The kinetic temperature with Δt² ⟨Σ (∂U/∂x)²/m⟩/4D, what BAOAB lacks of it in a harmonic well, K. */
  readonly corrected: Estimate;
  /** K. */
  readonly configurational: Estimate;
  readonly energies: Float64Array[];
}

const shown = ({ value, standardError }: Estimate): string =>
  `${value.toFixed(2)} ± ${standardError.toFixed(2)}`;

describe.each(['vacuum', 'obc2'] as const)('alanine dipeptide in %s', (solvent) => {
  const molecule = dipeptide(solvent);
  const runs = new Map<string, Figures>();
  const checks = new Map<string, EnergyDistributionCheck>();

  function figuresOf(kernel: Kernel, warm: ChainState, kelvin: number, timestep: number): Figures {
    const key = fold(rootKey(10), `${solvent} ${kelvin} ${timestep}`);
    const states = record(kernel, warm, key, Math.ceil(1 / burst), bursts);
    const kinetic = seriesOf(states, ({ velocities }) =>
      kineticTemperature(velocities!, molecule.masses),
    );
    const corrections = seriesOf(states, ({ gradient }) =>
      // As momenta squared over masses, so are forces.
      kineticTemperature(
        gradient,
        molecule.masses.map((mass) => 1 / mass),
      ).map((each) => (timestep ** 2 / 4) * each),
    );
    const looks = states
      .filter((_, i) => i % stride === 0)
      .map(({ positions }) => configurationalTemperature(molecule.potential, positions));
    const column = (name: 'squaredGradient' | 'laplacian'): Float64Array[] =>
      Array.from({ length: chains }, (_, b) => Float64Array.from(looks, (each) => each[name][b]));
    return {
      kinetic: inKelvin(chainMean(kinetic)!),
      corrected: inKelvin(
        chainMean(kinetic.map((chain, b) => chain.map((each, i) => each + corrections[b][i])))!,
      ),
      configurational: inKelvin(ratioOfMeans(column('squaredGradient'), column('laplacian'))!),
      energies: seriesOf(states, ({ energy }) => energy),
    };
  }

  beforeAll(() => {
    const kernels = (kelvin: number) =>
      [
        ['HMC', 0, molecule.hmc(kelvin, Math.round(burst / 0.01))],
        ['1 fs', 0.001, molecule.langevin(kelvin, 0.001, Math.round(burst / 0.001))],
        ['2 fs', 0.002, molecule.langevin(kelvin, 0.002, Math.round(burst / 0.002))],
      ] as const;
    for (const kelvin of temperatures) {
      // As long as what counts: all chains start in one state, and ψ takes picoseconds to leave it.
      const steps = Math.round(Math.max(3, length) / 0.001);
      const key = fold(rootKey(11), `${solvent} ${kelvin}`);
      const warm = molecule.langevin(kelvin, 0.001, steps).step(molecule.starts(chains), key).state;
      for (const [name, timestep, kernel] of kernels(kelvin)) {
        const found = figuresOf(kernel, warm, kelvin, timestep);
        runs.set(`${name} ${kelvin}`, found);
        process.stderr.write(
          `${solvent}, ${name}, ${kelvin} K: kinetic ${shown(found.kinetic)}, with its correction ` +
            `${shown(found.corrected)}, configurational ${shown(found.configurational)} K\n`,
        );
      }
    }
    for (const name of ['HMC', '1 fs', '2 fs']) {
      const [low, high] = temperatures.map((kelvin) => ({
        kT: kelvinToKT(kelvin),
        energies: runs.get(`${name} ${kelvin}`)!.energies,
      }));
      const check = energyDistributionCheck(low, high)!;
      checks.set(name, check);
      const scaled = (each: number): string => (each / check.expected).toFixed(4);
      process.stderr.write(
        `${solvent}, ${name}: slope ${scaled(check.slope.value)} ± ${scaled(check.slope.standardError)} ` +
          `of the expected, ${check.deviation.toFixed(2)} standard errors off\n`,
      );
    }
  }, 1_800_000);

  it.each(temperatures)('has both temperatures right by hybrid Monte Carlo at %d K', (kelvin) => {
    const { kinetic, configurational } = runs.get(`HMC ${kelvin}`)!;
    for (const { value, standardError } of [kinetic, configurational]) {
      expect(Math.abs(value - kelvin)).toBeLessThan(bound * standardError);
    }
  });

  it.each(temperatures)(
    'has cold velocities by Langevin dynamics at %d K, as BAOAB should',
    (kelvin) => {
      for (const [name, anharmonic] of [
        ['1 fs', 0.005],
        ['2 fs', 0.03],
      ] as const) {
        const { kinetic, corrected, configurational } = runs.get(`${name} ${kelvin}`)!;
        expect(kelvin - kinetic.value).toBeGreaterThan(bound * kinetic.standardError);
        for (const { value, standardError } of [corrected, configurational]) {
          // What the correction does not cover is of the order Δt² too, and small as anharmonicity is.
          expect(Math.abs(value - kelvin)).toBeLessThan(
            bound * standardError + anharmonic * kelvin,
          );
        }
      }
    },
  );

  it('has energies at both temperatures that differ by the Boltzmann factor', () => {
    expect(Math.abs(checks.get('HMC')!.deviation)).toBeLessThan(bound);
    expect(Math.abs(checks.get('1 fs')!.deviation)).toBeLessThan(bound);
    // A time step of 2 fs may be seen in so many samples, as less than 3 %.
    const { slope, expected } = checks.get('2 fs')!;
    expect(Math.abs(slope.value - expected)).toBeLessThan(
      bound * slope.standardError + 0.03 * expected,
    );
  });
});

function inKelvin({ value, standardError }: Estimate): Estimate {
  return { value: value / molarGasConstant, standardError: standardError / molarGasConstant };
}
