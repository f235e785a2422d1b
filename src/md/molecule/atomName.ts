import type { Topology } from './topology.ts';

/**
 * An atom as people and files name it: `ALA 2 CB`, with the chain in front where there are several,
 * `B:ALA 2 CB`, and insertion codes behind the number.
 */
export function atomName(topology: Topology, atom: number): string {
  const { name, residue } = topology.atoms[atom];
  const { name: residueName, number, insertion, chain } = topology.residues[residue];
  const severalChains = topology.residues.some((each) => each.chain !== topology.residues[0].chain);
  const prefix = severalChains && chain !== '' ? `${chain}:` : '';
  return `${prefix}${residueName} ${number}${insertion} ${name}`;
}
