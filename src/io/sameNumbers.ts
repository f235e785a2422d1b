import type { Backend } from './backend.ts';
import type { Machine } from './machine.ts';
import { type Manifest, RunDirectoryError } from './manifest.ts';

/** What bears on the numbers of a run, as it is here and now. */
export interface Surroundings {
  /** SHA-256 of the file that defines the scenario, and its path. */
  readonly scenario: { readonly file: string; readonly hash: string };
  /** Of ergoflow. */
  readonly version: string;
  /** `codeHash()` */
  readonly code: string;
  /** `v20.19.0` */
  readonly node: string;
  readonly backend: Pick<Backend, 'name' | 'library' | 'threads'>;
  readonly machine: Pick<Machine, 'cpu' | 'platform'>;
}

/** One thing that is not as it was when a run began. */
export interface Difference {
  /** In words: what it was, and what it is. */
  readonly text: string;
  readonly effect: Effect;
}

/**
 * What a difference does to the numbers: it moves last digits and no more; it may do anything or nothing,
 * as other code does; or it makes another run of it.
 */
export type Effect = 'rounding' | 'unknown' | 'anotherRun';

/** How `now` differs from the surroundings in which a run began, as far as it bears on its bytes. */
export function differencesFrom(manifest: Manifest, now: Surroundings): Difference[] {
  const { scenario, version, code, node, backend, machine } = manifest;
  const found: Difference[] = [];
  const note = (effect: Effect, text: string): number => found.push({ effect, text });
  if (scenario.hash !== now.scenario.hash) {
    note(
      'anotherRun',
      `${now.scenario.file} has changed since the run began (sha256 ` +
        `${now.scenario.hash.slice(0, 12)}…, then ${scenario.hash.slice(0, 12)}…)`,
    );
  }
  if (version !== now.version) {
    note('unknown', `the run began with ergoflow ${version}, this is ${now.version}`);
  } else if (code !== undefined && code !== now.code) {
    note(
      'unknown',
      `the code of ergoflow has changed since (sha256 ${now.code.slice(0, 12)}…, ` +
        `then ${code.slice(0, 12)}…)`,
    );
  }
  if (backend.name !== now.backend.name || backend.library !== now.backend.library) {
    note(
      'rounding',
      `the run began on ${backend.name} ${backend.library}, here is ` +
        `${now.backend.name} ${now.backend.library}`,
    );
  } else if (backend.threads !== now.backend.threads) {
    note(
      'rounding',
      `the run began with ${backend.threads} threads of ${backend.name}, here are ${now.backend.threads}`,
    );
  }
  if (major(node) !== major(now.node)) {
    note('rounding', `the run began on Node ${node}, this is ${now.node}`);
  }
  if (machine.platform !== now.machine.platform) {
    note('rounding', `the run began on ${machine.platform}, this is ${now.machine.platform}`);
  } else if (
    // TensorFlow picks its kernels by the processor; WebAssembly and JavaScript do not.
    backend.name === 'tensorflow' &&
    machine.cpu !== now.machine.cpu
  ) {
    note(
      'rounding',
      `the run began on the processor "${machine.cpu}", this is "${now.machine.cpu}"`,
    );
  }
  return found;
}

/**
 * Lets a run go on here only where its bytes will be those of an uninterrupted run.
 *
 * @param allowInexact takes other surroundings and other code; another scenario is refused all the same.
 * @returns the differences that were taken, in words.
 * @throws {RunDirectoryError} naming every difference that was not.
 */
export function expectSameNumbers(
  manifest: Manifest,
  now: Surroundings,
  allowInexact: boolean,
): string[] {
  const differences = differencesFrom(manifest, now);
  const refused = differences.filter(({ effect }) => effect === 'anotherRun' || !allowInexact);
  if (refused.length > 0) {
    const said = refused.map(({ text }) => text).join(';\n');
    throw new RunDirectoryError(`${said}: ${adviceOn(refused)}`);
  }
  return differences.map(({ text }) => text);
}

function adviceOn(refused: readonly Difference[]): string {
  const has = (wanted: Effect): boolean => refused.some(({ effect }) => effect === wanted);
  if (has('anotherRun')) return 'restore what it was, or start a new run';
  return has('unknown')
    ? 'restore what it was, or go on all the same with --allow-inexact: the numbers may be others'
    : '--allow-inexact goes on all the same: last digits will differ';
}

function major(version: string): string {
  return version.split('.')[0];
}
