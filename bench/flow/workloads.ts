import { type Batch, batch } from '../../src/core/batch.ts';
import { at, fold, type Key, normal, rootKey } from '../../src/core/rng.ts';
import { affineCouplings } from '../../src/flow/affineCouplings.ts';
import type { Bijector } from '../../src/flow/bijector.ts';
import { compiledDensity } from '../../src/flow/compiled/compiledDensity.ts';
import { compiledStepper } from '../../src/flow/compiled/compiledStepper.ts';
import type { GraphRuntime } from '../../src/flow/compiled/runtime.ts';
import { latentDraws } from '../../src/flow/latentDraws.ts';
import {
  configurationInputs,
  exampleInputs,
  flowMaps,
  trainingLoss,
} from '../../src/flow/losses.ts';
import type { Stepper } from '../../src/flow/stepper.ts';
import { dimerEnergy } from './dimerEnergy.ts';

/** One row of the benchmark. */
export interface Workload {
  readonly kind: 'example' | 'energy' | 'sample';
  readonly dim: number;
  readonly couplings: number;
  readonly hidden: readonly number[];
  readonly conditioner: 'independent' | 'shared';
  readonly batch: number;
  readonly precision: 'float32' | 'float64';
}

/** Our side of a workload. */
export interface Ours {
  readonly bijector: Bijector;
  readonly weights: readonly Float32Array[];
  /** `[batch, dim]`: the examples, or the points to be compared. */
  readonly rows: Batch;
  /** The numbers that both sides must agree on: losses of the first steps, a loss, or densities. */
  readonly values: readonly number[];
  run(): void;
  dispose(): void;
}

const key = rootKey(20260101);

export function ours(workload: Workload, runtime: GraphRuntime): Ours {
  const { dim, hidden, conditioner } = workload;
  const bijector = affineCouplings({ dim, blocks: workload.couplings / 2, hidden, conditioner });
  // A little away from the identity, so that every gradient is at work.
  const weights = bijector
    .initial(fold(key, 'weights'))
    .map((array, n) => array.map((w, i) => w + 0.02 * Math.sin(n + 1.7 * i)));
  const rows = batch(
    // float32, so that both sides start from the same bits in either precision.
    Float64Array.from(Float32Array.from(normal(fold(key, 'rows'), workload.batch * dim))),
    dim,
  );
  const side = { example: byExample, energy: byEnergy, sample }[workload.kind];
  return { bijector, weights, rows, ...side(workload, bijector, weights, rows, runtime) };
}

type Side = Pick<Ours, 'values' | 'run' | 'dispose'>;

function stepper(
  bijector: Bijector,
  weights: readonly Float32Array[],
  runtime: GraphRuntime,
): Stepper {
  return compiledStepper(
    {
      loss: trainingLoss(bijector, 1),
      maps: flowMaps(bijector),
      weights,
      shapes: bijector.parameters.map((parameter) => parameter.shape),
      adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-7, clipNorm: 1e3 },
    },
    runtime,
  );
}

function byExample(
  _: Workload,
  bijector: Bijector,
  weights: readonly Float32Array[],
  rows: Batch,
  runtime: GraphRuntime,
): Side {
  const trained = stepper(bijector, weights, runtime);
  const inputs = exampleInputs(rows, 1);
  return {
    values: Array.from({ length: 5 }, () => trained.step(inputs, 1e-3).loss),
    run: () => trained.step(inputs, 1e-3),
    dispose: trained.dispose,
  };
}

function byEnergy(
  workload: Workload,
  bijector: Bijector,
  weights: readonly Float32Array[],
  rows: Batch,
  runtime: GraphRuntime,
): Side {
  const trained = stepper(bijector, weights, runtime);
  const { dim } = workload;
  let draws: Key = fold(key, 'draws');

  /** The mean of u(x) − log |det ∂x/∂z|; with a training step on it where asked for. */
  function loss(z: Float64Array, isStep: boolean): number {
    const input = { data: Float32Array.from(z), shape: [z.length / dim, dim] };
    const [x, logDet] = trained.evaluate('forward', [input]);
    const { energy, gradient } = dimerEnergy(batch(Float64Array.from(x), dim));
    const count = energy.length;
    if (isStep) {
      const slope = gradient.map((g) => g / count);
      trained.step(configurationInputs(input, slope, 1), 1e-3);
    }
    return energy.reduce((sum, u, b) => sum + (u - logDet[b]) / count, 0);
  }

  return {
    values: [loss(rows.data, false)],
    run() {
      draws = at(draws, 1);
      loss(latentDraws(draws, workload.batch, dim, 1).data, true);
    },
    dispose: trained.dispose,
  };
}

function sample(
  workload: Workload,
  bijector: Bijector,
  weights: readonly Float32Array[],
  rows: Batch,
  runtime: GraphRuntime,
): Side {
  const density = compiledDensity(
    { bijector, weights, priorVariance: 1 },
    runtime,
    workload.precision,
  );
  let draws: Key = fold(key, 'draws');
  return {
    values: Array.from(density.logProb(rows)),
    run() {
      draws = at(draws, 1);
      density.sample(workload.batch, draws);
    },
    dispose: density.dispose,
  };
}
