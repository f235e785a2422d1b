import { simdNetwork } from '../wasm/simdNetwork.ts';
import type { DenseLayer, ExactNetwork } from './denseLayer.ts';
import { referenceNetwork } from './referenceNetwork.ts';

/** A network in float64 by the fastest means at hand; every means gives the same bits. */
export function exactNetwork(layers: readonly [DenseLayer, ...DenseLayer[]]): ExactNetwork {
  return simdNetwork(layers) ?? referenceNetwork(layers);
}
