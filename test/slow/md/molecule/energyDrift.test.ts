import { beforeAll, describe, expect, it } from 'vitest';
import { type Batch, batch } from '../../../../src/core/batch.ts';
import { startChains } from '../../../../src/core/kernel.ts';
import type { Potential } from '../../../../src/core/potential.ts';
import { fold, rootKey } from '../../../../src/core/rng.ts';
import { kelvinToKT } from '../../../../src/core/units.ts';
import { langevin } from '../../../../src/md/kernels/langevin.ts';
import { energyDrift, type Slope } from '../../../../src/md/molecule/energyDrift.ts';
import { molecularPotential } from '../../../../src/md/molecule/molecularPotential.ts';
import { alanineDipeptide } from '../../../../src/md/molecule/systems/alanineDipeptide.ts';

/**
 * Nanoseconds of undisturbed motion over all chains. 0.04 takes seconds; with 10 each chain has the 5 of issue 6:
 * `ERGOFLOW_DRIFT_NS=10 npx vitest run --project slow test/slow/md/molecule/energyDrift.test.ts`.
 */
const length = Number(process.env['ERGOFLOW_DRIFT_NS'] ?? 0.04);
/** What one vector of the kernels holds. */
const chains = 2;
/** kT/ns per degree of freedom. */
const target = 1e-5;
const kT = kelvinToKT(300);
const timestep = 0.0005;
const steps = 100 * Math.ceil((length * 1000) / timestep / chains / 100);

describe.each(['vacuum', 'obc2'] as const)(
  'alanine dipeptide in %s without a thermostat',
  (solvent) => {
    const { system, positions } = alanineDipeptide({ solvent });
    const potential: Potential = molecularPotential(system);
    const dim = positions.length;
    const masses = Float64Array.from({ length: dim }, (_, i) => system.masses[Math.floor(i / 3)]);
    const key = fold(rootKey(6), solvent);
    let starts: Batch;

    beforeAll(() => {
      const rows = new Float64Array(chains * dim);
      for (let b = 0; b < chains; b++) rows.set(positions, b * dim);
      // Two picoseconds at 300 K, from a minimum.
      const kernel = langevin(potential, { kT, timestep, friction: 5, masses, steps: 4000 });
      const first = startChains(potential, batch(rows, dim));
      starts = kernel.step(first, fold(key, 'warm-up')).state.positions;
    });

    it('conserves its energy: 10⁻⁵ kT/ns per degree of freedom, or what so short a run can tell', () => {
      const found = energyDrift(potential, { positions: starts, masses, kT, timestep, steps, key });
      const { shadow, walk } = found;
      const shown = ({ slope, standardError }: Slope): string =>
        `${slope.toExponential(2)} ± ${standardError.toExponential(2)}`;
      process.stderr.write(
        `${solvent}, ${chains} × ${(steps * timestep) / 1000} ns: drift in kT/ns/dof ${shown(found)}, ` +
          `fluctuation ${found.fluctuation.toFixed(4)} kT; of the shadow energy ` +
          `${shown(shadow)}, fluctuation ${shadow.fluctuation.toFixed(4)} kT; ` +
          `of its walk ${shown(walk)}, which spreads by ${walk.growth.toExponential(2)} kT²/ns\n`,
      );
      // Forces of a moment ago fail here: a line is what is left where the volume of phase space is not kept.
      expect(Math.abs(found.slope)).toBeLessThan(target + 3 * found.standardError);
      expect(Math.abs(shadow.slope)).toBeLessThan(target + 3 * shadow.standardError);
      // The mean drift of a map that keeps volumes. A gradient that is no gradient and single precision fail here.
      expect(walk.slope + 2 * walk.standardError).toBeLessThan(target);
      expect(walk.standardError).toBeLessThan(3e-6);
      // Without a solvent nothing walks, and the line itself is known; with one it would take microseconds.
      if (length >= 10 && solvent === 'vacuum') {
        expect(Math.abs(shadow.slope)).toBeLessThan(target);
        expect(shadow.standardError).toBeLessThan(3e-6);
      }
    });

    it('fluctuates by a quarter at half of the time step', () => {
      const run = (dt: number, n: number) =>
        energyDrift(potential, { positions: starts, masses, kT, timestep: dt, steps: n, key });
      const ratio = run(0.001, 1000).fluctuation / run(0.0005, 2000).fluctuation;
      // 4 to the leading order; a gradient that is no gradient gives 1.
      expect(ratio).toBeGreaterThan(3.5);
      expect(ratio).toBeLessThan(4.7);
    });
  },
);
