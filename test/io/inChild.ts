import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

const LOADER = `
  import { createJiti } from 'jiti';
  const load = (path) => createJiti(${JSON.stringify(`${root}child.ts`)})
    .import(${JSON.stringify(root)} + path);
`;

/** Arguments of node that run a module body with `load`. */
export function nodeArguments(body: string): string[] {
  return ['--input-type=module', '--eval', LOADER + body];
}

/**
 * Runs a module body in a Node process of its own; `await load('src/…')` gives it our sources.
 *
 * @param options.fileLimitKiB the largest file that the process may write: a full disk, for tests.
 */
export function inChild(
  body: string,
  options: {
    readonly env?: Readonly<Record<string, string | undefined>>;
    readonly fileLimitKiB?: number;
  } = {},
) {
  const node = [process.execPath, ...nodeArguments(body)];
  const limited = ['bash', '-c', `ulimit -f ${options.fileLimitKiB} && exec "$@"`, 'bash', ...node];
  const [command, ...args] = options.fileLimitKiB === undefined ? node : limited;
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, VITEST: undefined, ...options.env },
    timeout: 120_000,
  });
  return { status, stdout, stderr };
}
