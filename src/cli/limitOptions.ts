import { type Command, InvalidArgumentError, type OptionValues } from '@commander-js/extra-typings';
import type { Watching } from '../io/carryOut.ts';
import { integer, positive } from './numberOption.ts';

/** How far a run may go, and how often it writes down where it is. */
export interface LimitOptions {
  readonly maxHours?: number;
  /** Bytes. */
  readonly maxMemory?: number;
  readonly checkpointSeconds?: number;
  readonly checkpointSteps?: number;
}

/** The same options for every command that runs something. */
export function addLimitOptions<A extends unknown[], O extends OptionValues>(
  command: Command<A, O>,
) {
  return command
    .option('--max-hours <h>', 'stop with a checkpoint after that time (exit 130)', positive)
    .option('--max-memory <size>', 'stop with a checkpoint at that much memory: 800M, 4G', bytes)
    .option('--checkpoint-seconds <s>', 'time between checkpoints (default: 30)', positive)
    .option('--checkpoint-steps <n>', 'also a checkpoint every n steps', integer(1, 1e12));
}

/** The options in the words of a session. */
export function limitsOf(options: LimitOptions): Required<Pick<Watching, 'limits' | 'checkpoint'>> {
  const { maxHours, maxMemory, checkpointSeconds, checkpointSteps } = options;
  return {
    limits: { maxHours, maxMemory },
    checkpoint: {
      ...(checkpointSeconds === undefined ? {} : { everySeconds: checkpointSeconds }),
      ...(checkpointSteps === undefined ? {} : { everySteps: checkpointSteps }),
    },
  };
}

const units: Readonly<Record<string, number>> = { M: 1e6, G: 1e9, T: 1e12 };

function bytes(text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)([MGT])B?$/.exec(text) ?? [];
  if (digits === undefined) {
    throw new InvalidArgumentError(`"${text}" is no amount of memory: expected 800M or 4G, say.`);
  }
  return Number(digits) * units[unit];
}
