import { describe, expect, it } from 'vitest';
import { type Batch, batch, fromRows, rows } from '../../../../src/core/batch.ts';
import type { Potential } from '../../../../src/core/potential.ts';
import { fold, normal, rootKey } from '../../../../src/core/rng.ts';
import { type LaneLayout, laneLayout } from '../../../../src/md/molecule/kernels/laneLayout.ts';
import { simdMolecularPotential } from '../../../../src/md/molecule/kernels/simdMolecularPotential.ts';
import type { MolecularSystem } from '../../../../src/md/molecule/molecularSystem.ts';
import { plainMolecularPotential } from '../../../../src/md/molecule/plainMolecularPotential.ts';
import { alanineDipeptide } from '../../../../src/md/molecule/systems/alanineDipeptide.ts';
import { chignolin } from '../../../../src/md/molecule/systems/chignolin.ts';
import type { Term } from '../../../../src/md/molecule/term.ts';
import { bondedTerms, molecule } from '../smallSystems.ts';

const key = rootKey(5);

function compiled(system: MolecularSystem, lanes?: LaneLayout): Potential {
  const found = simdMolecularPotential(system, lanes);
  if (found === undefined) throw new Error('this machine has no WebAssembly SIMD');
  return found;
}

function shaken(x: Float64Array, count: number, width: number): Batch {
  const noise = normal(fold(key, 'shaken'), count * x.length);
  return batch(
    noise.map((each, i) => x[i % x.length] + width * each),
    x.length,
  );
}

/** Largest differences of energies and of gradients, each relative to the largest of its kind. */
function disagreement(
  system: MolecularSystem,
  x: Batch,
  lanes?: LaneLayout,
): { energy: number; gradient: number } {
  const plain = plainMolecularPotential(system).energyAndGradient(x);
  const simd = compiled(system, lanes).energyAndGradient(x);
  return {
    energy: relative(simd.energy, plain.energy),
    gradient: relative(simd.gradient, plain.gradient),
  };
}

function relative(found: Float64Array, wanted: Float64Array): number {
  const scale = Math.max(...wanted.map(Math.abs));
  return Math.max(...found.map((each, i) => Math.abs(each - wanted[i]))) / scale;
}

const withSalt = (system: MolecularSystem): MolecularSystem => ({
  ...system,
  terms: system.terms.map(
    (term): Term =>
      term.kind === 'generalized-born' ? { ...term, inverseDebyeLength: 1.3 } : term,
  ),
});
const only = (system: MolecularSystem, kind: Term['kind']): MolecularSystem => ({
  ...system,
  terms: system.terms.filter((term) => term.kind === kind),
});

