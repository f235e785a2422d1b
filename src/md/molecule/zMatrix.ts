import type { Topology } from './topology.ts';

/**
 * How one atom is placed from others placed before it: at a distance from `bond`, at an angle
 * atom–bond–angle, at a torsion atom–bond–angle–torsion. −1 where the first three atoms need none.
 */
export interface ZMatrixRow {
  readonly atom: number;
  readonly bond: number;
  readonly angle: number;
  readonly torsion: number;
}

/**
 * A spanning tree of the molecule in the order in which its atoms can be placed, one row an atom.
 *
 * Bonds of the tree are bonds of the molecule; each ring leaves one out. The first atom that hangs on a
 * centre, the one with the larger part of the molecule behind it, has the proper torsion about the
 * bond before it, φ and ψ among them; the others of the same centre are placed by the improper torsion
 * against that one. So one coordinate turns a whole group, and the others are stiff: about ±120° around a
 * tetrahedral centre, whose chirality is their sign, and 180° around a flat one.
 *
 * @throws {RangeError} for fewer than three atoms, and for atoms without bonds to the others.
 */
export function zMatrix({ atoms, bonds }: Topology): ZMatrixRow[] {
  if (atoms.length < 3) throw new RangeError(`zMatrix: ${atoms.length} atoms, three are needed`);
  const neighbours = atoms.map(() => [] as number[]);
  for (const [i, j] of bonds) {
    neighbours[i].push(j);
    neighbours[j].push(i);
  }
  const isHeavy = (atom: number): number => (atoms[atom].element === 'H' ? 0 : 1);
  const ordered = neighbours.map((around, centre) => {
    const weight = new Map(around.map((atom) => [atom, sizeBehind(neighbours, centre, atom)]));
    return around.toSorted(
      (a, b) => isHeavy(b) - isHeavy(a) || (weight.get(b) ?? 0) - (weight.get(a) ?? 0) || a - b,
    );
  });
  const second = ordered.findIndex((around) => around.filter(isHeavy).length > 1);
  const middle = second >= 0 ? second : ordered.findIndex((around) => around.length > 1);
  if (middle < 0) throw new RangeError('zMatrix: no atom has two bonds');
  const [third, first] = ordered[middle];
  const rows: ZMatrixRow[] = [
    { atom: first, bond: -1, angle: -1, torsion: -1 },
    { atom: middle, bond: first, angle: -1, torsion: -1 },
    { atom: third, bond: middle, angle: first, torsion: -1 },
  ];
  const placed = new Set([first, middle, third]);
  const parent = new Map([
    [first, middle],
    [middle, first],
    [third, middle],
  ]);
  for (const { atom: bond } of rows) {
    const angle = parent.get(bond) ?? -1;
    for (const atom of ordered[bond]) {
      if (placed.has(atom)) continue;
      const sibling = rows.find((row) => row.bond === bond && row.atom !== angle)?.atom;
      const torsion = sibling ?? beyond(angle, bond);
      rows.push({ atom, bond, angle, torsion });
      placed.add(atom);
      parent.set(atom, bond);
    }
  }
  const lost = atoms.findIndex((_, atom) => !placed.has(atom));
  if (lost >= 0) {
    throw new RangeError(
      `zMatrix: atom ${lost + 1} (${atoms[lost].name}) has no bonds to the rest of the molecule`,
    );
  }
  return rows;

  /** The atom behind `centre`, seen from `from`: its own parent, else another one that is placed. */
  function beyond(centre: number, from: number): number {
    const above = parent.get(centre) ?? -1;
    if (above !== from) return above;
    return ordered[centre].find((atom) => atom !== from && placed.has(atom)) ?? -1;
  }
}

/** How many atoms are reached from `atom` without going through `centre`. */
function sizeBehind(neighbours: readonly number[][], centre: number, atom: number): number {
  const seen = new Set([centre, atom]);
  for (const each of seen) {
    if (each === centre) continue;
    for (const next of neighbours[each]) seen.add(next);
  }
  return seen.size - 1;
}
