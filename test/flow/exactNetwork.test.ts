import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fold, normal, rootKey } from '../../src/core/rng.ts';
import type { Activation, DenseLayer } from '../../src/flow/exact/denseLayer.ts';
import { referenceNetwork } from '../../src/flow/exact/referenceNetwork.ts';
import { tanh } from '../../src/flow/exact/tanh.ts';
import { networkMemory } from '../../src/flow/wasm/networkMemory.ts';
import { simdNetwork } from '../../src/flow/wasm/simdNetwork.ts';

type Layers = [DenseLayer, ...DenseLayer[]];

function layersOf(widths: readonly number[], activation: Activation, seed = 0): Layers {
  const key = rootKey(seed);
  const [first, ...others] = widths.slice(1).map(
    (outputs, l): DenseLayer => ({
      inputs: widths[l],
      outputs,
      kernel: Float32Array.from(
        normal(fold(key, `kernel ${l}`), widths[l] * outputs),
        (v) => v / Math.sqrt(widths[l]),
      ),
      bias: Float32Array.from(normal(fold(key, `bias ${l}`), outputs)),
      activation: l === widths.length - 2 ? 'linear' : activation,
    }),
  );
  return [first, ...others];
}

function simd(layers: Layers) {
  const network = simdNetwork(layers);
  if (network === undefined) throw new Error('this machine has no WebAssembly SIMD');
  return network;
}

