import type { Artifact } from './artifacts.ts';

/** Where a phase is put down in its middle, and taken up again by a later process. */
export interface Midway {
  /** What an earlier process left of the phase that begins now, once; undefined at its start. */
  take(): Artifact | undefined;
  /**
   * `save` tells all that determines the rest of the phase. It may be called in any `emit` and at any
   * `await` from now on, and its arrays must not change afterwards.
   */
  watch(save: () => Artifact): void;
  /** To be called between two steps: writes a checkpoint where one is due. */
  offer(): void;
}

/** For a run that nobody resumes. */
export const noMidway: Midway = { take: () => undefined, watch: () => {}, offer: () => {} };

/** The named part of a phase that consists of several, each put down and taken up by itself. */
export function partOf(midway: Midway, saved: Artifact | undefined, part: string): Midway {
  const meta = saved?.meta as { readonly part: string; readonly rest: unknown } | undefined;
  const own =
    saved !== undefined && meta?.part === part ? { ...saved, meta: meta.rest } : undefined;
  return {
    take: () => own,
    watch: (save) =>
      midway.watch(() => {
        const { meta: rest, ...kept } = save();
        return { ...kept, meta: { part, rest } };
      }),
    offer: () => midway.offer(),
  };
}
