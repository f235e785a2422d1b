import { CommanderError } from '@commander-js/extra-typings';
import { DivergenceError, ErgoflowError, ShapeError } from '../core/errors.ts';

/** The process's exit codes (design §4). */
export const EXIT = { done: 0, missed: 1, usage: 2, failed: 3, interrupted: 130 } as const;

/** A command ended with a code of its own choosing, having said all there is to say. */
export class ExitRequest extends ErgoflowError {
  override name = 'ExitRequest' as const;
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** Runs a command and turns however it ends into an exit code, with one clear message on stderr. */
export async function exit(command: () => Promise<unknown>): Promise<number> {
  try {
    await command();
    return EXIT.done;
  } catch (error) {
    if (error instanceof ExitRequest) return error.code;
    // Commander has already printed its message, with a suggestion.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    const code = codeOf(error);
    process.stderr.write(`ergoflow: ${describe(error)}\n`);
    return code;
  }
}

// By name, as importing the classes would load all that throws them before `--help` is said.
const codes: Readonly<Record<string, number>> = {
  InterruptedError: EXIT.interrupted,
  UsageError: EXIT.usage,
  ScenarioError: EXIT.usage,
  RunDirectoryError: EXIT.usage,
  BackendError: EXIT.usage,
  FormatVersionError: EXIT.usage,
  MoleculeFileError: EXIT.usage,
};

function codeOf(error: unknown): number {
  return (error instanceof ErgoflowError ? codes[error.name] : undefined) ?? EXIT.failed;
}

function describe(error: unknown): string {
  if (error instanceof DivergenceError || error instanceof ShapeError) {
    return `${error.name}: ${error.message}`;
  }
  if (error instanceof ErgoflowError) return error.message;
  // A bug of ours or of a user's potential: the stack says where.
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
