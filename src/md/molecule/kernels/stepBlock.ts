import type { BurstState } from './burst.ts';
import type { MoleculeModule } from './moleculeModule.ts';

/** Where a burst finds its tables and buffers in the memory of a module; bytes. */
export interface BurstLayout {
  readonly dim: number;
  readonly steps: number;
  /** Chains a block: 2, or 4 with all forces in float32. */
  readonly lanes: 2 | 4;
  /** Whether the steps' forces are float32. */
  readonly single: boolean;
  readonly half: number;
  readonly keep: number;
  /** U that depends on no coordinate, kJ/mol. */
  readonly constant: number;
  /** Tables of the steps' forces, and of float64 forces. */
  readonly plan: number;
  readonly exact: number;
  readonly rows: number;
  readonly x: number;
  readonly v: number;
  readonly gradient: number;
  readonly energies: number;
  readonly random: number;
  readonly floats: number;
  readonly kick: number;
  readonly renew: number;
  readonly keys: number;
}

/**
 * Steps the block of chains that begins with chain `b` of `state` in place, under the keys in the module's
 * memory; `first` is the number of chain 0. Returns 0, or where a chain's energy or gradient is not finite
 * 2^lanes times the step plus the bits of these chains.
 *
 * Its source is also what threads run, so that it uses nothing from outside of itself.
 */
export function stepBlock(
  module: Omit<MoleculeModule, 'memory'>,
  memory: Float64Array,
  layout: BurstLayout,
  state: BurstState,
  b: number,
  first: number,
): number {
  const { dim, lanes, rows, x, v, gradient, energies, exact } = layout;
  const block = dim * 16;
  const count = state.energy.length;
  const inLanes = [
    [state.positions, x],
    [state.velocities, v],
    [state.gradient, gradient],
  ] as const;
  for (const [data, to] of inLanes) {
    for (let pair = 0; pair < lanes / 2; pair++) {
      for (let lane = 0; lane < 2; lane++) {
        // Lanes beyond the last chain repeat it, and nobody looks at them.
        const chain = Math.min(b + 2 * pair + lane, count - 1);
        memory.set(data.subarray(chain * dim, (chain + 1) * dim), rows / 8 + lane * dim);
      }
      module.gather(rows, dim, to + pair * block);
    }
  }

  const { plan, steps, keys, random, kick, renew, half, keep } = layout;
  const watched = 2 ** Math.min(lanes, count - b) - 1;
  const chain = BigInt(first + b);
  let code: number;
  if (lanes === 4) {
    const own = [exact, steps, keys, chain, watched, dim, x, v, gradient, random] as const;
    code = module.burstOfFour(plan, ...own, kick, renew, half, keep, layout.floats);
  } else {
    const own = [steps, keys, chain, watched, dim, x, v, gradient, random] as const;
    const floats = layout.single ? 1 : 0;
    code = module.burst(plan, ...own, kick, renew, half, keep, energies, floats);
  }

  for (let pair = 0; pair < lanes / 2; pair++) {
    // What floats leave behind is evaluated once more: energy and gradient belong to the positions to all digits.
    if (layout.single && code === 0) {
      module.evaluate(exact, x + pair * block, gradient + pair * block, energies);
    }
    for (let lane = 0; lane < 2; lane++) {
      const c = b + 2 * pair + lane;
      if (c < count) state.energy[c] = memory[energies / 8 + lane] + layout.constant;
    }
    for (const [data, from] of inLanes) {
      module.scatter(from + pair * block, dim, rows);
      for (let lane = 0; lane < 2; lane++) {
        const c = b + 2 * pair + lane;
        const row = rows / 8 + lane * dim;
        if (c < count) data.set(memory.subarray(row, row + dim), c * dim);
      }
    }
  }
  return code;
}
