import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '../core/batch.ts';
import { ShapeError } from '../core/errors.ts';
import { expectInteger } from '../core/expectNumber.ts';
import type { Potential, PotentialUnits } from '../core/potential.ts';
import { expectBuffers, expectRows } from '../md/rowPotential.ts';

/** A force field as operations on tensors, a neural network for example. */
export interface TensorPotentialDefinition {
  /** Identity in logs and manifests; name the model, its version and its parameters. */
  readonly name: string;
  /** D, the coordinates of one configuration: 3 × atoms for molecules. */
  readonly dim: number;
  /**
   * U, `[B]`, of configurations `[B, D]`, differentiable by tfjs. Row b of the result depends on row b
   * of the argument alone, and equal arguments give equal results: no dropout, no batch normalisation.
   */
  energy(x: tf.Tensor2D): tf.Tensor1D;
  /** Reduced by default. */
  readonly units?: PotentialUnits;
}

/**
 * A potential from an energy written with tfjs operations; its gradient is tfjs's.
 *
 *     U₃₂(x) = energy(float32(x)),   ∂U/∂x by reverse-mode differentiation, one evaluation
 *
 * Precision: tensors are float32, so this energy is a float32 number, and U₃₂, rounding included, *is* the
 * potential: proposals and current states alike are decided by it, in float64 from there on (kT, densities
 * and their ratio are float64, as for every potential). As it is a function of x alone, the chain is exact
 * for exp(−U₃₂/kT); an inexact gradient costs acceptance and nothing else. Against the same network in
 * float64 each energy is off by some 6·10⁻⁸ |U| (several times that where large terms cancel), and
 * log-probabilities by that over kT: 10⁻³ where |U| is 10⁴ kT. Subtract a constant inside `energy`, term by
 * term, where |U| is large; for a potential that is a formula, write it as one and have float64.
 *
 * That equal rows give equal bytes in any batch holds for matrix products, sums along a row and
 * elementwise operations on tfjs 4.22's `tensorflow`, `wasm` and `cpu` backends; backends differ from
 * each other in the last digits, so that a run repeats its bytes on its own backend only.
 *
 * Uses the tfjs backend that is set, and its gradients: import `@tensorflow/tfjs`.
 * @throws {ShapeError} when evaluated, where `energy` returns another shape than `[B]`, or `x` is not
 *   rows of `dim`. @throws {TypeError} without a name or an energy.
 */
export function tensorPotential(definition: TensorPotentialDefinition): Potential {
  const { name, units = { length: 'reduced', energy: 'reduced' } } = definition;
  if (typeof name !== 'string' || name === '') {
    throw new TypeError('tensorPotential: "name" expected a non-empty string');
  }
  if (typeof definition.energy !== 'function') {
    throw new TypeError(`tensorPotential: "energy" of ${name} expected a function of a tensor`);
  }
  const dim = expectInteger(`${name}: dim`, definition.dim, 1);

  function energyOf(x: tf.Tensor2D): tf.Tensor1D {
    const energy = definition.energy(x);
    const { shape } = energy;
    if (shape.length !== 1 || shape[0] !== x.shape[0]) {
      throw new ShapeError(
        `${name}: energy of [${x.shape.join(', ')}] expected [${x.shape[0]}], got ` +
          `[${shape.join(', ')}]; sum over the coordinates, or squeeze`,
      );
    }
    return energy;
  }

  const tensorOf = (x: Batch): tf.Tensor2D =>
    tf.tensor2d(Float32Array.from(x.data), [x.count, dim], 'float32');

  return {
    name,
    dim,
    units,
    evaluationsPerGradient: 1,
    energy(x, out = new Float64Array(x.count)) {
      expectRows(name, dim, x);
      expectBuffers(name, { energy: out, gradient: x.data }, x);
      if (x.count === 0) return out;
      tf.tidy(() => {
        out.set(energyOf(tensorOf(x)).dataSync());
      });
      return out;
    },
    energyAndGradient(
      x,
      out = { energy: new Float64Array(x.count), gradient: new Float64Array(x.data.length) },
    ) {
      expectRows(name, dim, x);
      expectBuffers(name, out, x);
      if (x.count === 0) return out;
      tf.tidy(() => {
        // Of all energies at once, each with weight one: rows do not mix.
        const { value, grad } = tf.valueAndGrad(energyOf)(tensorOf(x), tf.ones([x.count]));
        out.energy.set(value.dataSync());
        out.gradient.set(grad.dataSync());
      });
      return out;
    },
  };
}
