import { existsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Plan } from '../hybrid/plan.ts';
import { surfaceColumns } from '../hybrid/recorder.ts';
import { RunDirectoryError } from './manifest.ts';
import { freeBytes } from './storageError.ts';

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

/** What is kept of a record beside its positions, bytes: U, log q, weight, state, core, coordinate. */
const COLUMNS = 36;

function columnBytes(plan: Plan): number {
  return COLUMNS + Float64Array.BYTES_PER_ELEMENT * surfaceColumns(plan).length;
}

/** The columns of all records, and their copy while a checkpoint is written. */
const COPIES_IN_MEMORY = 2;

/** The columns are in the artifact, in two checkpoints and in part in `samples.npz`. */
const COPIES_ON_DISK = 4;

/** The memory that the records of a run take at their largest, bytes: their positions lie on the disk. */
export function recordBytes(plan: Plan): number {
  return records(plan) * COPIES_IN_MEMORY * columnBytes(plan);
}

/** The disk that the records of a run take while `samples.npz` is written from them, bytes. */
export function diskBytes(plan: Plan): number {
  return records(plan) * diskBytesPerRecord(plan);
}

function records(plan: Plan): number {
  return recordsPerSweep(plan) * plan.production.sweeps + drawsOf(plan);
}

/** A run without a flow draws nothing. */
function drawsOf({ flow, reweighting }: Plan): number {
  return flow === undefined ? 0 : reweighting.draws;
}

/** What is known of it beforehand: no rule or pilot ever chooses less. */
function recordsPerSweep({ flow: spec, production }: Plan): number {
  const { chains, flowMoves, latent, tempering } = production;
  if (spec === undefined) {
    const ladder = tempering?.ladder ?? [];
    // From three rungs on there are two rounds of swaps a sweep.
    return chains * (ladder !== 'auto' && ladder.length > 2 ? 2 : 1);
  }
  const flow = flowMoves === 'auto' ? 1 : flowMoves;
  return chains * (1 + flow + (latent?.moves ?? 0));
}

function diskBytesPerRecord(plan: Plan): number {
  return (
    COPIES_ON_DISK * columnBytes(plan) + 2 * Float64Array.BYTES_PER_ELEMENT * plan.potential.dim
  );
}

/** What this process could have at most, bytes: the machine's memory, or what a container leaves of it. */
export function memoryHere(): number {
  const allowed = process.constrainedMemory();
  return allowed > 0 ? Math.min(allowed, totalmem()) : totalmem();
}

/**
 * @throws {RunDirectoryError} where the numbers that a run keeps of its records will pass the limit, or
 *   the machine's memory; it says how many sweeps would fit.
 */
export function expectToFit(plan: Plan, { maxMemory }: Limits, here = memoryHere()): void {
  const needed = recordBytes(plan);
  const room = Math.min(maxMemory ?? Number.POSITIVE_INFINITY, here);
  if (needed <= room) return;
  const isOurs = maxMemory !== undefined && maxMemory <= here;
  throw new RunDirectoryError(
    `the records of this run take ${megabytes(needed)} of memory or more, and ` +
      `${megabytes(room)} are ${isOurs ? 'allowed' : 'all that there is'}: there is room for ` +
      `${sweepsIn(room / (COPIES_IN_MEMORY * columnBytes(plan)), plan)}, so ask for fewer, or for fewer ` +
      `chains or draws${isOurs ? ', or raise --max-memory' : ''}`,
  );
}

/**
 * @param folder where the run is or will be.
 * @param there what of its records lies in it already, bytes.
 * @throws {RunDirectoryError} where the disk has no room for the records; it says how many sweeps would fit.
 */
export function expectRoomFor(
  plan: Plan,
  folder: string,
  there = 0,
  free = freeBytes(existing(resolve(folder))),
): void {
  const needed = diskBytes(plan) - there;
  if (free === undefined || needed <= free) return;
  throw new RunDirectoryError(
    `the records of this run take ${megabytes(needed)} of disk in ${folder}, where ` +
      `${megabytes(free)} are free: there is room for ` +
      `${sweepsIn((free + there) / diskBytesPerRecord(plan), plan)}, so make room, choose another ` +
      'folder with --out, or ask for fewer sweeps, chains or draws',
  );
}

/** How many sweeps a number of records is enough for, in words. */
function sweepsIn(count: number, plan: Plan): string {
  const sweeps = Math.floor((count - drawsOf(plan)) / recordsPerSweep(plan));
  return `${Math.max(0, sweeps)} of ${plan.production.sweeps} sweeps`;
}

/** The folder, or the nearest above it that is there. */
function existing(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existing(dirname(path));
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`;
}
