const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs `wait`, during which Ctrl-C has the effect that it has without any handler: the process ends.
 *
 * Handlers written in JavaScript cannot run while the main thread sleeps, so that a long wait with
 * handlers in place could not be interrupted at all. They are put back as they were.
 */
export function releasingSignals<T>(wait: () => T): T {
  const handlers = SIGNALS.map((signal) => {
    // The raw ones, so that what was to run once still runs once.
    const listeners = process.rawListeners(signal);
    process.removeAllListeners(signal);
    return { signal, listeners };
  });
  try {
    return wait();
  } finally {
    for (const { signal, listeners } of handlers) {
      // They came from this very signal, whose listeners they are.
      for (const listener of listeners) process.on(signal, listener as NodeJS.SignalsListener);
    }
  }
}
