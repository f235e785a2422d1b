import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/io/lockFile.ts';
import { inChild, nodeArguments, root } from './inChild.ts';
import { temporaryFolders } from './temporaryFolder.ts';

/** A number that no process has. */
const nobody = 2 ** 22 + 1;

describe('lockFolder', () => {
  const folder = temporaryFolders();

  it('holds the folder until it is given back', () => {
    const path = folder();
    const release = lockFolder(path);
    expect(() => lockFolder(path)).toThrow(
      `${path} is in use by process ${process.pid} on ${hostname()} since `,
    );
    release();
    lockFolder(path)();
    expect(readdirSync(path)).toEqual([]);
  });

  it('takes over from a process that was killed', () => {
    const path = folder();
    inChild(`
      const { lockFolder } = await load('src/io/lockFile.ts');
      lockFolder(${JSON.stringify(path)});
      process.kill(process.pid, 'SIGKILL');
    `);
    expect(existsSync(join(path, 'lock'))).toBe(true);
    const release = lockFolder(path);
    expect(JSON.parse(readFileSync(join(path, 'lock'), 'utf8')).pid).toBe(process.pid);
    release();
    expect(readdirSync(path)).toEqual([]);
  });

  it.skipIf(process.platform !== 'linux')(
    'takes over where another process has the number of the one that held it',
    () => {
      const path = folder();
      lockFolder(path);
      const lock = join(path, 'lock');
      const owner = JSON.parse(readFileSync(lock, 'utf8'));
      writeFileSync(lock, JSON.stringify({ ...owner, identity: `${owner.identity}1` }));
      lockFolder(path)();
      expect(existsSync(lock)).toBe(false);
    },
  );

  it('does not take over from another machine, and says what to do', () => {
    const path = folder();
    const lock = join(path, 'lock');
    writeFileSync(lock, JSON.stringify({ pid: nobody, host: 'elsewhere', since: 'Monday' }));
    expect(() => lockFolder(path)).toThrow(
      `${path} is in use by process ${nobody} on elsewhere since Monday; ` +
        `if that process is gone, remove the file ${lock} and try again`,
    );
  });

  it('takes over from a lock that names nobody', () => {
    const path = folder();
    writeFileSync(join(path, 'lock'), '{"pid');
    lockFolder(path)();
    expect(readdirSync(path)).toEqual([]);
  });

  it('waits while another process takes over, and then finds it held', async () => {
    const path = folder();
    const [lock, guard] = [join(path, 'lock'), join(path, 'lock-takeover')];
    // The other process has the guard, and will be the owner as soon as it gives the guard up.
    lockFolder(path);
    renameSync(lock, guard);
    writeFileSync(lock, JSON.stringify({ pid: nobody, host: hostname() }));
    const child = spawn(
      process.execPath,
      nodeArguments(`
        const { lockFolder } = await load('src/io/lockFile.ts');
        console.log('ready');
        try { lockFolder(${JSON.stringify(path)}); console.log('mine'); }
        catch (error) { console.log(error.message); }
      `),
      { cwd: root },
    );
    await once(child.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, 100));
    renameSync(guard, lock);
    const [answer] = await once(child.stdout, 'data');
    expect(String(answer)).toContain(`is in use by process ${process.pid} on ${hostname()}`);
    expect(readdirSync(path)).toEqual(['lock']);
  });

  it('passes over a guard whose process died with it', () => {
    const path = folder();
    writeFileSync(join(path, 'lock'), '');
    writeFileSync(join(path, 'lock-takeover'), '');
    utimesSync(join(path, 'lock-takeover'), 0, 0);
    lockFolder(path)();
    expect(readdirSync(path)).toEqual([]);
  });

  it('is given to one process of several that find it abandoned at the same moment', async () => {
    const rounds = Array.from({ length: 40 }, () => folder());
    for (const path of rounds) {
      writeFileSync(join(path, 'lock'), JSON.stringify({ pid: nobody, host: hostname() }));
    }
    const children = Array.from({ length: 3 }, () =>
      spawn(
        process.execPath,
        nodeArguments(`
          const { lockFolder } = await load('src/io/lockFile.ts');
          const rounds = ${JSON.stringify(rounds)};
          process.stdin.on('data', (start) => {
            const mine = rounds.map((path, round) => {
              // All wait for the same instants, so that they meet.
              while (performance.timeOrigin + performance.now() < Number(start) + 5 * round);
              try { return Boolean(lockFolder(path)); } catch { return false; }
            });
            console.log(JSON.stringify(mine));
          });
          console.log('ready');
        `),
        { cwd: root },
      ),
    );
    const nextLines = (): Promise<string[]> =>
      Promise.all(children.map((child) => once(child.stdout, 'data').then(String)));
    await nextLines();
    const answers = nextLines();
    const start = performance.timeOrigin + performance.now() + 50;
    for (const child of children) child.stdin.write(String(start));
    const mine: boolean[][] = (await answers).map((line) => JSON.parse(line));
    expect(rounds.map((_, round) => mine.filter((taken) => taken[round]).length)).toEqual(
      rounds.map(() => 1),
    );
    for (const child of children) child.kill();
  });
});
