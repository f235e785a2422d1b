import { checkInteger } from './checkInteger.ts';
import { checkSplit, evenOdd, type Split } from './split.ts';

/** What affine and additive couplings have in common. */
export interface CouplingOptions {
  /** D, two or more. */
  readonly dim: number;
  /** Blocks of two couplings, one for each channel. */
  readonly blocks: number;
  /** Widths of the hidden layers of every conditioner. */
  readonly hidden: readonly number[];
  /** The channels; even and odd coordinates unless given. */
  readonly split?: Split | undefined;
}

/** One coupling: the channel that conditions and the channel that moves. */
export interface CouplingPlace {
  /** Number of the coupling as the name of its parameters, in the order of `forward`. */
  readonly name: string;
  /** 0 or 1: the channel that is read; the other one moves. */
  readonly reads: 0 | 1;
  readonly inputs: number;
  readonly outputs: number;
}

/**
 * The couplings of `blocks` blocks in the order of `forward`. In each block the first channel moves
 * first, given the second, and then the second, given what the first has become.
 *
 * @throws {RangeError} where the options make no flow.
 */
export function couplingPlaces(options: CouplingOptions): {
  readonly split: Split;
  readonly places: readonly CouplingPlace[];
} {
  const { dim, blocks, hidden } = options;
  checkInteger('dim', dim, 2);
  checkInteger('blocks', blocks, 1);
  hidden.forEach((width, l) => {
    checkInteger(`hidden[${l}]`, width, 1);
  });
  const split = options.split ?? evenOdd(dim);
  checkSplit(split, dim);

  const places = Array.from({ length: 2 * blocks }, (_, n): CouplingPlace => {
    const reads = n % 2 === 0 ? 1 : 0;
    return {
      name: `${n}`,
      reads,
      inputs: split[reads].length,
      outputs: split[1 - reads].length,
    };
  });
  return { split, places };
}
