import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { batch } from '../../../src/core/batch.ts';
import { ATOMS, configurations, DIM, harmonicAnswer, type Served, servers } from './served.ts';

const x = configurations(20);
const right = harmonicAnswer(x);
const serve = servers();

/** Waits until `count` clients can take a configuration. */
async function ready({ clients }: Served, count: number): Promise<void> {
  await expect.poll(() => clients.joined, { interval: 2, timeout: 5000 }).toBe(count);
}

/** Waits until `words` holds `text`. */
async function said(words: readonly string[], text: string): Promise<void> {
  await expect.poll(() => words.join('\n'), { interval: 2, timeout: 5000 }).toContain(text);
}

describe('clients that do what they should', () => {
  it('give each row its own energy and gradient', async () => {
    const { bring, evaluate } = await serve();
    bring();
    const { energy, gradient } = await evaluate(x);
    expect(energy).toEqual(right.energy);
    expect(gradient).toEqual(right.gradient);
  });

  it('are initialised where they ask for it', async () => {
    const { bring, evaluate } = await serve();
    bring({ fault: 'needs init' });
    expect(await evaluate(x)).toEqual(right);
  });

  it('may send their answers byte by byte', async () => {
    const { bring, evaluate } = await serve();
    bring({ fault: 'dribble' });
    const two = configurations(2);
    expect(await evaluate(two)).toEqual(harmonicAnswer(two));
  });

  it('are given the cell with its vectors as columns', async () => {
    const { bring, evaluate } = await serve();
    const told = bring();
    await evaluate(x);
    expect(told).toContain('cell 9,1,2,0,8,3,0,0,7');
  });

  it('share a batch, each row of which is served once', async () => {
    const all = await serve();
    const three = [1, 2, 3].map(() => all.bring({ delay: 2 }));
    await ready(all, 3);
    expect(await all.evaluate(x)).toEqual(right);
    all.clients.close();
    for (const told of three) await said(told, 'served');
    const served = three.map((told) => Number(told.at(-1)?.replace('served ', '')));
    expect(served.reduce((sum, rows) => sum + rows)).toBe(x.count);
    for (const rows of served) expect(rows).toBeGreaterThan(0);
  });

  it('are sent away with EXIT', async () => {
    const { clients, bring, evaluate } = await serve();
    const told = bring();
    await evaluate(x);
    clients.close();
    await said(told, 'EXIT');
  });

  it('may come while their work already waits', async () => {
    const { bring, evaluate } = await serve();
    const answer = evaluate(x);
    await pause(20);
    bring();
    expect(await answer).toEqual(right);
  });

  it('may find an energy infinite or undefined, which then is the energy of that row', async () => {
    for (const [fault, energy] of [
      ['infinite energy', Number.POSITIVE_INFINITY],
      ['nan energy', Number.NaN],
    ] as const) {
      const { bring, evaluate } = await serve();
      bring({ fault, healthy: 1 });
      const found = await evaluate(configurations(2));
      expect(found.energy[0]).toBe(right.energy[0]);
      expect(found.energy[1]).toBe(energy);
    }
  });

  it('are not asked about coordinates that are none', async () => {
    const { clients, bring, evaluate } = await serve();
    const told = bring();
    const some = batch(x.data.slice(0, 3 * DIM), DIM);
    some.data[DIM + 2] = Number.NaN;
    some.data[2 * DIM] = Number.POSITIVE_INFINITY;
    const { energy, gradient } = await evaluate(some);
    expect(Array.from(energy)).toEqual([right.energy[0], Number.NaN, Number.NaN]);
    expect(gradient.subarray(DIM).every(Number.isNaN)).toBe(true);
    clients.close();
    await said(told, 'served 1');
  });
});

describe('a client that leaves', () => {
  it('in the middle of its work has that work done by another', async () => {
    const two = await serve();
    two.bring({ fault: 'dies' });
    two.bring({ fault: 'dies' });
    two.bring();
    await ready(two, 3);
    expect(await two.evaluate(x)).toEqual(right);
    expect(two.lines.filter((line) => line.endsWith(' left'))).toHaveLength(2);
  });

  it('in the middle of a message has that work done by another', async () => {
    const two = await serve();
    two.bring({ fault: 'half a message' });
    two.bring();
    await ready(two, 2);
    expect(await two.evaluate(x)).toEqual(right);
    // 44 bytes: a header, energy and count, and 20 bytes of forces.
    expect(two.lines.join()).toContain('left 20 bytes into the 196 of FORCEREADY (its body)');
  });

  it('alone is waited for, and whoever comes next goes on', async () => {
    const { bring, evaluate, lines } = await serve();
    bring({ fault: 'dies', healthy: 3 });
    const answer = evaluate(x);
    await said(lines, 'client 1 left');
    bring();
    expect(await answer).toEqual(right);
  });

  it('for good leaves an error that says what happened and how to start another', async () => {
    const { bring, evaluate } = await serve(150);
    bring({ fault: 'dies', healthy: 3 });
    await expect(evaluate(x)).rejects.toMatchObject({
      name: 'EngineError',
      kind: 'no-client',
      message: 'test: no client came within 0.15 s to the test (before: client 1 left)',
    });
  });

  it('like two others at the same configuration ends the run with that configuration', async () => {
    const { bring, evaluate } = await serve();
    for (const healthy of [0, 0, 0]) bring({ fault: 'dies', healthy });
    const one = configurations(1);
    await expect(evaluate(one)).rejects.toMatchObject({
      kind: 'clients-died',
      message: expect.stringContaining(
        `configuration 0 of a batch of 1, (${Number(one.data[0].toPrecision(6))}, `,
      ),
    });
  });

  it('between two batches is missed by nobody', async () => {
    const { bring, evaluate, address } = await serve();
    bring();
    await evaluate(x);
    connect(address.address).destroy();
    await pause(10);
    expect(await evaluate(x)).toEqual(right);
  });
});

