import { spawnSync } from 'node:child_process';

/**
 * Whether a command runs on this machine; where it does not, the package that holds it is said aloud,
 * as a test that is left out looks like one that passes.
 */
export function isInstalled(
  name: string,
  packageName: string,
  command: readonly string[],
): boolean {
  const [program, ...args] = command;
  const { status } = spawnSync(program, args, { stdio: 'ignore' });
  if (status === 0) return true;
  process.stderr.write(
    `\nNOT TESTED: ${name} is not installed; its tests are left out. ` +
      `On Debian or Ubuntu: apt-get install --no-install-recommends ${packageName}\n`,
  );
  return false;
}
