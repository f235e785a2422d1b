import chignolinBase64 from './chignolin.data.ts';
import { type ShippedMolecule, type ShippedOptions, shippedMolecule } from './shippedMolecule.ts';
import { type PackedMolecule, unpackMolecule } from './unpackMolecule.ts';

/** `hairpin` is folded, `extended` is not. */
export type ChignolinState = 'hairpin' | 'extended';

let packed: PackedMolecule<ChignolinState> | undefined;

/**
 * Chignolin, GYDPETGTWG with charged ends, 138 atoms, net charge −2 e: the smallest peptide that folds
 * (Honda, Yamasaki, Sawada and Morii, Structure 12, 1507, 2004).
 *
 * Both starts are built from ideal bond lengths and angles and minimised in `obc2`. `hairpin` has the
 * torsions of the first model of PDB entry 1UAO, and its backbone after the minimisation is 1.0 Å from that model;
 * `extended` has φ, ψ = −120°, 130° throughout.
 */
export function chignolin(options: ShippedOptions = {}): ShippedMolecule<ChignolinState> {
  packed ??= unpackMolecule<ChignolinState>(chignolinBase64);
  return shippedMolecule(packed, options);
}
