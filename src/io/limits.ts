import type { Plan } from '../hybrid/plan.ts';
import { RunDirectoryError } from './manifest.ts';

/** How far a run may go before it stops with a checkpoint, to be resumed later. */
export interface Limits {
  /** Wall-clock time of this process, h. */
  readonly maxHours?: number | undefined;
  /** Resident memory of this process, bytes. */
  readonly maxMemory?: number | undefined;
}

/** The longest time that a timer can be set to, ms. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * A signal that is aborted with `signal`, or with a reason in words once a limit is reached. Time and
 * memory decide how far a process goes, never what the run computes.
 *
 * @returns `end` lets go of timers and listeners.
 */
export function limited(
  signal: AbortSignal,
  { maxHours, maxMemory }: Limits,
  residentBytes: () => number = () => process.memoryUsage.rss(),
): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const pass = (): void => controller.abort(signal.reason);
  if (signal.aborted) pass();
  else signal.addEventListener('abort', pass, { once: true });
  const timers: NodeJS.Timeout[] = [];
  if (maxHours !== undefined) {
    const stop = (): void => controller.abort(`the time limit of ${maxHours} h is reached`);
    timers.push(setTimeout(stop, Math.min(maxHours * 3.6e6, LONGEST_TIMER)));
  }
  if (maxMemory !== undefined) {
    const look = (): void => {
      const used = residentBytes();
      if (used <= maxMemory) return;
      controller.abort(
        `${megabytes(used)} of memory are in use, more than the limit of ${megabytes(maxMemory)}`,
      );
    };
    timers.push(setInterval(look, 500));
  }
  return {
    signal: controller.signal,
    end() {
      signal.removeEventListener('abort', pass);
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/**
 * The memory that the records of a run take at their largest, bytes: production with U and log q, and its
 * copy in the file.
 */
export function recordBytes({ potential, production, reweighting }: Plan): number {
  const { chains, sweeps, flowMoves, latent } = production;
  // The rule never chooses more than this; it is known only after training.
  const flow = flowMoves === 'auto' ? 1 : flowMoves;
  const records = chains * sweeps * (1 + flow + (latent?.moves ?? 0));
  return 2 * 8 * (potential.dim + 2) * (records + reweighting.draws);
}

/** @throws {RunDirectoryError} where the records of a run alone will pass the limit. */
export function expectToFit(plan: Plan, { maxMemory }: Limits): void {
  const needed = recordBytes(plan);
  if (maxMemory === undefined || needed <= maxMemory) return;
  throw new RunDirectoryError(
    `the records of this run take ${megabytes(needed)} of memory or more, and ${megabytes(maxMemory)} ` +
      'are allowed: ask for fewer chains or sweeps, or raise --max-memory',
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
