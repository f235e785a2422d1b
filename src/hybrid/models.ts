import type { Architecture } from '../flow/bijector.ts';
import { bijectorFrom } from '../flow/bijectorFrom.ts';
import type { FlowModel } from '../flow/model.ts';
import type { Artifact } from './artifacts.ts';

/** A model as data: its weights by parameter name, its architecture as JSON. */
export function modelArtifact(model: FlowModel): Artifact {
  const arrays: Record<string, Float32Array> = {};
  model.bijector.parameters.forEach((parameter, i) => {
    arrays[parameter.name] = model.weights[i];
  });
  return {
    arrays,
    meta: { architecture: model.bijector.architecture, priorVariance: model.priorVariance },
  };
}

export function modelFrom(artifact: Artifact): FlowModel {
  const meta = artifact.meta as { architecture: Architecture; priorVariance: number };
  const bijector = bijectorFrom(meta.architecture);
  const weights = bijector.parameters.map((parameter) => {
    const array = artifact.arrays[parameter.name];
    if (!(array instanceof Float32Array)) {
      throw new TypeError(`model: weights "${parameter.name}" are missing`);
    }
    return array;
  });
  return { bijector, weights, priorVariance: meta.priorVariance };
}

/** 64 bits that change when any weight changes (FNV-1a over the bytes, two lanes), hexadecimal. */
export function fingerprint(model: FlowModel): string {
  let a = 0x811c_9dc5;
  let b = 0x1b87_3593;
  for (const array of model.weights) {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (const byte of bytes) {
      a = Math.imul(a ^ byte, 0x0100_0193);
      b = Math.imul(b ^ (byte + 0x55), 0x0100_0193);
    }
  }
  const hex = (n: number): string => (n >>> 0).toString(16).padStart(8, '0');
  return hex(a) + hex(b);
}
