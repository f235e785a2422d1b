import { z } from 'zod';
import type { Ledger } from '../core/ledger.ts';
import type { Artifact, ArtifactStore } from '../hybrid/artifacts.ts';
import type { WallSeconds } from '../scenario/result.ts';
import type { SavedRun } from '../scenario/runScenario.ts';
import type { CheckpointStore } from './checkpointStore.ts';
import { FormatVersionError, messageOf } from './storageError.ts';

/** A checkpoint of a whole run: where it stood, and how long its log was then. */
export interface Progress {
  readonly saved: SavedRun;
  /** Bytes of `events.jsonl` that belong to it. */
  readonly logLength: number;
}

export interface ProgressStore {
  /** Replaces the older of the two that are kept. @throws {StorageError} */
  put(progress: Progress): void;
}

export interface FoundProgress {
  /** The last checkpoint that is whole, with all that it needs; undefined where there is none. */
  readonly progress: Progress | undefined;
  /** What was found damaged on the way to it, in words. */
  readonly damaged: readonly string[];
  /** Whether there was anything to be found. */
  readonly any: boolean;
}

const slots = ['progress-a', 'progress-b'] as const;

// The store has verified checksums; what is checked here is that it was this version that wrote them.
const metaSchema = z.object({
  sequence: z.int().min(0),
  logLength: z.int().min(0),
  saved: z.object({
    snapshot: z.looseObject({ context: z.record(z.string(), z.unknown()) }),
    ledger: z.custom<Ledger>(isNumbers),
    wallSeconds: z.custom<WallSeconds>(isNumbers),
  }),
  midway: z.unknown(),
});

function isNumbers(value: unknown): boolean {
  return z.record(z.string(), z.number()).safeParse(value).success;
}

/** Entries of the machine's context that are names of artifacts. */
const references = ['seeds', 'dataset', 'model', 'chains', 'production', 'draws', 'baseline'];

/**
 * The last two checkpoints of a run, in turns under two names: while one is written the other is whole.
 * @param first the number of the next checkpoint; those of earlier processes come before it.
 */
function progressStore(store: Pick<ArtifactStore, 'put'>, first: number): ProgressStore {
  let sequence = first;
  return {
    put({ saved: { midway, ...saved }, logLength }) {
      store.put(slots[sequence % 2], {
        arrays: midway?.arrays ?? {},
        meta: { sequence, logLength, saved, midway: midway === undefined ? null : [midway.meta] },
        records: midway?.records,
      });
      sequence++;
    },
  };
}

/** A store for a run that begins. */
export function newProgress(store: Pick<ArtifactStore, 'put'>): ProgressStore {
  return progressStore(store, 0);
}

/**
 * The last checkpoint of a run that stopped, and the store for those to come. One that is damaged, or
 * that needs an artifact which is, is passed over for the one before it.
 *
 * @throws {FormatVersionError} where none is whole and one is of another format: such a run must not begin
 *   again as if it had lost everything.
 */
export function findProgress(
  store: Pick<CheckpointStore, 'put' | 'has' | 'get' | 'verify'>,
): FoundProgress & { readonly next: ProgressStore } {
  const damaged: string[] = [];
  let other: FormatVersionError | undefined;
  const note = (error: unknown): void => {
    if (error instanceof FormatVersionError) other ??= error;
    damaged.push(messageOf(error));
  };
  const found: { readonly sequence: number; readonly progress: Progress }[] = [];
  for (const slot of slots) {
    if (!store.has(slot)) continue;
    try {
      const one = read(store.get(slot));
      if ((one.sequence - slots.indexOf(slot)) % 2 !== 0) {
        throw new TypeError(`checkpoint "${slot}" is number ${one.sequence}`);
      }
      found.push(one);
    } catch (error) {
      note(error);
    }
  }
  found.sort((a, b) => b.sequence - a.sequence);
  const whole = found.find(({ progress }) => {
    const lacking = missing(store, progress.saved);
    for (const error of lacking) note(error);
    return lacking.length === 0;
  });
  if (whole === undefined && other !== undefined) throw other;
  return {
    progress: whole?.progress,
    damaged: [...new Set(damaged)],
    any: damaged.length + found.length > 0,
    next: progressStore(store, following(found, whole)),
  };
}

/** A number above all that are there, whose slot is not that of the only checkpoint that is whole. */
function following(
  found: readonly { readonly sequence: number }[],
  whole: { readonly sequence: number } | undefined,
): number {
  const next = 1 + Math.max(-1, ...found.map(({ sequence }) => sequence));
  return whole !== undefined && (next - whole.sequence) % 2 === 0 ? next + 1 : next;
}

function read({ meta, ...rest }: Artifact): { sequence: number; progress: Progress } {
  const { sequence, logLength, saved, midway } = metaSchema.parse(meta);
  return {
    sequence,
    progress: {
      logLength,
      saved: {
        ...saved,
        midway: Array.isArray(midway) ? { ...rest, meta: midway[0] } : undefined,
      },
    },
  };
}

/** The names of the artifacts that a checkpoint stands on. */
export function referencesOf({ snapshot }: SavedRun): string[] {
  const { context } = snapshot as { context: Readonly<Record<string, unknown>> };
  const ids = references.map((name) => context[name]);
  return [...new Set(ids.filter((id) => typeof id === 'string'))];
}

/** What of the artifacts and records that a checkpoint stands on cannot be read. */
function missing(store: Pick<CheckpointStore, 'get' | 'verify'>, saved: SavedRun): unknown[] {
  const problems: unknown[] = [];
  const marks = [saved.midway?.records];
  for (const id of referencesOf(saved)) {
    try {
      marks.push(store.get(id).records);
    } catch (error) {
      problems.push(error);
    }
  }
  for (const mark of marks) {
    try {
      if (mark !== undefined) store.verify(mark);
    } catch (error) {
      problems.push(error);
    }
  }
  return problems;
}
