import type { MoleculeArena } from './moleculeModule.ts';
import type { PackedGroups, PackedSystem } from './packSystem.ts';
import { writeCrowd } from './writeCrowd.ts';
import { type Width, writeSettings } from './writeSettings.ts';

/** Bytes of one atom in a block of chains: x, y and z of all lanes. */
const ATOM = 48;

/** How a plan lays out the pairs of a system. */
export interface PlanOptions {
  /** Of the numbers in the tables: doubles for two chains a block, floats for four. */
  readonly width: Width;
  /**
   * Atoms in the lanes for the pairs, in numbers of this width; chains in the lanes where undefined.
   * The bonded terms have chains in the lanes always.
   */
  readonly crowd?: Width;
}

/** Writes the tables of a system into the memory of a module; returns the address of the plan. */
export function writePlan(
  arena: MoleculeArena,
  packed: PackedSystem,
  { width, crowd }: PlanOptions,
): number {
  const numbers = width === 'double' ? arena.doubles : arena.floats;
  const offsets = (atoms: readonly number[]) => atoms.map((atom) => ATOM * atom);

  function groups({ atoms, parameters }: PackedGroups, arity: number): number[] {
    return [atoms.length / arity, arena.words(offsets(atoms)), numbers(parameters)];
  }

  const { quadruples } = packed.torsions;
  const torsions = [
    quadruples.length,
    arena.words(
      quadruples.flatMap(({ atoms, coefficients }) => [...offsets(atoms), coefficients.length / 2]),
    ),
    numbers(quadruples.flatMap(({ coefficients }) => coefficients)),
  ];
  // Restraints are tied to the place, of which floats, relative to the first atom, know nothing.
  const restraints = width === 'float' ? [0, 0, 0] : groups(packed.restraints, 1);

  return arena.words([
    packed.atoms,
    ...groups(packed.bonds, 2),
    ...groups(packed.angles, 3),
    ...torsions,
    ...restraints,
    ...listedPairs(),
    ...born(),
    crowd === undefined ? 0 : writeCrowd(arena, packed, crowd),
  ]);

  /** Pairs with explicit parameters: all without a Born term, the exceptions beside a crowd. */
  function listedPairs(): number[] {
    const { pairs, atoms } = packed;
    if (pairs === undefined || (packed.born !== undefined && crowd === undefined)) return [0, 0, 0];
    const list: number[] = [];
    const parameters: number[] = [];
    let count = 0;
    for (let i = 0; i < atoms; i++) {
      const partners: number[] = [];
      for (let j = i + 1; j < atoms; j++) {
        if (crowd !== undefined && !pairs.isException(i, j)) continue;
        const found = pairs.parameters(i, j);
        if (found === undefined) continue;
        partners.push(ATOM * j);
        parameters.push(...found);
      }
      if (partners.length === 0) continue;
      list.push(ATOM * i, partners.length);
      for (const partner of partners) list.push(partner);
      count++;
    }
    return [count, arena.words(list), numbers(parameters)];
  }

  function born(): number[] {
    const { pairs, atoms } = packed;
    if (packed.born === undefined || crowd !== undefined) return [0, 0, 0, 0, 0];
    const perPair: number[] = [];
    for (let i = 0; i < atoms; i++) {
      for (let j = i + 1; j < atoms; j++) perPair.push(...(pairs?.parameters(i, j) ?? [0, 0, 0]));
    }
    return [
      1,
      numbers(packed.born.perAtom),
      numbers(perPair),
      writeSettings(arena, packed.born, width),
      arena.allot(64 + 64 * atoms + 32 * atoms * (atoms - 1)),
    ];
  }
}
