// Loaded into a process before anything else: collects all garbage every ten seconds, and writes a line of what is
// left to the file that it was told, in megabytes: resident memory, and what is alive on V8's heap and beside it.
import { appendFileSync } from 'node:fs';

const file = process.env.ERGOFLOW_SOAK_FILE;
const start = performance.now();
setInterval(() => {
  globalThis.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  const hours = (performance.now() - start) / 3.6e6;
  appendFileSync(file, `${hours} ${rss / 1e6} ${(heapUsed + external) / 1e6}\n`);
}, 10_000).unref();
