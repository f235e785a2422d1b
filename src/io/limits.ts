import { totalmem } from 'node:os';
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

/** Production with U and log q, and its copy in the file: so often is a record there at the end. */
const COPIES = 2;

/** The memory that the records of a run take at their largest, bytes. */
export function recordBytes(plan: Plan): number {
  const { production, reweighting } = plan;
  return (recordsPerSweep(plan) * production.sweeps + reweighting.draws) * bytesPerRecord(plan);
}

function recordsPerSweep({ production }: Plan): number {
  const { chains, flowMoves, latent } = production;
  // The rule never chooses fewer than this; its choice is known only after training.
  const flow = flowMoves === 'auto' ? 1 : flowMoves;
  return chains * (1 + flow + (latent?.moves ?? 0));
}

function bytesPerRecord({ potential }: Plan): number {
  return COPIES * Float64Array.BYTES_PER_ELEMENT * (potential.dim + 2);
}

/** What this process could have at most, bytes: the machine's memory, or what a container leaves of it. */
export function memoryHere(): number {
  const allowed = process.constrainedMemory();
  return allowed > 0 ? Math.min(allowed, totalmem()) : totalmem();
}

/**
 * Records are kept in memory until they are written.
 * @throws {RunDirectoryError} where those of a run alone will pass the limit, or the machine's memory; it
 *   says how many sweeps would fit.
 */
export function expectToFit(plan: Plan, { maxMemory }: Limits, here = memoryHere()): void {
  const needed = recordBytes(plan);
  const room = Math.min(maxMemory ?? Number.POSITIVE_INFINITY, here);
  if (needed <= room) return;
  const records = room / bytesPerRecord(plan) - plan.reweighting.draws;
  const sweeps = Math.max(0, Math.floor(records / recordsPerSweep(plan)));
  const isOurs = maxMemory !== undefined && maxMemory <= here;
  throw new RunDirectoryError(
    `the records of this run take ${megabytes(needed)} of memory or more, and ` +
      `${megabytes(room)} are ${isOurs ? 'allowed' : 'all that there is'}: there is room for ${sweeps} of ` +
      `${plan.production.sweeps} sweeps, so ask for fewer, or for fewer chains or draws` +
      `${isOurs ? ', or raise --max-memory' : ''}`,
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
