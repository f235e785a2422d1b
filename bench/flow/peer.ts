import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** What a call costs, on average. */
export interface Cost {
  readonly seconds: number;
  /** Of all threads together: what remains comparable on a machine that others use as well. */
  readonly cpuSeconds: number;
}

/** PyTorch in a child process that waits while we measure ourselves. */
export interface Peer {
  readonly version: string;
  /** The numbers that both sides must agree on. */
  setup(workload: object, folder: string): Promise<number[]>;
  run(repeats: number): Promise<Cost>;
  close(): void;
}

/** Starts the peer, or says what is missing. `ERGOFLOW_BENCH_PYTHON` names a Python that has PyTorch. */
export async function startPeer(): Promise<Peer | string> {
  const python = process.env['ERGOFLOW_BENCH_PYTHON'] ?? 'python3';
  const probe = spawnSync(python, ['-c', 'import torch, numpy'], { encoding: 'utf8' });
  if (probe.status !== 0) {
    const why = probe.error?.message ?? probe.stderr.trim().split('\n').at(-1);
    return (
      `PyTorch is not there (${python}: ${why}). ` +
      'To compare: pip install torch==2.13.0 numpy in an environment of its own, and name its python in ERGOFLOW_BENCH_PYTHON.'
    );
  }
  const script = fileURLToPath(new URL('peer.py', import.meta.url));
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(python, [script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`the peer ended with ${code}`)));
  });
  ended.catch(() => undefined);

  async function answer(): Promise<Cost & { version: string; values: number[] }> {
    const { value } = await Promise.race([answers.next(), ended]);
    return JSON.parse(value);
  }

  async function ask(request: object): ReturnType<typeof answer> {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    return answer();
  }

  const { version } = await answer();
  return {
    version,
    setup: async (workload, folder) => (await ask({ do: 'setup', case: workload, folder })).values,
    run: (repeats) => ask({ do: 'run', repeats }),
    close() {
      child.removeAllListeners('exit');
      child.stdin.end();
    },
  };
}
