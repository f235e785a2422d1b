import type { Topology } from '../../md/molecule/topology.ts';

/**
 * The topology as MDTraj's JSON: chains of residues of atoms, and bonds, all by their place.
 *
 * Only ASCII, as the file keeps it in fields of a fixed number of bytes.
 */
export function mdtrajTopology({ atoms, residues, bonds }: Topology): string {
  const inResidue = residues.map(() => [] as { index: number; name: string; element: string }[]);
  atoms.forEach(({ name, element, residue }, index) => {
    // MDTraj calls a site without an element VS.
    inResidue[residue].push({ index, name, element: element || 'VS' });
  });
  const chains: { index: number; residues: object[] }[] = [];
  residues.forEach(({ name, number, chain }, index) => {
    if (index === 0 || residues[index - 1].chain !== chain) {
      chains.push({ index: chains.length, residues: [] });
    }
    chains[chains.length - 1].residues.push({
      index,
      resSeq: number,
      name,
      segmentID: '',
      atoms: inResidue[index],
    });
  });
  const json = JSON.stringify({ chains, bonds });
  return json.replace(/[^\x20-\x7e]/g, (letter) => {
    return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
