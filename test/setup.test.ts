import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import * as core from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { BackendError, chooseBackend, tensorflowBinding } from '../src/io/backend.ts';
import { inChild } from './io/inChild.ts';

interface WheelLibrary {
  cacheFolder(): string;
  isComplete(folder: string): boolean;
}

/** Whether this machine must run on native TensorFlow: it has the library, or could fetch it. */
async function canHaveNative(): Promise<boolean> {
  if (process.env['ERGOFLOW_NATIVE'] === 'off' || process.platform !== 'linux') return false;
  if (process.arch !== 'x64' || Number.parseInt(process.versions.node, 10) >= 23) return false;
  const script = new URL('../scripts/native/wheelLibrary.mjs', import.meta.url).href;
  const wheel: WheelLibrary = await import(script);
  if (wheel.isComplete(wheel.cacheFolder())) return true;
  const asked = spawnSync('python3', ['-m', 'pip', 'index', 'versions', 'tensorflow-cpu'], {
    timeout: 60_000,
  });
  return asked.status === 0;
}

const native = await chooseBackend('tensorflow').catch((error: unknown) => error);
const isNative = !(native instanceof BackendError);
const mustBeNative = isNative || (await canHaveNative());
if (!mustBeNative) {
  process.stderr.write('SKIPPED: native TensorFlow is not to be had here, so nothing ran on it\n');
}

/** Asks for a backend in a process of its own, uses it, and tells everything that was printed. */
function report(env: Record<string, string | undefined>, before = '') {
  const { status, stdout, stderr } = inChild(
    `
    ${before}
    import { createRequire } from 'node:module';
    const { chooseBackend } = await load('src/io/backend.ts');
    const backend = await chooseBackend();
    const tf = createRequire(import.meta.url)('@tensorflow/tfjs-core');
    const slope = tf.grad((x) => tf.mean(tf.square(x)))(tf.tensor1d([1, 2])).arraySync();
    console.log(JSON.stringify({ ...backend, active: tf.getBackend(), slope }));
    `,
    {
      env: {
        ERGOFLOW_BACKEND: undefined,
        TF_CPP_MIN_LOG_LEVEL: undefined,
        TF_NUM_INTRAOP_THREADS: undefined,
        ...env,
      },
    },
  );
  return { status, stderr, found: status === 0 ? JSON.parse(stdout) : undefined };
}

describe('the tensor backend', () => {
  it.skipIf(!mustBeNative)('is native TensorFlow wherever that can be had', async () => {
    expect(native, 'run: node scripts/native-tensorflow.mjs').not.toBeInstanceOf(BackendError);
    const chosen = await chooseBackend();
    expect(chosen.name).toBe('tensorflow');
    expect(chosen.library).toBe(tensorflowBinding()?.TF_Version);
    expect(chosen.library).toMatch(/^2\.\d+\.\d+/);
    expect(chosen.faster).toBe(undefined);
    // The class of tfjs-node whose operations call the library.
    expect(core.backend().constructor.name).toBe('NodeJSKernelBackend');
    expect(core.square(core.scalar(3)).dataSync()[0]).toBe(9);
  });

  it('is the same for everything that imports any part of tfjs', () => {
    const require = createRequire(import.meta.url);
    expect(require('@tensorflow/tfjs').engine()).toBe(core.engine());
    expect(require('@tensorflow/tfjs-core').engine()).toBe(core.engine());
  });

  it.skipIf(!mustBeNative)('starts TensorFlow without a word, on two threads', () => {
    const { status, stderr, found } = report({});
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(found).toMatchObject({ name: 'tensorflow', active: 'tensorflow', threads: 2 });
    expect(found.slope).toEqual([1, 2]);
  });

  it.each(['wasm', 'cpu'])(
    'is %s where that is asked for, with gradients and in silence',
    (name) => {
      const { status, stderr, found } = report({ ERGOFLOW_BACKEND: name });
      expect(stderr).toBe('');
      expect(status).toBe(0);
      expect(found).toMatchObject({ name, active: name, threads: 1, slope: [1, 2] });
      expect(found.library).toMatch(/^4\.\d+\.\d+$/);
      expect(found.reason).toBe(`ERGOFLOW_BACKEND is "${name}"`);
      expect(found.faster).toContain('ergoflow doctor --install-native');
    },
  );

  // As tfjs-node sees a machine where its addon was not built.
  const noAddon = `
    import fs from 'node:fs';
    const exists = fs.existsSync;
    fs.existsSync = (path) => !String(path).endsWith('tfjs_binding.node') && exists(path);
  `;

  it('is wasm where the addon does not load, and says so', () => {
    const { stderr, found } = report({}, noAddon);
    expect(stderr).toBe('');
    expect(found).toMatchObject({ name: 'wasm', active: 'wasm', slope: [1, 2] });
    expect(found.reason).toMatch(/^the native TensorFlow addon does not load \(/);
  });

  it('is never another one than the one asked for', () => {
    const { status, stderr } = report({ ERGOFLOW_BACKEND: 'tensorflow' }, noAddon);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /ERGOFLOW_BACKEND is "tensorflow", but the native TensorFlow addon does not load .*doctor --install-native/,
    );
    expect(report({ ERGOFLOW_BACKEND: 'gpu' }).stderr).toContain(
      '"ERGOFLOW_BACKEND" expected one of tensorflow, wasm, cpu, got "gpu"',
    );
  });

  it.skipIf(!mustBeNative)('has as many threads as TensorFlow was told', () => {
    expect(report({ TF_NUM_INTRAOP_THREADS: '1' }).found).toMatchObject({ threads: 1 });
    expect(report({ TF_NUM_INTRAOP_THREADS: 'many' }).stderr).toContain(
      '"TF_NUM_INTRAOP_THREADS" expected a positive integer, got "many"',
    );
  });
});
