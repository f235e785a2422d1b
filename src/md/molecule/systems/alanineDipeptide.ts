import alanineDipeptideBase64 from './alanineDipeptide.data.ts';
import { type ShippedMolecule, type ShippedOptions, shippedMolecule } from './shippedMolecule.ts';
import { type PackedMolecule, unpackMolecule } from './unpackMolecule.ts';

/**
 * The states of alanine dipeptide by (φ, ψ) in degrees: `c7eq` (−80, 74), `c5` (−145, 159) and
 * `alphaR` (−78, −15) left of φ = 0, `alphaL` (54, 29) and `c7ax` (64, −59) right of it.
 */
export type AlanineDipeptideState = 'c7eq' | 'c5' | 'alphaR' | 'alphaL' | 'c7ax';

let packed: PackedMolecule<AlanineDipeptideState> | undefined;

/**
 * Alanine dipeptide, ACE-ALA-NME, 22 atoms: the smallest molecule with the φ and ψ of a protein, and
 * the usual first test of a sampler, because crossing φ = 0 takes a simulation long.
 *
 * `c5`, `alphaR` and `alphaL` are minima of the energy in `obc2`; `c7eq` and `c7ax` are minimised with
 * φ and ψ held, because they are minima in vacuum only.
 */
export function alanineDipeptide(
  options: ShippedOptions = {},
): ShippedMolecule<AlanineDipeptideState> {
  packed ??= unpackMolecule<AlanineDipeptideState>(alanineDipeptideBase64);
  return shippedMolecule(packed, options);
}

/** The atoms of φ and of ψ in alanine dipeptide: C–N–Cα–C and N–Cα–C–N. */
export const alanineDipeptideTorsions = {
  phi: [4, 6, 8, 14],
  psi: [6, 8, 14, 16],
} as const;
