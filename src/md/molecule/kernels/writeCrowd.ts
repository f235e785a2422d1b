import type { MoleculeArena } from './moleculeModule.ts';
import type { PackedSystem } from './packSystem.ts';
import { type Width, writeSettings } from './writeSettings.ts';

/** Ends the special groups of an atom: beyond any place. */
const NONE = 0xffff_fff0;

/**
 * Writes the tables for pairs with atoms in the lanes; returns their address, see `assembly/molecule/crowdTables.ts`.
 *
 * The group in which the partners of an atom begin, and those that hold an exception, are special: they come with masks.
 */
export function writeCrowd(arena: MoleculeArena, packed: PackedSystem, width: Width): number {
  const { atoms, pairs, born } = packed;
  const lanes = width === 'double' ? 2 : 4;
  const size = 16 / lanes;
  const padded = Math.ceil(atoms / lanes) * lanes;
  const stride = padded * size;
  const numbers = width === 'double' ? arena.doubles : arena.floats;

  /** One number an atom, and `filling` behind the last. */
  const perAtom = (value: (atom: number) => number, filling: number) =>
    Array.from({ length: padded }, (_, i) => (i < atoms ? value(i) : filling));
  const far = Array.from({ length: padded }, (_, i) => (i < atoms ? 0 : 1000 * (1 + i - atoms)));
  const place = numbers([...far, ...new Array<number>(5 * padded).fill(0)]);
  const constants = numbers([
    ...perAtom((i) => pairs?.halfWidth[i] ?? 0, 0),
    ...perAtom((i) => pairs?.depth[i] ?? 0, 0),
    ...perAtom((i) => born?.perAtom[10 * i + 2] ?? pairs?.charge[i] ?? 0, 0),
    ...perAtom((i) => born?.perAtom[10 * i] ?? 0, 1),
    ...perAtom((i) => born?.perAtom[10 * i + 1] ?? 0, 0),
    ...perAtom((i) => born?.perAtom[10 * i + 8] ?? 1, 1),
    ...perAtom((i) => born?.perAtom[10 * i + 9] ?? 0, 0),
  ]);
  const radii = numbers(new Array<number>(4 * padded).fill(1));
  const special = writeSpecial();
  let groups = 0;
  for (let i = 0; i < atoms; i++) groups += padded / lanes - Math.floor((i + 1) / lanes);

  return arena.words([
    atoms,
    stride,
    place,
    constants,
    radii,
    special,
    born === undefined ? 0 : numbers(born.perAtom),
    born === undefined ? 0 : writeSettings(arena, born, width),
    arena.allot(256 + 64 * atoms),
    born === undefined ? 0 : arena.allot(32 * groups),
    pairs === undefined ? 0 : 1,
  ]);

  /** The addresses of each atom's special groups. */
  function writeSpecial(): number {
    const excepted: number[][] = Array.from({ length: atoms }, () => []);
    const listed = pairs?.exceptions ?? new Int32Array(0);
    for (let k = 0; k < listed.length; k += 2) {
      const i = Math.min(listed[k], listed[k + 1]);
      excepted[i].push(Math.max(listed[k], listed[k + 1]));
    }
    const addresses = Array.from({ length: atoms }, (_, i) => {
      const first = Math.floor((i + 1) / lanes);
      const found = new Set([first, ...excepted[i].map((j) => Math.floor(j / lanes))]);
      const words: number[] = [];
      for (const group of [...found].sort((a, b) => a - b)) {
        if (group * lanes >= padded) continue;
        words.push(group * 16, 0, 0, 0);
        const members = Array.from({ length: lanes }, (_, lane) => group * lanes + lane);
        const isPair = members.map((j) => j > i);
        words.push(...mask(isPair));
        words.push(...mask(members.map((j, lane) => isPair[lane] && !excepted[i].includes(j))));
      }
      return arena.words([...words, NONE, 0, 0, 0]);
    });
    return arena.words(addresses);
  }

  function mask(lanesSet: readonly boolean[]): number[] {
    return lanesSet.flatMap((set) => new Array<number>(size / 4).fill(set ? 0xffff_ffff : 0));
  }
}
