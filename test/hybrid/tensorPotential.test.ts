import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { batch, fromRows, row } from '../../src/core/batch.ts';
import { ShapeError } from '../../src/core/errors.ts';
import { startChains } from '../../src/core/kernel.ts';
import { fold, normal, rootKey } from '../../src/core/rng.ts';
import { tensorPotential } from '../../src/hybrid/tensorPotential.ts';
import { mala } from '../../src/md/kernels/mala.ts';
import { doubleWell } from '../../src/md/potentials/doubleWell.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const byTensors = tensorPotential({
  name: 'double-well',
  dim: 2,
  energy(x) {
    const [x0, x1] = tf.unstack(x, 1);
    const quartic = tf.sub(tf.pow(x0, 4), tf.mul(6, tf.square(x0)));
    return tf.add(tf.add(quartic, x0), tf.mul(0.5, tf.square(x1)));
  },
});

const weights = [
  [3, 16],
  [16, 16],
  [16, 1],
].map(([rows, columns], i) => ({
  shape: [rows, columns] as [number, number],
  values: Float32Array.from(normal(fold(rootKey(5), `layer ${i}`), rows * columns)),
}));

/** A network with two hidden layers, as a neural potential is. */
const network = tensorPotential({
  name: 'network',
  dim: 3,
  energy(x) {
    const [a, b, c] = weights.map(({ shape, values }) => tf.tensor2d(values, shape));
    return tf.squeeze(tf.matMul(tf.tanh(tf.matMul(tf.tanh(tf.matMul(x, a)), b)), c), [1]);
  },
});

describe('a potential of tensors', () => {
  const x = batch(normal(rootKey(1), 40), 2);
  const three = batch(normal(rootKey(2), 21), 3);

  it('is the double well, to float32', () => {
    const [a, b] = [byTensors.energyAndGradient(x), doubleWell().energyAndGradient(x)];
    // Four float32 operations on terms of |x|⁴ and 6x² each.
    for (let i = 0; i < x.count; i++) {
      const [x0] = row(x, i);
      const size = x0 ** 4 + 6 * x0 ** 2 + 1;
      expect(Math.abs(a.energy[i] - b.energy[i])).toBeLessThan(4 * 2 ** -24 * size + 1e-6);
      expect(Math.abs(a.gradient[2 * i] - b.gradient[2 * i])).toBeLessThan(1e-5 * size);
      expect(Math.abs(a.gradient[2 * i + 1] - b.gradient[2 * i + 1])).toBeLessThan(1e-6);
    }
    expect(a.energy).toEqual(byTensors.energy(x));
  });

  it('has the gradient of its energy, as far as float32 can tell', () => {
    const { gradient } = network.energyAndGradient(three);
    const h = 2 ** -7;
    three.data.forEach((_, i) => {
      const at = (shift: number): number => {
        const moved = three.data.slice();
        moved[i] += shift;
        return network.energy(batch(moved, 3))[Math.floor(i / 3)];
      };
      const numeric = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
      expect(Math.abs(gradient[i] - numeric)).toBeLessThan(3e-3);
    });
  });

  it('gives a row the same bytes alone, in a batch, and again', () => {
    const together = network.energyAndGradient(three);
    expect(network.energyAndGradient(three)).toEqual(together);
    for (let b = 0; b < three.count; b++) {
      const alone = network.energyAndGradient(batch(row(three, b).slice(), 3));
      expect(alone.energy[0]).toBe(together.energy[b]);
      expect(alone.gradient).toEqual(row(batch(together.gradient, 3), b));
    }
  });

  it('fills the arrays it is given, leaves its argument alone, and keeps no tensor', () => {
    const before = three.data.slice();
    const tensors = tf.memory().numTensors;
    const energy = new Float64Array(7);
    expect(network.energy(three, energy)).toBe(energy);
    const out = { energy: new Float64Array(7), gradient: new Float64Array(21) };
    expect(network.energyAndGradient(three, out)).toBe(out);
    expect(out.energy).toEqual(energy);
    expect(three.data).toEqual(before);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(network.energy(batch(new Float64Array(0), 3))).toHaveLength(0);
    expect(network.energyAndGradient(batch(new Float64Array(0), 3)).gradient).toHaveLength(0);
  });

  it('drives a Metropolis-adjusted kernel like any other potential', () => {
    const kernel = mala(byTensors, { kT: 1, timestep: 0.01, attempts: 20 });
    const start = fromRows([[-1.77, 0]]);
    const { state } = kernel.step(startChains(byTensors, start), rootKey(3));
    expect(state.positions.data).not.toEqual(start.data);
    expect(byTensors.energy(state.positions)[0]).toBe(state.energy[0]);
  });

  it('refuses rows of another dimension, an energy of another shape, and no energy', () => {
    expect(() => network.energy(x)).toThrow(ShapeError);
    expect(() => network.energyAndGradient(x)).toThrow(/expected rows of 3 coordinates/);
    const tall = tensorPotential({
      name: 'tall',
      dim: 3,
      // What the compiler would refuse is the subject here.
      energy: (each) => tf.sum(each, 1, true) as unknown as tf.Tensor1D,
    });
    const message = /tall: energy of \[7, 3\] expected \[7\], got \[7, 1\]; sum over/;
    expect(() => tall.energy(three)).toThrow(message);
    expect(() => tall.energyAndGradient(three)).toThrow(message);
    const none = { name: 'none', dim: 3 } as unknown as Parameters<typeof tensorPotential>[0];
    expect(() => tensorPotential(none)).toThrow(/"energy" of none expected a function/);
  });
});
