import { type Batch, copy, rows } from '../core/batch.ts';
import { ShapeError } from '../core/errors.ts';
import { logNormal } from '../core/gaussian.ts';
import type { ExactMap } from './bijector.ts';
import type { FlowDensity, MappedBatch } from './density.ts';
import { latentDraws } from './latentDraws.ts';
import type { FlowModel } from './model.ts';

/** Rows that go through the whole flow before the next ones, so that they stay in the cache. */
const BLOCK = 256;

/**
 * The density of a model in float64, on this processor: the oracle of all tiers, and the tier that
 * decides where none is faster. Weights are taken over when it is made; later changes do not reach it.
 *
 * Results of a row do not depend on the rows beside it, to the last bit.
 */
export function flowDensity(model: FlowModel): FlowDensity {
  const { bijector, priorVariance } = model;
  const { name, dim } = bijector;
  const exact = bijector.exact(model.weights);

  function through(input: Batch, direction: keyof ExactMap): MappedBatch {
    if (input.dim !== dim) {
      throw new ShapeError(`flow ${name} maps ${dim} coordinates, got rows of ${input.dim}`);
    }
    const value = copy(input);
    const logDet = new Float64Array(input.count);
    for (let from = 0; from < input.count; from += BLOCK) {
      const to = Math.min(from + BLOCK, input.count);
      exact[direction](rows(value, from, to).data, logDet.subarray(from, to));
    }
    return { value, logDet };
  }

  return {
    name,
    dim,
    priorVariance,
    sample(count, key) {
      const z = latentDraws(key, count, dim, priorVariance);
      const { value, logDet } = through(z, 'forward');
      const logProb = logNormal(z, priorVariance).map((prior, b) => prior - logDet[b]);
      return { z, x: value, logProb };
    },
    logProb(x) {
      const { value, logDet } = through(x, 'inverse');
      return logNormal(value, priorVariance).map((prior, b) => prior + logDet[b]);
    },
    forward: (z) => through(z, 'forward'),
    inverse: (x) => through(x, 'inverse'),
  };
}
