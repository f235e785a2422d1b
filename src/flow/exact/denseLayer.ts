/** One layer of a network: act(x·W + b), with weights as they are trained, in float32. */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** W, `[inputs, outputs]`. */
  readonly kernel: Float32Array;
  /** b, `[outputs]`. */
  readonly bias: Float32Array;
  readonly activation: Activation;
}

export type Activation = 'linear' | 'relu' | 'tanh';

/**
 * A network in float64: reads `count` rows of `input`, `[count, inputs]`, and writes as many rows of
 * `output`, `[count, outputs]`.
 *
 * Row b of the output depends on row b of the input alone, to the last bit: neither its place nor its
 * company matters, so that chains may be shared out over workers in any way.
 */
export type ExactNetwork = (input: Float64Array, count: number, output: Float64Array) => void;
