import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { disagreements, type Reference } from './reference.ts';

const folder = new URL('../../fixtures/molecule/', import.meta.url);

// Alanine dipeptide in vacuum and in fourteen solvents; random torsions and maps; cutoffs in a box.
describe.each(['dipeptide', 'torsions', 'mixture'])('beside OpenMM, %s', (name) => {
  const reference: Reference = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));

  it('has the energy of every term to 10⁻⁶, the forces to 10⁻⁶ in the median and 10⁻⁴ at most', () => {
    const found = disagreements(reference, 'ours');
    expect(found).toHaveLength(reference.positions.length * reference.terms.length);
    for (const { kind, energy, median, worst } of found) {
      expect(energy, kind).toBeLessThan(1e-6);
      expect(median, kind).toBeLessThan(1e-6);
      expect(worst, kind).toBeLessThan(1e-4);
    }
  });

  // The surface term's 28.3919551 in OpenMM has nine digits, and all else agrees to rounding.
  it('differs by rounding alone where the constants are the same', () => {
    for (const { kind, energy, worst } of disagreements(reference, 'theirs')) {
      const digits = kind === 'generalized-born' ? 1e-8 : 2e-12;
      expect(energy, kind).toBeLessThan(digits);
      expect(worst, kind).toBeLessThan(digits);
    }
  });
});
