/**
 * Lets a long loop breathe: awaiting the returned function gives the event loop a turn whenever the
 * last one is more than `intervalMs` ago, and throws once `signal` is aborted.
 *
 * Time decides only when others run, never what is computed.
 */
export function pacer(signal: AbortSignal, intervalMs = 50): () => Promise<void> {
  let last = performance.now();
  return async () => {
    signal.throwIfAborted();
    if (performance.now() - last < intervalMs) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    signal.throwIfAborted();
    last = performance.now();
  };
}
