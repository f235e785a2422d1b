import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { listenAt, makePrivateFolder, unixAddress } from '../../../src/io/sockets/address.ts';
import { temporaryFolders } from '../temporaryFolder.ts';

const folder = temporaryFolders();
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function listen(path: string, fallbacks = false) {
  const server = createServer((socket) => socket.destroy());
  servers.push(server);
  return listenAt(server, { kind: 'unix', path, fallbacks });
}

describe('a Unix socket', () => {
  it('is refused where another process listens, by its path', async () => {
    const path = join(folder(), 'socket');
    await listen(path);
    await expect(listen(path)).rejects.toThrow(`${path} is in use by another process`);
    expect(existsSync(path)).toBe(true);
  });

  it('gets the next free name where that may be', async () => {
    const path = join(folder(), 'socket');
    await listen(path);
    await listen(path, true);
    expect(await listen(path, true)).toMatchObject({ address: `${path}-3` });
  });

  it('of a process that was killed is taken over', async () => {
    const path = join(folder(), 'socket');
    const body = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', body]);
    expect(statSync(path).isSocket()).toBe(true);
    expect(await listen(path)).toMatchObject({ address: path });
  });

  it('does not replace a file that is none', async () => {
    const path = join(folder(), 'notes.txt');
    writeFileSync(path, 'mine');
    await expect(listen(path)).rejects.toThrow(`${path} exists and is no socket`);
    expect(statSync(path).size).toBe(4);
  });

  it('cannot have a path that the system would cut', async () => {
    const path = join(folder(), 'x'.repeat(120));
    await expect(listen(path)).rejects.toThrow('has at most 103 bytes');
  });

  it('in a folder that is not there is refused with the reason', async () => {
    await expect(listen('/nowhere/socket')).rejects.toThrow(
      'cannot listen at /nowhere/socket: listen EACCES',
    );
  });

  it('has a name for clients that put /tmp/ipi_ before it, where the path begins so', () => {
    expect(unixAddress('/tmp/ipi_some/name').name).toBe('some/name');
    expect(unixAddress('/run/some/name').name).toBe('');
  });
});

describe('a port', () => {
  it('is refused where another process listens, by its number', async () => {
    const first = createServer();
    servers.push(first);
    const place = { kind: 'tcp', host: '127.0.0.1', port: 0 } as const;
    const { port, address } = await listenAt(first, place);
    expect(address).toBe(`127.0.0.1:${port}`);
    const second = createServer();
    await expect(listenAt(second, { ...place, port })).rejects.toThrow(
      `port ${port} of 127.0.0.1 is in use by another process`,
    );
  });
});

describe('the private folder', () => {
  it('is closed to others from its beginning', () => {
    const path = join(folder(), 'private');
    makePrivateFolder(path);
    makePrivateFolder(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it('that is open to others, or somebody else’s choice of a folder, is not used', () => {
    const at = folder();
    const open = join(at, 'open');
    mkdirSync(open);
    chmodSync(open, 0o755);
    expect(() => makePrivateFolder(open)).toThrow(`chmod 700 ${open}`);
    const link = join(at, 'link');
    symlinkSync(open, link);
    expect(() => makePrivateFolder(link)).toThrow(`${link} is not a folder of this user`);
  });
});