const shapes = fc.record({
  widths: fc.array(fc.integer({ min: 1, max: 21 }), { minLength: 2, maxLength: 4 }),
  activation: fc.constantFrom('linear' as const, 'relu' as const, 'tanh' as const),
  count: fc.integer({ min: 1, max: 75 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
});

describe('the SIMD network', () => {
  it('gives the bits of the TypeScript network, for any widths and numbers of rows', () => {
    fc.assert(
      fc.property(shapes, ({ widths, activation, count, seed }) => {
        const layers = layersOf(widths, activation, seed);
        const input = normal(fold(rootKey(seed), 'rows'), count * widths[0]).map((v) => 3 * v);
        const size = count * widths[widths.length - 1];
        const [fast, plain] = [new Float64Array(size), new Float64Array(size)];
        simd(layers)(input, count, fast);
        referenceNetwork(layers)(input, count, plain);
        expect(fast).toEqual(plain);
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it('computes act(x W + b): a layer by hand', () => {
    const layer = (activation: Activation): Layers => [
      {
        inputs: 2,
        outputs: 3,
        kernel: Float32Array.of(1, 2, 3, -4, 5, -6),
        bias: Float32Array.of(0.5, -0.25, 0),
        activation,
      },
    ];
    const [x0, x1] = [0.75, -1.5];
    const sums = [0.5 + x0 - 4 * x1, -0.25 + 2 * x0 + 5 * x1, 3 * x0 - 6 * x1];
    const run = (activation: Activation): number[] => {
      const out = new Float64Array(3);
      simd(layer(activation))(Float64Array.of(x0, x1), 1, out);
      return Array.from(out);
    };
    expect(run('linear')).toEqual(sums);
    expect(run('relu')).toEqual(sums.map((v) => Math.max(v, 0)));
    run('tanh').forEach((value, j) => {
      expect(value).toBeCloseTo(Math.tanh(sums[j]), 15);
    });
  });

  it('keeps what is not a number to the row where it is', () => {
    const layers = layersOf([3, 9, 2], 'relu');
    const clean = normal(rootKey(2), 7 * 3);
    const dirty = clean.slice();
    dirty[4] = Number.NaN;
    dirty[12] = Infinity;
    const [a, b] = [new Float64Array(14), new Float64Array(14)];
    simd(layers)(clean, 7, a);
    simd(layers)(dirty, 7, b);
    for (const row of [0, 2, 3, 5, 6]) {
      expect(b.slice(2 * row, 2 * row + 2)).toEqual(a.slice(2 * row, 2 * row + 2));
    }
    expect(b[2]).toBeNaN();
  });

  it('survives other networks that use the same memory, wider ones too', () => {
    const first = layersOf([2, 10, 2], 'tanh', 1);
    const wide = layersOf([2, 300, 300, 2], 'tanh', 2);
    const input = normal(rootKey(3), 20);
    const network = simd(first);
    const [before, between, after] = [0, 0, 0].map(() => new Float64Array(20));
    network(input, 10, before);
    simd(wide)(input, 10, between);
    network(input, 10, after);
    expect(after).toEqual(before);
  });

  it('is what its source compiles to', () => {
    const script = fileURLToPath(new URL('../../scripts/build-wasm.mjs', import.meta.url));
    expect(execFileSync(process.execPath, [script, '--check'], { encoding: 'utf8' })).toBe('');
  });
});

describe('networkMemory', () => {
  function fakeModule() {
    const memory = {
      buffer: new ArrayBuffer(65_536),
      grow(pages: number): number {
        const larger = new ArrayBuffer(memory.buffer.byteLength + pages * 65_536);
        new Uint8Array(larger).set(new Uint8Array(memory.buffer));
        memory.buffer = larger;
        return 0;
      },
    };
    return { memory, linear() {}, relu() {}, tanh() {} };
  }

  it('brings weights back after it has forgotten them to make room', () => {
    const memory = networkMemory(fakeModule(), 100_000);
    const images = [1, 2, 3].map((value) => ({
      data: new Float64Array(5_000).fill(value),
      widest: 8,
      address: 0,
      generation: -1,
    }));
    // Three times 40 kB do not fit into 100 kB together.
    for (const image of [...images, ...images.toReversed()]) {
      const at = memory.place(image) / 8;
      expect(memory.doubles().subarray(at, at + 5_000)).toEqual(image.data);
      expect(at * 8).toBeGreaterThanOrEqual(memory.scratch[1] + 8 * 32 * 8);
    }
  });

  it('does not copy weights that are still there', () => {
    const memory = networkMemory(fakeModule(), 100_000);
    const image = { data: new Float64Array(8).fill(1), widest: 4, address: 0, generation: -1 };
    const at = memory.place(image);
    memory.doubles()[at / 8] = 7;
    expect(memory.place(image)).toBe(at);
    expect(memory.doubles()[at / 8]).toBe(7);
  });
});

describe('without WebAssembly', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  it('networks give the same bits in plain TypeScript', async () => {
    const layers = layersOf([3, 17, 5], 'tanh');
    const input = normal(rootKey(4), 33);
    const [fast, plain] = [new Float64Array(55), new Float64Array(55)];
    simd(layers)(input, 11, fast);
    vi.resetModules();
    vi.stubGlobal('WebAssembly', undefined);
    const bare = await import('../../src/flow/exact/exactNetwork.ts');
    const simdAgain = await import('../../src/flow/wasm/simdNetwork.ts');
    expect(simdAgain.simdNetwork(layers)).toBeUndefined();
    bare.exactNetwork(layers)(input, 11, plain);
    expect(plain).toEqual(fast);
  });
});

describe('tanh', () => {
  it('is within 2 ulp of Math.tanh everywhere', () => {
    const bits = new BigInt64Array(1);
    const value = new Float64Array(bits.buffer);
    const bitsOf = (x: number): bigint => {
      value[0] = x;
      return bits[0];
    };
    let worst = 0n;
    const compare = (x: number): void => {
      const distance = bitsOf(tanh(x)) - bitsOf(Math.tanh(x));
      const size = distance < 0n ? -distance : distance;
      if (size > worst) worst = size;
    };
    for (let i = 0; i < 60_000; i++) {
      compare((i * 22) / 60_000);
      compare(-(10 ** (-8 + (i * 9) / 60_000)));
    }
    expect(worst).toBeLessThanOrEqual(2n);
  });

  it('keeps signs, zeros and what is not a number', () => {
    expect([0, -0, Infinity, -Infinity, 1e-320, Number.NaN].map(tanh)).toEqual([
      0,
      -0,
      1,
      -1,
      1e-320,
      Number.NaN,
    ]);
  });
});
