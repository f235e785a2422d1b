import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEventLog, readEvents } from '../../src/io/eventLog.ts';
import { inChild } from './inChild.ts';
import { temporaryFolders } from './temporaryFolder.ts';

describe('openEventLog', () => {
  const folder = temporaryFolders();

  it('lets a reader see each event as soon as it was appended', () => {
    const path = join(folder(), 'events.jsonl');
    const log = openEventLog(path);
    log.append({ type: 'phase', phase: 'seeding' });
    expect(readEvents(path)).toEqual({ events: [{ type: 'phase', phase: 'seeding' }], torn: 0 });
    log.append({ type: 'training', loss: Number.NaN });
    expect(readEvents(path).events[1]).toEqual({ type: 'training', loss: null });
    log.close();
    log.close();
    expect(() => log.append({})).toThrow(`${path} is closed`);
  });

  it('keeps what a killed process had appended, and goes on after its torn line', () => {
    const path = join(folder(), 'events.jsonl');
    const { status } = inChild(`
      const { openEventLog } = await load('src/io/eventLog.ts');
      const log = openEventLog(${JSON.stringify(path)});
      log.append({ step: 1 });
      log.append({ step: 2 });
      process.kill(process.pid, 'SIGKILL');
    `);
    expect(status).toBe(null);
    appendFileSync(path, '{"step": 3, "figu');
    expect(readEvents(path)).toEqual({ events: [{ step: 1 }, { step: 2 }], torn: 1 });

    const log = openEventLog(path);
    log.append({ step: 3 });
    log.close();
    expect(readEvents(path)).toEqual({
      events: [{ step: 1 }, { step: 2 }, { step: 3 }],
      torn: 1,
    });
  });

  it('never rewrites what is there', () => {
    const path = join(folder(), 'events.jsonl');
    writeFileSync(path, '{"a":1}\n');
    const log = openEventLog(path);
    log.append({ b: 2 });
    log.close();
    expect(readFileSync(path, 'utf8')).toBe('{"a":1}\n{"b":2}\n');
  });

  it('says so when there is no room or no file', () => {
    const path = join(folder(), 'events.jsonl');
    const { stdout } = inChild(
      `
      const { openEventLog } = await load('src/io/eventLog.ts');
      const log = openEventLog(${JSON.stringify(path)});
      try { for (;;) log.append({ text: 'x'.repeat(1000) }); }
      catch (error) { console.log(error.name, error.message); }
      `,
      { fileLimitKiB: 4 },
    );
    expect(stdout).toMatch(/^StorageError no space to write .*events\.jsonl/);
    expect(readEvents(path).events).toHaveLength(4);
    expect(() => readEvents(`${path}x`)).toThrow(`${path}x cannot be read (ENOENT)`);
  });
});