describe('the compiled potential', () => {
  const dipeptide = alanineDipeptide();
  const vacuum = alanineDipeptide({ solvent: 'vacuum' }).system;
  const peptide = chignolin();
  const saltAlone = only(withSalt(dipeptide.system), 'generalized-born');
  const layouts = [
    [dipeptide, 'chains'],
    [peptide, 'atoms'],
  ] as const;
  it.each([
    ['alanine dipeptide in vacuum', vacuum, dipeptide.positions, 'chains'],
    ['its nonbonded term', only(vacuum, 'nonbonded'), dipeptide.positions, 'chains'],
    ['in HCT', alanineDipeptide({ solvent: 'hct' }).system, dipeptide.positions, 'chains'],
    ['in OBC1', alanineDipeptide({ solvent: 'obc1' }).system, dipeptide.positions, 'chains'],
    ['in OBC2', dipeptide.system, dipeptide.positions, 'chains'],
    ['in OBC2 with salt', withSalt(dipeptide.system), dipeptide.positions, 'chains'],
    ['OBC2 alone', only(dipeptide.system, 'generalized-born'), dipeptide.positions, 'chains'],
    ['in GBn', alanineDipeptide({ solvent: 'gbn' }).system, dipeptide.positions, 'chains'],
    ['chignolin in OBC2', peptide.system, peptide.positions, 'chains'],
    ['in vacuum', vacuum, dipeptide.positions, 'atoms'],
    ['in HCT with salt', withSalt(dipeptide.system), dipeptide.positions, 'atoms'],
    ['OBC2 alone', only(dipeptide.system, 'generalized-born'), dipeptide.positions, 'atoms'],
    ['OBC2 with salt alone', saltAlone, dipeptide.positions, 'atoms'],
    ['chignolin in OBC2', peptide.system, peptide.positions, 'atoms'],
  ] as const)('is the plain one to rounding: %s', (_, system, x, lanes) => {
    const found = disagreement(system, shaken(x, x.length > 100 ? 3 : 5, 0.01), lanes);
    expect(found.energy).toBeLessThan(2e-13);
    expect(found.gradient).toBeLessThan(2e-13);
  });

  it('has atoms in the lanes for molecules of more than 200 atoms', () => {
    expect([22, 138, 200, 201, 892].map(laneLayout)).toEqual([
      'chains',
      'chains',
      'chains',
      'atoms',
      'atoms',
    ]);
  });

  it('is the plain one to rounding for every bonded term and restraint', () => {
    const x = normal(fold(key, 'bonded'), 7 * 27).map((each) => 0.3 * each);
    for (const term of bondedTerms) {
      const found = disagreement(molecule(9, [term]), batch(x, 27));
      expect(found.energy, term.kind).toBeLessThan(1e-13);
      expect(found.gradient, term.kind).toBeLessThan(1e-13);
    }
  });

  it('gives a row the same bits in any company', () => {
    for (const [{ system, positions }, lanes] of layouts) {
      const potential = compiled(system, lanes);
      const x = shaken(positions, 5, 0.01);
      // Shrunk neighbours in the lanes have pairs close together that are far apart in the others.
      for (const b of [1, 2]) for (let d = 0; d < x.dim; d++) x.data[b * x.dim + d] *= 0.75;
      const together = potential.energyAndGradient(x);
      for (let b = 0; b < x.count; b++) {
        const alone = potential.energyAndGradient(rows(x, b, b + 1));
        expect(alone.energy[0]).toBe(together.energy[b]);
        expect(alone.gradient).toEqual(together.gradient.slice(b * x.dim, (b + 1) * x.dim));
      }
    }
  });

  it('bends and turns three atoms on a line without a gradient that is not finite', () => {
    const bend: Term = {
      kind: 'harmonic-angles',
      atoms: Int32Array.of(0, 1, 2),
      angle: Float64Array.of(2),
      forceConstant: Float64Array.of(300),
    };
    const twist: Term = {
      kind: 'periodic-torsions',
      atoms: Int32Array.of(0, 1, 2, 3),
      periodicity: Int32Array.of(2),
      phase: Float64Array.of(1),
      forceConstant: Float64Array.of(5),
    };
    const line = fromRows([[0, 0, 0, 0.1, 0, 0, 0.2, 0, 0, 0.3, 0.1, 0.1]]);
    const angle = compiled(molecule(4, [bend])).energyAndGradient(line);
    expect(angle.energy[0]).toBeCloseTo(150 * (Math.PI - 2) ** 2, 10);
    expect([...angle.gradient]).toEqual(new Array(12).fill(0));
    const torsion = compiled(molecule(4, [twist])).energyAndGradient(line);
    expect(torsion.gradient.every(Number.isFinite)).toBe(true);
  });

  it('says what the plain one says of atoms that coincide', () => {
    for (const [{ system, positions }, lanes] of layouts) {
      const x = positions.slice();
      x.copyWithin(3 * (x.length / 3 - 1), 0, 3);
      const bad = fromRows([positions, x]);
      const plain = plainMolecularPotential(system).energyAndGradient(bad);
      const found = compiled(system, lanes).energyAndGradient(bad);
      expect(found.energy[1]).toBe(plain.energy[1]);
      expect(found.energy[1]).toBe(Infinity);
      expect(Number.isFinite(found.energy[0])).toBe(true);
      expect(compiled(system, lanes).explain?.(x)).toBe(
        plainMolecularPotential(system).explain?.(x),
      );
    }
  });

  it('has the name, the energies and the units of the plain one', () => {
    const plain = plainMolecularPotential(vacuum);
    const simd = compiled(vacuum);
    expect([simd.name, simd.dim, simd.units]).toEqual([plain.name, plain.dim, plain.units]);
    const x = shaken(dipeptide.positions, 3, 0.01);
    expect(simd.energy(x)).toEqual(simd.energyAndGradient(x).energy);
  });
});
