import type { Artifact } from '../hybrid/artifacts.ts';
import type { Midway } from '../hybrid/midway.ts';

/** When a run writes a checkpoint within a phase. Phases end with one in any case. */
export interface CheckpointPolicy {
  /** At most so long apart, s; 30 by default. Longer where writing them would take over 1 % of the time. */
  readonly everySeconds?: number;
  /** Whenever so many steps of a phase have been made since the last; never by default. */
  readonly everySteps?: number;
  /** Asked between any two steps: whether somebody wants a checkpoint now. */
  readonly wanted?: () => boolean;
}

/** The checkpoints of one run: what `Midway` promises to phases, kept for whoever runs them. */
export interface Checkpoints extends Midway {
  /** A phase has ended: writes where the run stands between the two. */
  boundary(): void;
  /** Writes where the run stands in the middle of its phase, if it is in one that has begun. */
  flush(): void;
  /** What `flush` would write; undefined between phases. */
  standing(): Artifact | undefined;
}

/** Time spent between two checkpoints, for each second that writing the last one took. */
const THRIFT = 100;

/**
 * Decides when checkpoints are written, and what they cost. Time and requests decide when to write, never
 * what is computed.
 *
 * @param write is given the middle of the phase, or undefined at its edge.
 * @param saved is what an earlier process wrote in the middle of the phase that runs first.
 */
export function checkpoints(
  policy: CheckpointPolicy,
  saved: Artifact | undefined,
  write: (midway: Artifact | undefined) => void,
): Checkpoints {
  const { everySeconds = 30, everySteps = Number.POSITIVE_INFINITY, wanted = () => false } = policy;
  let save: (() => Artifact) | undefined;
  let left = saved;
  let steps = 0;
  let due = performance.now() + everySeconds * 1000;

  function put(midway: Artifact | undefined): void {
    const start = performance.now();
    write(midway);
    const end = performance.now();
    steps = 0;
    due = end + Math.max(everySeconds * 1000, THRIFT * (end - start));
  }
  function flush(): void {
    if (save !== undefined) put(save());
  }
  return {
    take() {
      const mine = left;
      left = undefined;
      return mine;
    },
    watch(next) {
      save = next;
    },
    offer() {
      steps++;
      if (steps >= everySteps || performance.now() >= due || wanted()) flush();
    },
    boundary() {
      save = undefined;
      put(undefined);
    },
    flush,
    standing: () => save?.(),
  };
}
