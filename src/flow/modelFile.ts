import type { Bijector } from './bijector.ts';
import { bijectorFrom } from './bijectorFrom.ts';
import { ModelFileError } from './errors.ts';
import type { FlowModel } from './model.ts';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from './safetensors.ts';

const FORMAT = 'ergoflow.flow/1';

/** A model as a safetensors file: its weights by name, architecture and prior variance as metadata. */
export function modelToBytes(model: FlowModel): Uint8Array {
  const { bijector, weights, priorVariance } = model;
  return encodeSafetensors({
    tensors: bijector.parameters.map(({ name, shape }, i) => ({ name, shape, data: weights[i] })),
    metadata: {
      format: FORMAT,
      architecture: JSON.stringify(bijector.architecture),
      // The shortest text that reads back as the same double.
      priorVariance: String(priorVariance),
    },
  });
}

/**
 * The model in a file by `modelToBytes`; weights come back bit for bit.
 *
 * @param expected the bijector that the caller has in mind; any other is an error that names both.
 * @throws {ModelFileError} for bytes that are no such file, and {ArchitectureError} for a flow that
 * this version does not know.
 */
export function modelFromBytes(bytes: Uint8Array, expected?: Bijector): FlowModel {
  const { tensors, metadata } = decodeSafetensors(bytes);
  if (metadata['format'] !== FORMAT) {
    throw new ModelFileError(
      `model: expected format ${FORMAT}, got ${metadata['format'] ?? 'none'}`,
    );
  }
  const priorVariance = Number(metadata['priorVariance'] ?? Number.NaN);
  if (!(priorVariance > 0 && priorVariance < Infinity)) {
    throw new ModelFileError(
      `model: expected a positive prior variance, got ${metadata['priorVariance'] ?? 'none'}`,
    );
  }
  const bijector = bijectorFrom(architectureIn(metadata['architecture']));
  if (expected !== undefined && !sameArchitecture(bijector, expected)) {
    throw new ModelFileError(
      `model: the file holds ${bijector.name}, ${expected.name} was expected` +
        (bijector.name === expected.name ? '; they differ in their settings' : ''),
    );
  }
  return { bijector, weights: weightsIn(tensors, bijector), priorVariance };
}

function architectureIn(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch (cause) {
    throw new ModelFileError('model: the architecture is not JSON', { cause });
  }
}

function sameArchitecture(a: Bijector, b: Bijector): boolean {
  return JSON.stringify(a.architecture) === JSON.stringify(b.architecture);
}

function weightsIn(tensors: readonly NamedTensor[], bijector: Bijector): Float32Array[] {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const weights = bijector.parameters.map(({ name, shape }) => {
    const found = byName.get(name);
    byName.delete(name);
    if (found === undefined) {
      throw new ModelFileError(`model: ${bijector.name} expected weights "${name}", got none`);
    }
    if (!(found.data instanceof Float32Array) || `${found.shape}` !== `${shape}`) {
      const type = found.data instanceof Float32Array ? 'F32' : 'F64';
      throw new ModelFileError(
        `model: weights "${name}" of ${bijector.name} expected F32 [${shape}], got ${type} [${found.shape}]`,
      );
    }
    return found.data;
  });
  const [extra] = byName.keys();
  if (extra !== undefined) {
    throw new ModelFileError(`model: ${bijector.name} has no weights "${extra}", the file does`);
  }
  return weights;
}
