import { describe, expect, it } from 'vitest';
import {
  bohr,
  coulombConstant,
  fsToPs,
  hartree,
  kelvinToKT,
  molarGasConstant,
} from '../../src/core/units.ts';

describe('units', () => {
  it('have the molar gas constant of CODATA 2018, 8.314462618 J/mol/K', () => {
    expect(molarGasConstant).toBeCloseTo(8.31446261815324e-3, 15);
  });

  it('make kT at 300 K 2.494338785 kJ/mol', () => {
    expect(kelvinToKT(300)).toBeCloseTo(2.494338785, 8);
  });

  it('are consistent: 1 amu nm²/ps² is 1 kJ/mol', () => {
    const amu = 1e-3 / 6.02214076e23;
    const joules = (amu * 1e-9 ** 2) / 1e-12 ** 2;
    // Exact up to the molar mass constant, which since 2019 is 1 g/mol to some 1e-10.
    expect((joules * 6.02214076e23) / 1e3).toBeCloseTo(1, 12);
  });

  it('have the Coulomb constant 138.935458 kJ nm/mol/e²', () => {
    expect(coulombConstant).toBeCloseTo(138.935458, 6);
  });

  it('have a hartree that is e²/4πε₀ over a Bohr radius, 2625.4996395 kJ/mol', () => {
    expect(hartree).toBeCloseTo(2625.4996395, 7);
    // As far as the CODATA values of the two agree with each other, some 1e-10.
    expect(coulombConstant / bohr / hartree).toBeCloseTo(1, 8);
  });

  it('have a thousand femtoseconds in a picosecond', () => {
    expect(fsToPs(1000)).toBe(1);
  });
});
