import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/io/lockFile.ts';
import { inChild, nodeArguments, root } from './inChild.ts';
import { temporaryFolders } from './temporaryFolder.ts';

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
    writeFileSync(lock, JSON.stringify({ pid: 1, host: 'elsewhere', since: 'Monday' }));
    expect(() => lockFolder(path)).toThrow(
      `${path} is in use by process 1 on elsewhere since Monday; ` +
        `if that process is gone, remove the file ${lock} and try again`,
    );
  });

  it('takes over from a lock that names nobody', () => {
    const path = folder();
    writeFileSync(join(path, 'lock'), '{"pid');
    lockFolder(path)();
    expect(readdirSync(path)).toEqual([]);
  });

  it('is given to one process of several that find it abandoned at the same moment', async () => {
    const path = folder();
    writeFileSync(join(path, 'lock'), JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }));
    const children = Array.from({ length: 3 }, () =>
      spawn(
        process.execPath,
        nodeArguments(`
          const { lockFolder } = await load('src/io/lockFile.ts');
          process.stdin.once('data', () => {
            try { lockFolder(${JSON.stringify(path)}); console.log('mine'); }
            catch (error) { console.log(error.name); }
          });
          console.log('ready');
        `),
        { cwd: root },
      ),
    );
    const nextLines = (): Promise<string[]> =>
      Promise.all(
        children.map((child) => once(child.stdout, 'data').then(([text]) => String(text).trim())),
      );
    expect(await nextLines()).toEqual(['ready', 'ready', 'ready']);
    const answers = nextLines();
    for (const child of children) child.stdin.write('go');
    expect((await answers).sort()).toEqual(['RunDirectoryError', 'RunDirectoryError', 'mine']);
    for (const child of children) child.kill();
  });
});
