import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeArguments, root } from '../../../io/inChild.ts';
import { ATOMS, STIFFNESS } from '../../../io/sockets/served.ts';
import { temporaryFolders } from '../../../io/temporaryFolder.ts';

const folder = temporaryFolders();
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process with a potential `potential` at the socket `path`, in which `body` happens. */
function processWith(path: string, body: string, start: boolean) {
  const engine = {
    atoms: ATOMS,
    stiffness: STIFFNESS,
    address: { kind: 'unix', address: path },
  };
  const child = spawn(
    process.execPath,
    nodeArguments(`
      const { socketPotential } = await load('src/io/sockets/socketPotential.ts');
      const { batch } = await load('src/core/batch.ts');
      const x = batch(new Float64Array(${6 * ATOMS}), ${3 * ATOMS});
      process.on('SIGINT', () => console.log('handled'));
      const potential = socketPotential({
        name: 'ends', atoms: ${ATOMS}, address: ${JSON.stringify(path)}, timeout: 60,
        ${start ? `start: { command: () => [process.execPath, 'test/io/sockets/fakeEngine.mjs', ${JSON.stringify(JSON.stringify(engine))}] },` : ''}
      });
      ${body}
    `),
    { cwd: root, env: { ...process.env, VITEST: undefined }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return { child, output: () => output };
}

/** Whether any process still has `text` in its arguments. */
async function isRunning(text: string): Promise<boolean> {
  const listing = spawn('ps', ['-eo', 'args']);
  let lines = '';
  listing.stdout.on('data', (chunk: Buffer) => {
    lines += chunk.toString();
  });
  await once(listing, 'close');
  return lines.split('\n').some((line) => line.includes('fakeEngine') && line.includes(text));
}

describe('the end of a process with an engine behind a socket', () => {
  const ends: readonly (readonly [string, string, number])[] = [
    ['by itself', '', 0],
    ['by process.exit', 'process.exit(7);', 7],
    ['by an error', "throw new Error('planted');", 1],
  ];
  for (const [how, body, code] of ends) {
    it(`${how} sends the engine away and removes the socket`, async () => {
      const path = join(folder(), 'socket');
      const { child, output } = processWith(
        path,
        `console.log(potential.energy(x).join()); ${body}`,
        true,
      );
      const [exitCode] = await once(child, 'close');
      expect(output()).toContain('0,0');
      expect(exitCode).toBe(code);
      expect(existsSync(path)).toBe(false);
      expect(await isRunning(path)).toBe(false);
    });
  }

  it('by Ctrl-C comes at once where it waits for a client, handlers or not', async () => {
    const path = join(folder(), 'socket');
    const { child, output } = processWith(path, 'potential.energy(x);', false);
    await expect
      .poll(() => output(), { timeout: 20_000 })
      .toContain(`ends: waiting for a client at ${path}`);
    const start = performance.now();
    child.kill('SIGINT');
    const [, signal] = await once(child, 'close');
    expect(signal).toBe('SIGINT');
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('by Ctrl-C lets the step in hand be finished, by the same engine', async () => {
    const path = join(folder(), 'socket');
    const { child, output } = processWith(
      path,
      `console.log('begun');
       for (let i = 0; i < 20; i++) {
         potential.energy(x);
         await new Promise((resolve) => setTimeout(resolve, 20));
       }
       console.log('finished');`,
      true,
    );
    await expect.poll(() => output(), { timeout: 20_000 }).toContain('client 1 connected');
    process.kill(child.pid ?? 0, 'SIGINT');
    const [exitCode] = await once(child, 'close');
    expect(exitCode).toBe(0);
    expect(output()).toMatch(/handled[\s\S]*finished/);
    expect(output()).not.toContain('starting it again');
  });
});
