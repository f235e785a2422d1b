import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { blockBootstrap } from '../../../src/analysis/blockBootstrap.ts';
import { fromRows } from '../../../src/core/batch.ts';
import { iterate, take } from '../../../src/core/iterate.ts';
import { startChains } from '../../../src/core/kernel.ts';
import type { Potential } from '../../../src/core/potential.ts';
import { rootKey } from '../../../src/core/rng.ts';
import { hmc } from '../../../src/md/kernels/hmc.ts';
import { dimerDistance, relaxedDimer } from '../../../src/md/particleDimer/starts.ts';
import { umbrellaReference } from '../../../src/md/particleDimer/umbrellaReference.ts';
import { particleDimer } from '../../../src/md/potentials/particleDimer.ts';

const folder = new URL('../../md/particleDimer/', import.meta.url);
const python = '/usr/bin/python3';
const hasOpenmm = spawnSync(python, ['-c', 'import openmm']).status === 0;
if (!hasOpenmm) {
  console.warn('SKIPPED: the fresh comparison with OpenMM needs it: apt-get install python3-simtk');
}

it.skipIf(!hasOpenmm)('OpenMM still gives the stored energies and forces', () => {
  const { stdout, stderr } = spawnSync(
    python,
    [fileURLToPath(new URL('evaluateInOpenMM.py', folder))],
    { input: readFileSync(new URL('positions.json', folder)), encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  const fresh = JSON.parse(stdout);
  const stored = JSON.parse(readFileSync(new URL('openmm.json', folder), 'utf8'));
  fresh.energy.forEach((u: number, b: number) => {
    expect(Math.abs(u / stored.energy[b] - 1)).toBeLessThan(1e-12);
    fresh.gradient[b].forEach((g: number, i: number) => {
      expect(Math.abs(g - stored.gradient[b][i])).toBeLessThan(1e-9 * Math.abs(u));
    });
  });
});

it('chains that cross freely on the levelled surface find the umbrella difference', () => {
  const potential = particleDimer();
  const levelled = withLevel(potential);
  const chains = 64;
  const starts = Array.from({ length: chains }, (_, c) => relaxedDimer(potential, 1 + (c % 2)));
  const kernel = hmc(levelled, { kT: 1, timestep: 0.022, steps: 10, attempts: 2, jitter: 0.2 });
  const burnIn = 200;
  const records = 4000;
  const open = starts.map(() => new Float64Array(records));
  const closed = starts.map(() => new Float64Array(records));
  let crossings = 0;
  const last = new Int8Array(chains);
  let step = 0;
  const run = iterate(kernel, startChains(levelled, fromRows(starts)), rootKey(11));
  for (const { state } of take(burnIn + records, run)) {
    dimerDistance.value(state.positions).forEach((d, c) => {
      const side = d < 1.3 ? -1 : d > 1.7 ? 1 : 0;
      if (side !== 0) {
        if (last[c] === -side) crossings++;
        last[c] = side;
      }
      if (step < burnIn) return;
      // The weight of the unbiased surface.
      (d < 1.5 ? closed : open)[c][step - burnIn] = Math.exp(level(d).value);
    });
    step++;
  }
  expect(crossings).toBeGreaterThan(500);
  const found = blockBootstrap(
    starts.map((_, c) => [open[c], closed[c]]),
    ([openShare, closedShare]) => -Math.log(openShare / closedShare),
    rootKey(12),
  );
  const { value, standardError } = umbrellaReference.difference;
  console.log(`levelled: ${found?.value} ± ${found?.standardError}, ${crossings} crossings`);
  expect(found?.standardError).toBeLessThan(0.1);
  expect(Math.abs((found?.value ?? 0) - value)).toBeLessThan(
    4 * Math.hypot(standardError, found?.standardError ?? 0),
  );
});

/** V(d) = −F(d) of the reference, linear between the centres of its bins, with its slope. */
function level(d: number): { value: number; slope: number } {
  const { freeEnergy, min, max } = umbrellaReference;
  const width = (max - min) / freeEnergy.length;
  const place = (d - min) / width - 0.5;
  const k = Math.min(freeEnergy.length - 2, Math.max(0, Math.floor(place)));
  if (place <= 0 || place >= freeEnergy.length - 1) {
    return { value: -freeEnergy[place <= 0 ? 0 : freeEnergy.length - 1], slope: 0 };
  }
  const rise = freeEnergy[k + 1] - freeEnergy[k];
  return { value: -freeEnergy[k] - rise * (place - k), slope: -rise / width };
}

function withLevel(potential: Potential): Potential {
  return {
    ...potential,
    name: `${potential.name}, levelled`,
    energy: (x, out) =>
      potential.energy(x, out).map((u, b) => u + level(dimerDistance.value(x)[b]).value),
    energyAndGradient(x, out) {
      const evaluated = potential.energyAndGradient(x, out);
      const slopes = dimerDistance.gradient(x);
      dimerDistance.value(x).forEach((d, b) => {
        const { value, slope } = level(d);
        evaluated.energy[b] += value;
        for (let i = b * x.dim; i < b * x.dim + 4; i++) evaluated.gradient[i] += slope * slopes[i];
      });
      return evaluated;
    },
  };
}
