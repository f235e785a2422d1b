import type { RunEvent } from '../hybrid/events.ts';
import { type ProgressState, phaseTitle, progressLine } from '../report/progressLine.ts';

/** Where progress goes: standard error, drawn in place on a terminal, in plain lines elsewhere. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/**
 * Tells a person what a run is doing. On a terminal one line is redrawn in place; into a pipe or a
 * log, one plain line every `intervalSeconds` and at every change of phase.
 */
export function progressReporter(stream: ProgressStream, intervalSeconds = 10) {
  const live = stream.isTTY === true;
  let phaseStart = performance.now();
  let lastDrawn = 0;
  let drawn = false;

  function clear(): void {
    if (drawn) stream.write('\r\u001b[2K');
    drawn = false;
  }

  function say(line: string): void {
    clear();
    stream.write(`${line}\n`);
  }

  return {
    onEvent(event: RunEvent): void {
      const now = performance.now();
      switch (event.type) {
        case 'phase':
          phaseStart = now;
          lastDrawn = now;
          if (
            ![
              'deciding',
              'judging',
              'converged',
              'exhausted',
              'missed',
              'interrupted',
              'failed',
            ].includes(event.phase)
          ) {
            if (!live) say(phaseTitle(event.phase));
          }
          return;
        case 'progress': {
          if (now - lastDrawn < (live ? 100 : intervalSeconds * 1000)) return;
          lastDrawn = now;
          const state: ProgressState = { ...event, seconds: (now - phaseStart) / 1000 };
          if (live) {
            clear();
            stream.write(progressLine(state));
            drawn = true;
          } else say(`  ${progressLine(state)}`);
          return;
        }
        case 'assessment': {
          const a = event.assessment;
          say(
            `round ${event.round}: flow ESS fraction ${a.essFraction.toFixed(3)}, ` +
              `expected acceptance ${a.acceptance.toFixed(3)}, Pareto k ${a.paretoK.toFixed(2)}`,
          );
          return;
        }
        case 'frozen':
          say(`flow frozen (${event.fingerprint}): from here on samples count`);
          return;
        case 'decision':
          say(event.reason);
          return;
        case 'warning':
          say(`warning: ${event.message}`);
          return;
        case 'training':
        case 'heldOut':
        case 'ledger':
          return;
      }
    },
    /** Leaves the terminal clean. */
    end: clear,
  };
}
