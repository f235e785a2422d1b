import { describe, expect, it } from 'vitest';
import { batch } from '../../src/core/batch.ts';
import { normal, rootKey } from '../../src/core/rng.ts';
import { chain } from '../../src/flow/chain.ts';
import { ArchitectureError, ModelFileError } from '../../src/flow/errors.ts';
import { flowDensity } from '../../src/flow/flowDensity.ts';
import { modelFromBytes, modelToBytes } from '../../src/flow/modelFile.ts';
import { nicer } from '../../src/flow/nicer.ts';
import { realNVP } from '../../src/flow/realNVP.ts';
import {
  decodeSafetensors,
  encodeSafetensors,
  type TensorFile,
} from '../../src/flow/safetensors.ts';
import { whiten } from '../../src/flow/whiten.ts';
import { scatteredWeights } from '../contracts/bijector.ts';

const data = batch(normal(rootKey(1), 300), 3);
const bijector = chain([realNVP({ dim: 3, blocks: 1, hidden: [8] }), whiten(data)]);
const model = {
  bijector,
  weights: scatteredWeights(bijector, rootKey(2)),
  priorVariance: 0.1 + 0.2,
};

/** The model's file with something changed. */
function altered(change: (file: TensorFile) => TensorFile): Uint8Array {
  return encodeSafetensors(change(decodeSafetensors(modelToBytes(model))));
}

describe('a model file', () => {
  it('gives back the same density, bit for bit', () => {
    const back = modelFromBytes(modelToBytes(model), bijector);
    expect(back.weights).toEqual(model.weights);
    expect(back.priorVariance).toBe(0.1 + 0.2);
    expect(back.bijector.architecture).toEqual(bijector.architecture);
    expect(flowDensity(back).logProb(data)).toEqual(flowDensity(model).logProb(data));
  });

  it('is the same bytes for the same model', () => {
    expect(modelToBytes(modelFromBytes(modelToBytes(model)))).toEqual(modelToBytes(model));
  });

  it('of another architecture is refused, and both are named', () => {
    const expected = nicer({ dim: 3, blocks: 2, hidden: [8] });
    expect(() => modelFromBytes(modelToBytes(model), expected)).toThrow(
      `the file holds ${bijector.name}, ${expected.name} was expected`,
    );
    const otherWhitening = chain([
      realNVP({ dim: 3, blocks: 1, hidden: [8] }),
      whiten(batch(normal(rootKey(3), 300), 3)),
    ]);
    expect(() => modelFromBytes(modelToBytes(model), otherWhitening)).toThrow(
      'differ in their settings',
    );
  });

  it.each([
    [
      'no model at all',
      (file: TensorFile) => ({ ...file, metadata: {} }),
      'expected format ergoflow.flow/1, got none',
    ],
    [
      'no architecture',
      ({ tensors, metadata: { architecture: _, ...metadata } }: TensorFile) => ({
        tensors,
        metadata,
      }),
      'the architecture is not JSON',
    ],
    [
      'a prior variance of zero',
      (file: TensorFile) => ({ ...file, metadata: { ...file.metadata, priorVariance: '0' } }),
      'expected a positive prior variance, got 0',
    ],
    [
      'weights left out',
      (file: TensorFile) => ({ ...file, tensors: file.tensors.slice(1) }),
      'expected weights "0.0.scale.0.kernel", got none',
    ],
    [
      'weights of another shape',
      (file: TensorFile) => ({
        ...file,
        tensors: file.tensors.map((t, i) =>
          i === 0 ? { ...t, shape: [...t.shape].reverse() } : t,
        ),
      }),
      'weights "0.0.scale.0.kernel" of chain(',
    ],
    [
      'weights of another type',
      (file: TensorFile) => ({
        ...file,
        tensors: file.tensors.map((t, i) =>
          i === 0 ? { ...t, data: Float64Array.from(t.data) } : t,
        ),
      }),
      'expected F32 [1,8], got F64 [1,8]',
    ],
    [
      'more weights than the architecture has',
      (file: TensorFile) => ({
        ...file,
        tensors: [...file.tensors, { name: 'more', shape: [1], data: Float32Array.of(1) }],
      }),
      'has no weights "more", the file does',
    ],
  ])('with %s is refused', (_, change, message) => {
    expect(() => modelFromBytes(altered(change))).toThrow(ModelFileError);
    expect(() => modelFromBytes(altered(change))).toThrow(message);
  });

  it('of a flow that this version does not know says which it knows', () => {
    const bytes = altered((file) => ({
      ...file,
      metadata: { ...file.metadata, architecture: '{"kind":"spline"}' },
    }));
    expect(() => modelFromBytes(bytes)).toThrow(ArchitectureError);
    expect(() => modelFromBytes(bytes)).toThrow('unknown kind "spline"; known: affine-couplings');
  });
});
