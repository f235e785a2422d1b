import type { Topology } from '../../md/molecule/topology.ts';

const CHAINS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * A topology with names that the columns of a PDB file can hold: what does not fit is cut short, and
 * where a chain's name has more than one letter all chains get letters in their order.
 *
 * mmCIF files have such names. `pdb` refuses them, so that nobody loses a name unawares; a run that has
 * reached its end takes the shorter ones.
 */
export function pdbNames({ atoms, residues, bonds }: Topology): Topology {
  const names = [...new Set(residues.map(({ chain }) => chain))];
  const isLong = names.some((name) => !/^[\x20-\x7e]?$/.test(name));
  const letter = (chain: string): string => CHAINS[names.indexOf(chain) % CHAINS.length];
  return {
    atoms: atoms.map((atom) => ({ ...atom, name: cut(atom.name, 4) })),
    residues: residues.map((residue) => ({
      ...residue,
      name: cut(residue.name, 4),
      insertion: cut(residue.insertion, 1),
      chain: isLong ? letter(residue.chain) : residue.chain,
    })),
    bonds,
  };
}

function cut(name: string, columns: number): string {
  return name.replace(/[^\x20-\x7e]/g, '').slice(0, columns);
}
