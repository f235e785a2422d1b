import bptiBase64 from './bpti.data.ts';
import { type ShippedMolecule, type ShippedOptions, shippedMolecule } from './shippedMolecule.ts';
import { type PackedMolecule, unpackMolecule } from './unpackMolecule.ts';

let packed: PackedMolecule<'crystal'> | undefined;

/**
 * Bovine pancreatic trypsin inhibitor, 58 residues, 892 atoms, three disulfide bridges, net charge
 * +6 e: the first protein ever simulated.
 *
 * `crystal` is chain I of PDB entry 2PTC (Marquart et al., Acta Cryst. B39, 480, 1983) with hydrogens
 * as at pH 7, after a hundred steps of minimisation in `obc2`: relaxed, but not at a minimum.
 */
export function bpti(options: ShippedOptions = {}): ShippedMolecule<'crystal'> {
  packed ??= unpackMolecule<'crystal'>(bptiBase64);
  return shippedMolecule(packed, options);
}
