import type { MoveInfo } from '../core/kernel.ts';
import type { Tempering } from './tempering.ts';

/** What the swaps of a tempering run did. */
export interface SwapFigures {
  /** Share of the swaps of rungs r and r + 1 that were accepted, `[R − 1]`; NaN where none was tried. */
  readonly acceptance: readonly number[];
  /** Journeys cold → hot → cold finished by each replica, `[R · B]`; replica n began in row n. */
  readonly roundTrips: Int32Array;
}

/** Follows the replicas of a run from swap to swap. */
export interface SwapStatistics {
  /** To be told every step of the run, in order. */
  observe(step: number, info: MoveInfo): void;
  figures(): SwapFigures;
  /** All that later figures rest on, for `swapStatistics` to go on from; views that go on changing. */
  gathered(): Readonly<Record<string, Float64Array | Int32Array>>;
}

/**
 * Counts swaps by pair and round trips by replica.
 *
 * A round trip is finished when a replica comes back to the first rung after the last one, so that a
 * replica which turns around half way counts for nothing.
 * @param before what `gathered` told of the steps that an earlier process made.
 * Katzgraber, Trebst, Huse & Troyer, J. Stat. Mech. P03018, 2006. doi:10.1088/1742-5468/2006/03/P03018
 */
export function swapStatistics(
  { ladder, swaps }: Pick<Tempering, 'ladder' | 'swaps'>,
  ladders: number,
  before: Readonly<Record<string, ArrayLike<number>>> = {},
): SwapStatistics {
  const rungs = ladder.length;
  const tried = new Float64Array(rungs - 1);
  const accepted = new Float64Array(rungs - 1);
  const replicas = Int32Array.from({ length: rungs * ladders }, (_, row) => row);
  const roundTrips = new Int32Array(rungs * ladders);
  // Where a replica is bound for, by the end of the ladder that it touched last.
  const direction = new Int32Array(rungs * ladders);
  const all = {
    'swaps/tried': tried,
    'swaps/accepted': accepted,
    'swaps/replicas': replicas,
    'swaps/roundTrips': roundTrips,
    'swaps/direction': direction,
  };
  for (const [name, array] of Object.entries(all)) {
    if (before[name] !== undefined) array.set(before[name]);
  }
  visitEnds();

  function visitEnds(): void {
    if (rungs === 1) return;
    for (let b = 0; b < ladders; b++) {
      const cold = replicas[b];
      if (direction[cold] === DOWN) roundTrips[cold]++;
      direction[cold] = UP;
      const hot = replicas[(rungs - 1) * ladders + b];
      if (direction[hot] === UP) direction[hot] = DOWN;
    }
  }

  return {
    observe(step, info) {
      const lower = swaps[step % swaps.length];
      if (lower.length === 0) return;
      for (const rung of lower) {
        for (let b = 0; b < ladders; b++) {
          const i = rung * ladders + b;
          tried[rung]++;
          if (info.accepted[i] === 0) continue;
          accepted[rung]++;
          const j = i + ladders;
          [replicas[i], replicas[j]] = [replicas[j], replicas[i]];
        }
      }
      visitEnds();
    },
    figures: () => ({
      acceptance: Array.from(accepted, (count, rung) => count / tried[rung]),
      roundTrips: roundTrips.slice(),
    }),
    gathered: () => all,
  };
}

// A replica that has touched neither end yet is bound for nowhere.
const UP = 1;
const DOWN = 2;
