import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GraphRuntimeError } from '../../src/flow/compiled/runtime.ts';
import { graphRuntime, type TensorflowBinding } from '../../src/io/graphRuntime.ts';
import { nativeTensorflow } from '../flow/compiled/native.ts';
import { inChild } from './inChild.ts';
import { temporaryFolders } from './temporaryFolder.ts';

const folder = temporaryFolders();

/** An addon that remembers what it was asked to load, and does nothing else. */
function fakeBinding(load: (folder: string) => number): TensorflowBinding {
  const unused = (): never => {
    throw new Error('not part of this test');
  };
  return {
    TF_Version: '1.2.3',
    TF_FLOAT: 1,
    TF_INT32: 3,
    createTensor: unused,
    deleteTensor: unused,
    tensorDataSync: unused,
    loadSavedModel: load,
    deleteSavedModel: () => undefined,
    getNumOfSavedModels: () => 0,
    getNumOfTensors: () => 0,
    runSavedModel: unused,
  };
}

const bytes = Uint8Array.of(1, 2, 3);

/** A folder as a process of this number would have left it, `seconds` ago. */
function abandon(parent: string, pid: number, seconds: number): string {
  const path = join(parent, `ergoflow-graph-${pid}-abcdef`);
  mkdirSync(path);
  writeFileSync(join(path, 'saved_model.pb'), bytes);
  const then = Date.now() / 1000 - seconds;
  utimesSync(path, then, then);
  return path;
}

/** The number of a process that has ended. */
function endedProcess(): number {
  return Number(inChild('console.log(process.pid)').stdout);
}

describe('graphRuntime', () => {
  it('shows TensorFlow a folder with the graph, and leaves nothing behind', () => {
    const parent = folder();
    let seen: string[] = [];
    const binding = fakeBinding((path) => {
      seen = readdirSync(path);
      return 7;
    });
    graphRuntime(binding, parent).load(bytes);
    expect(seen).toEqual(['saved_model.pb']);
    expect(readdirSync(parent)).toEqual([]);
  });

  it('leaves nothing behind when TensorFlow refuses the graph, and says why', () => {
    const parent = folder();
    const binding = fakeBinding(() => {
      throw new Error('no such op');
    });
    expect(() => graphRuntime(binding, parent).load(bytes)).toThrow(GraphRuntimeError);
    expect(() => graphRuntime(binding, parent).load(bytes)).toThrow(/3 bytes.*no such op/);
    expect(readdirSync(parent)).toEqual([]);
  });

  it('removes the folders of ended processes, and only those', () => {
    const parent = folder();
    const ended = endedProcess();
    const stale = abandon(parent, ended, 3600);
    const own = abandon(parent, process.pid, 3600);
    const others = join(parent, 'ergoflow-run');
    mkdirSync(others);
    graphRuntime(
      fakeBinding(() => 1),
      parent,
    );
    expect(existsSync(stale)).toBe(false);
    expect(existsSync(own)).toBe(true);
    expect(existsSync(others)).toBe(true);
  });

  it('gives a process of another container, whose number is unknown here, time to load', () => {
    const parent = folder();
    const fresh = abandon(parent, endedProcess(), 1);
    graphRuntime(
      fakeBinding(() => 1),
      parent,
    );
    expect(existsSync(fresh)).toBe(true);
  });

  it('uses a new folder for every load, named after its process', () => {
    const parent = folder();
    const seen: string[] = [];
    const runtime = graphRuntime(
      fakeBinding((path) => seen.push(basename(path))),
      parent,
    );
    runtime.load(bytes);
    runtime.load(bytes);
    expect(new Set(seen).size).toBe(2);
    for (const name of seen) expect(name).toMatch(new RegExp(`^ergoflow-graph-${process.pid}-`));
  });

  it('says where it could not write', () => {
    const missing = join(folder(), 'not', 'there');
    const runtime = graphRuntime(
      fakeBinding(() => 1),
      missing,
    );
    expect(() => runtime.load(bytes)).toThrow(GraphRuntimeError);
    expect(() => runtime.load(bytes)).toThrow(missing);
  });

  it('says so when the disk is full, and removes what it wrote', () => {
    const parent = folder();
    const { stdout } = inChild(
      `
      const { graphRuntime } = await load('src/io/graphRuntime.ts');
      const runtime = graphRuntime({ loadSavedModel: () => 1 }, ${JSON.stringify(parent)});
      try { runtime.load(new Uint8Array(1e6)); } catch (error) { console.log(error.name, error.message); }
      `,
      { fileLimitKiB: 64 },
    );
    expect(stdout).toMatch(/GraphRuntimeError.*1000000 bytes.*(EFBIG|ENOSPC)/);
    expect(readdirSync(parent)).toEqual([]);
  });
});

const native = await nativeTensorflow();

describe.skipIf(native === undefined)('graphRuntime with TensorFlow', () => {
  it('refuses bytes that are no graph, and goes on', () => {
    expect(() => native?.runtime.load(bytes)).toThrow(GraphRuntimeError);
    expect(native?.runtime.name).toMatch(/^TensorFlow \d+\.\d+/);
  });
});
