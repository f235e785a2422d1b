import type { Topology } from './topology.ts';

/** A tetrahedral centre with four different substituents, three of which tell its hand. */
export interface ChiralCentre {
  readonly atom: number;
  /** The three with the smallest numbers, in order. */
  readonly substituents: readonly [number, number, number];
}

/**
 * The chiral centres of a molecule, from its bonds alone.
 *
 * Atoms are told apart by element and, round by round, by what their neighbours are (Morgan,
 * J. Chem. Doc. 5, 107, 1965); a centre is chiral where its four neighbours end up different.
 */
export function chiralCentres({ atoms, bonds }: Topology): ChiralCentre[] {
  const neighbours = atoms.map(() => [] as number[]);
  for (const [i, j] of bonds) {
    neighbours[i].push(j);
    neighbours[j].push(i);
  }
  let kinds = numbered(atoms.map(({ element }) => element));
  for (let found = 0; ; ) {
    const finer = numbered(
      kinds.map((kind, i) => `${kind}:${neighbours[i].map((j) => kinds[j]).sort()}`),
    );
    const count = new Set(finer).size;
    if (count === found) break;
    found = count;
    kinds = finer;
  }
  return neighbours.flatMap((around, atom) => {
    if (around.length !== 4 || new Set(around.map((each) => kinds[each])).size < 4) return [];
    const [a, b, c] = around.toSorted((i, j) => i - j);
    return [{ atom, substituents: [a, b, c] as const }];
  });
}

/**
 * The hand of a centre in a configuration `[3N]` that begins at `x[offset]`: the sign of
 * (a − o) · ((b − o) × (c − o)), o the centre. A flow that changes it has made another molecule.
 *
 * @returns 1 or −1; 0 where the four are in one plane.
 */
export function chiralitySign(
  x: Float64Array,
  { atom, substituents }: ChiralCentre,
  offset = 0,
): number {
  const centre = offset + 3 * atom;
  const [a, b, c] = substituents.map((each) =>
    [0, 1, 2].map((axis) => x[offset + 3 * each + axis] - x[centre + axis]),
  );
  return Math.sign(
    a[0] * (b[1] * c[2] - b[2] * c[1]) +
      a[1] * (b[2] * c[0] - b[0] * c[2]) +
      a[2] * (b[0] * c[1] - b[1] * c[0]),
  );
}

/** Equal keys get equal numbers, the first one 0. */
function numbered(keys: readonly string[]): number[] {
  const known = new Map<string, number>();
  return keys.map((key) => {
    const number = known.get(key) ?? known.size;
    known.set(key, number);
    return number;
  });
}
