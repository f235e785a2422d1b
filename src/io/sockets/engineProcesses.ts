import { type ChildProcess, spawn } from 'node:child_process';
import { codeOf, messageOf } from '../storageError.ts';
import type { EngineFailure } from './engineError.ts';
import { packageMissedIn, packageOfProgram } from './enginePackages.ts';

export interface EngineCommand {
  /** The program and its arguments; no shell reads them. */
  readonly command: readonly string[];
  /** How many at once. */
  readonly copies: number;
  /** Where they run. */
  readonly folder: string;
}

export interface EngineProcesses {
  /** Ends the programs that are still there, and returns when they are gone. */
  end(): Promise<void>;
}

/** Characters of output that are kept of a program. */
const KEPT = 2000;

/** Milliseconds that programs get to end by themselves after EXIT, and again after SIGTERM. */
const GRACE = 1000;

/**
 * Starts the copies of an engine and replaces those that end, as long as each of them was of use.
 *
 * A copy is replaced where a client has become ready since it began (`joined` counts them all): one
 * that ends before it connects would do so again.
 */
export function engineProcesses(
  { command, copies, folder }: EngineCommand,
  joined: () => number,
  despair: (kind: EngineFailure, message: string) => void,
  say: (line: string) => void,
): EngineProcesses {
  const running = new Set<ChildProcess>();
  const [program, ...args] = command;
  let ending = false;

  function start(): void {
    const child = spawn(program, args, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C is for us: the step that it interrupts is finished first, and needs its engine.
      detached: true,
    });
    running.add(child);
    const before = joined();
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-KEPT);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => {
      running.delete(child);
      despair('not-installed', notStarted(program, folder, error));
    });
    // Not 'exit', after which output may still come.
    child.on('close', (code, signal) => {
      if (!running.delete(child) || ending) return;
      const words = output.trim();
      const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
      const said = words === '' ? 'It said nothing.' : `It said last:\n${words}`;
      if (joined() > before) {
        say(`${program} ended ${how}; starting it again. ${said}`);
        start();
        return;
      }
      if (running.size > 0) return;
      const advice = packageMissedIn(words);
      despair(
        advice === undefined ? 'not-started' : 'not-installed',
        `${command.join(' ')} ended ${how} before it connected. ` +
          `${advice === undefined ? '' : `${advice}. `}${said}`,
      );
    });
  }

  for (let copy = 0; copy < copies; copy++) start();

  return {
    async end() {
      ending = true;
      for (const signal of [undefined, 'SIGTERM', 'SIGKILL'] as const) {
        if (signal !== undefined) for (const child of running) child.kill(signal);
        await gone(running, GRACE);
        if (running.size === 0) return;
      }
    },
  };
}

function notStarted(program: string, folder: string, error: Error): string {
  if (codeOf(error) !== 'ENOENT') return `${program} could not be started: ${messageOf(error)}`;
  const advice = packageOfProgram(program);
  return (
    `the program "${program}" is not on this machine, or the folder ${folder} is not; ` +
    (advice ?? 'install it, or give its whole path')
  );
}

/** Resolves when none is left, or after `limit` milliseconds. */
async function gone(running: ReadonlySet<ChildProcess>, limit: number): Promise<void> {
  if (running.size === 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, limit);
    for (const child of running) {
      child.on('close', () => {
        if (running.size > 0) return;
        clearTimeout(timer);
        resolve();
      });
    }
  });
}