describe('a client that is silent', () => {
  it('during its work is dropped, and another does the work', async () => {
    const two = await serve(150);
    two.bring({ fault: 'hangs' });
    two.bring();
    await ready(two, 2);
    expect(await two.evaluate(x)).toEqual(right);
    expect(two.lines.join()).toMatch(/client \d did not answer for 0\.15 s/);
  });

  it('and the only one makes an error after the time-out, not after two', async () => {
    const { bring, evaluate } = await serve(500);
    bring({ fault: 'hangs', healthy: 1 });
    const start = performance.now();
    await expect(evaluate(x)).rejects.toMatchObject({
      kind: 'no-client',
      message: expect.stringContaining('(before: client 1 did not answer for 0.5 s)'),
    });
    expect(performance.now() - start).toBeLessThan(990);
  });

  it('from the first is told apart from one that never came', async () => {
    const { bring, evaluate } = await serve(150);
    bring({ fault: 'mute' });
    await expect(evaluate(x)).rejects.toThrow('client 1 is connected and says nothing');
  });
});

/** What is sent, the kind of error, and what its message must hold. */
const nonsense: readonly (readonly [string, string])[] = [
  ['nan force', 'hartree with the force NaN on atom 1, coordinate y'],
  ['other atoms', `has ${ATOMS + 1} atoms; this potential has ${ATOMS}`],
  ['huge count', 'has 2147483647 atoms; this potential has 5'],
  ['reversed bytes', 'has 83886080 atoms (which is 5 with its bytes reversed'],
  ['negative extras', 'announced -5 bytes of comments'],
  ['huge extras', 'announced 1073741824 bytes of comments'],
  ['skips ahead', 'sent READY where HAVEDATA was expected'],
];

describe('a client that sends nonsense', () => {
  for (const [fault, message] of nonsense) {
    it(`(${fault}) makes an error that names what came`, async () => {
      const { bring, evaluate } = await serve();
      bring({ fault });
      await expect(evaluate(x)).rejects.toMatchObject({
        name: 'EngineError',
        kind: 'bad-reply',
        message: expect.stringContaining(message),
      });
    });
  }

  it('is replaced by those that do not', async () => {
    for (const [fault, message] of nonsense) {
      const two = await serve();
      two.bring();
      two.bring({ fault });
      await ready(two, 2);
      expect(await two.evaluate(x)).toEqual(right);
      expect(two.lines.join()).toContain(message);
    }
  });

  it('before it was ever ready is refused, and the wait goes on', async () => {
    for (const [fault, text] of [
      ['web browser', 'sent "GET / HTTP/1" where the i-PI protocol has NEEDINIT, READY'],
      ['binary', 'sent the bytes c8 c9 ca cb cc cd ce cf d0 d1 d2 d3 where'],
    ]) {
      const { lines, bring, evaluate } = await serve();
      bring({ fault });
      const answer = evaluate(x);
      await said(lines, `client 1 ${text}`);
      bring();
      expect(await answer).toEqual(right);
    }
  });

  it('does not spoil the next batch with the answer to the last', async () => {
    const { bring, evaluate } = await serve();
    bring({ fault: 'nan force', healthy: 2 });
    await expect(evaluate(x)).rejects.toThrow('NaN');
    bring();
    expect(await evaluate(x)).toEqual(right);
  });
});

describe('a batch that was given up', () => {
  it('does not put its late answers into the next one', async () => {
    const all = await serve();
    all.bring({ delay: 60 });
    await ready(all, 1);
    for (let i = 0; i < 3; i++) all.bring({ fault: 'dies' });
    await ready(all, 4);
    // Row 0 goes to the slow client; row 1 ends the others.
    await expect(all.evaluate(configurations(2))).rejects.toMatchObject({ kind: 'clients-died' });
    const other = batch(x.data.slice(5 * DIM, 7 * DIM), DIM);
    expect(await all.evaluate(other)).toEqual(harmonicAnswer(other));
  });
});

describe('the wait for a first client', () => {
  it('is announced, and ends with an error', async () => {
    const { lines, evaluate } = await serve(1400);
    await expect(evaluate(x)).rejects.toMatchObject({
      kind: 'no-client',
      message: 'test: no client came within 1.4 s to the test',
    });
    expect(lines).toEqual(['waiting for a client at the test']);
  });
});
