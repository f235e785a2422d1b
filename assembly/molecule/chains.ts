import { angles, bonds, torsions } from './bonded';
import { pairsAndBorn } from './born';
import { ATOM, add, all, fma, mul, spread, square, sub } from './lanes';
import { pairs } from './pairs';

/**
 * A system packed by `src/md/molecule/kernels/packSystem.ts`: unsigned words at these offsets from the address of a
 * plan, counts and addresses.
 */
export namespace Plan {
  export const atoms: usize = 0;
  /** Count, atoms, parameters. */
  export const bonds: usize = 4;
  export const angles: usize = 16;
  export const torsions: usize = 28;
  export const restraints: usize = 40;
  /** Groups, list, parameters. */
  export const pairs: usize = 52;
  /** 1 where there is a Born term; parameters of atoms, of pairs, settings, scratch. */
  export const born: usize = 64;
  /** Atoms in the lanes: see `crowdTables.ts`; 0 where there are none. */
  export const crowd: usize = 84;
}

@inline
function word(plan: usize, offset: usize): usize {
  return <usize>load<u32>(plan + offset);
}

/** Σ ½ k |x − x₀|²; parameters x₀, k. */
export function restraints<T>(count: usize, atoms: usize, p: usize, x: usize, g: usize): v128 {
  let sum = all<T>(0);
  for (const end = atoms + count * 4; atoms < end; atoms += 4) {
    const i = <usize>load<u32>(atoms);
    const k = spread<T>(p + 3 * sizeof<T>());
    const dx = sub<T>(v128.load(x + i), spread<T>(p));
    const dy = sub<T>(v128.load(x + i, 16), spread<T>(p + sizeof<T>()));
    const dz = sub<T>(v128.load(x + i, 32), spread<T>(p + 2 * sizeof<T>()));
    sum = fma<T>(k, square<T>(dx, dy, dz), sum);
    v128.store(g + i, fma<T>(k, dx, v128.load(g + i)));
    v128.store(g + i, fma<T>(k, dy, v128.load(g + i, 16)), 16);
    v128.store(g + i, fma<T>(k, dz, v128.load(g + i, 32)), 32);
    p += 4 * sizeof<T>();
  }
  return mul<T>(all<T>(0.5), sum);
}

/** U of the chains of one block; their gradients to `g`. */
export function evaluateBlock<T>(plan: usize, x: usize, g: usize): v128 {
  const atoms = word(plan, Plan.atoms);
  memory.fill(g, 0, atoms * ATOM);
  let sum = bonds<T>(
    word(plan, Plan.bonds),
    word(plan, Plan.bonds + 4),
    word(plan, Plan.bonds + 8),
    x,
    g,
  );
  sum = add<T>(
    sum,
    angles<T>(
      word(plan, Plan.angles),
      word(plan, Plan.angles + 4),
      word(plan, Plan.angles + 8),
      x,
      g,
    ),
  );
  sum = add<T>(
    sum,
    torsions<T>(
      word(plan, Plan.torsions),
      word(plan, Plan.torsions + 4),
      word(plan, Plan.torsions + 8),
      x,
      g,
    ),
  );
  sum = add<T>(
    sum,
    restraints<T>(
      word(plan, Plan.restraints),
      word(plan, Plan.restraints + 4),
      word(plan, Plan.restraints + 8),
      x,
      g,
    ),
  );
  sum = add<T>(
    sum,
    pairs<T>(word(plan, Plan.pairs), word(plan, Plan.pairs + 4), word(plan, Plan.pairs + 8), x, g),
  );
  if (word(plan, Plan.born) === 0) return sum;
  return add<T>(
    sum,
    pairsAndBorn<T>(
      atoms,
      word(plan, Plan.born + 4),
      word(plan, Plan.born + 8),
      word(plan, Plan.born + 12),
      word(plan, Plan.born + 16),
      x,
      g,
    ),
  );
}
