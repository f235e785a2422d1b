import type { Backend } from './backend.ts';
import type { Machine } from './machine.ts';
import { type Manifest, RunDirectoryError } from './manifest.ts';

/** What bears on the numbers of a run, as it is here and now. */
export interface Surroundings {
  /** SHA-256 of the file that defines the scenario, and its path. */
  readonly scenario: { readonly file: string; readonly hash: string };
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
  /** It moves last digits and no more; else the run would be another one. */
  readonly rounding: boolean;
}

/** How `now` differs from the surroundings in which a run began, as far as it bears on its bytes. */
export function differencesFrom(manifest: Manifest, now: Surroundings): Difference[] {
  const { scenario, code, node, backend, machine } = manifest;
  const found: Difference[] = [];
  const note = (rounding: boolean, text: string): number => found.push({ rounding, text });
  if (scenario.hash !== now.scenario.hash) {
    note(
      false,
      `${now.scenario.file} has changed since the run began (sha256 ` +
        `${now.scenario.hash.slice(0, 12)}…, then ${scenario.hash.slice(0, 12)}…)`,
    );
  }
  if (code !== undefined && code !== now.code) {
    note(
      false,
      `the code of ergoflow has changed since (sha256 ${now.code.slice(0, 12)}…, ` +
        `then ${code.slice(0, 12)}…)`,
    );
  }
  if (backend.name !== now.backend.name || backend.library !== now.backend.library) {
    note(
      true,
      `the run began on ${backend.name} ${backend.library}, here is ` +
        `${now.backend.name} ${now.backend.library}`,
    );
  } else if (backend.threads !== now.backend.threads) {
    note(
      true,
      `the run began with ${backend.threads} threads of ${backend.name}, here are ${now.backend.threads}`,
    );
  }
  if (major(node) !== major(now.node)) {
    note(true, `the run began on Node ${node}, this is ${now.node}`);
  }
  if (machine.platform !== now.machine.platform) {
    note(true, `the run began on ${machine.platform}, this is ${now.machine.platform}`);
  } else if (
    // TensorFlow picks its kernels by the processor; WebAssembly and JavaScript do not.
    backend.name === 'tensorflow' &&
    machine.cpu !== now.machine.cpu
  ) {
    note(true, `the run began on the processor "${machine.cpu}", this is "${now.machine.cpu}"`);
  }
  return found;
}

/**
 * Lets a run go on here only where its bytes will be those of an uninterrupted run.
 *
 * @param allowInexact takes differences that move last digits; others are refused all the same.
 * @returns the differences that were taken, in words.
 * @throws {RunDirectoryError} naming every difference that was not.
 */
export function expectSameNumbers(
  manifest: Manifest,
  now: Surroundings,
  allowInexact: boolean,
): string[] {
  const differences = differencesFrom(manifest, now);
  const refused = differences.filter(({ rounding }) => !(rounding && allowInexact));
  if (refused.length > 0) {
    const advice = refused.every(({ rounding }) => rounding)
      ? '--allow-inexact goes on all the same: last digits will differ'
      : 'restore what it was, or start a new run';
    throw new RunDirectoryError(`${refused.map(({ text }) => text).join(';\n')}: ${advice}`);
  }
  return differences.map(({ text }) => text);
}

function major(version: string): string {
  return version.split('.')[0];
}
