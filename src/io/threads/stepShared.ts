import type { BurstState } from '../../md/molecule/kernels/burst.ts';
import type { MoleculeModule } from '../../md/molecule/kernels/moleculeModule.ts';
import type { BurstLayout, stepBlock } from '../../md/molecule/kernels/stepBlock.ts';

/** The state of all chains in memory that threads share. */
export interface SharedBurst {
  /** Number of bursts so far, next block, finished blocks. */
  readonly control: Int32Array;
  readonly state: BurstState;
  /** The words of each step's key. */
  readonly keys: Uint32Array;
  /** What `stepBlock` returned for each block; −1 where it threw. */
  readonly codes: Float64Array;
  /** How many blocks each thread has stepped so far. */
  readonly stepped: Int32Array;
}

/**
 * Takes blocks of chains until none is left. Which thread takes which block changes nothing in the
 * result; a thread that comes late finds none.
 *
 * Its source is also what the threads run, so that it uses nothing from outside of itself.
 */
export function stepShared(
  step: typeof stepBlock,
  module: MoleculeModule,
  memory: Float64Array,
  layout: BurstLayout,
  { control, state, keys, codes, stepped }: SharedBurst,
  thread: number,
): void {
  for (;;) {
    const block = Atomics.add(control, 1, 1);
    if (block >= codes.length) return;
    // After the block is taken: the keys are then those of the burst that it belongs to.
    new Uint32Array(memory.buffer, layout.keys, keys.length).set(keys);
    codes[block] = -1;
    try {
      codes[block] = step(module, memory, layout, state, block * layout.lanes, 0);
    } finally {
      stepped[thread]++;
      // In any case: the calling thread waits for every block.
      Atomics.add(control, 2, 1);
      Atomics.notify(control, 2);
    }
  }
}
