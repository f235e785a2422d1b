import '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { batch } from '../../src/core/batch.ts';
import { at, fold, normal, rootKey } from '../../src/core/rng.ts';
import { eagerStepper } from '../../src/flow/eagerStepper.ts';
import { fit as startFit, type TrainingStage } from '../../src/flow/fit.ts';
import { flowDensity } from '../../src/flow/flowDensity.ts';
import { newModel } from '../../src/flow/model.ts';
import { realNVP } from '../../src/flow/realNVP.ts';
import { tiltedDoubleWell } from './tiltedDoubleWell.ts';

// Both wells of the tilted double well as molecular dynamics sees them: equally often, whatever their
// weights. The minima are at −1.7723 and 1.6888, and 12x² − 12 is the curvature there.
const seen = (() => {
  const data = normal(fold(rootKey(1), 'frames'), 2 * 2000);
  for (let b = 0; b < 2000; b++) {
    const minimum = b % 2 === 0 ? -1.7723 : 1.6888;
    data[2 * b] = minimum + data[2 * b] / Math.sqrt(12 * minimum ** 2 - 12);
  }
  return batch(data, 2);
})();

const LN_Z = 11.02047;
const DIFFERENCE = 3.3799;
const RIGHT = 1 / (1 + Math.exp(DIFFERENCE));

function stage(example: number, energy: number): TrainingStage {
  return {
    steps: 160,
    exampleBatch: example > 0 ? 64 : 0,
    energyBatch: energy > 0 ? 64 : 0,
    learningRate: { from: 0.02, to: 1e-4 },
    weights: { example, energy, reactionCoordinate: 0 },
    energyCap: { high: 100, max: 1e10 },
    temperatures: [1],
    earlyStop: undefined,
  };
}

/** What a trained flow draws: the share in the right well, KL(q‖μ), and ΔF after reweighting. */
function trained(stages: readonly TrainingStage[], start = 0) {
  const model = newModel(
    realNVP({ dim: 2, blocks: 2, hidden: [16], conditioner: 'shared' }),
    at(rootKey(1), start),
  );
  const fitting = startFit({
    model,
    data: seen,
    dataWeights: undefined,
    heldOut: batch(new Float64Array(0), 2),
    stages,
    reducedEnergy: tiltedDoubleWell,
    reactionCoordinate: undefined,
    clipNorm: 20,
    key: rootKey(1),
    createStepper: eagerStepper,
  });
  for (const { skipped } of fitting) expect(skipped).toBe(false);
  const count = 20_000;
  const { x, logProb } = flowDensity(fitting.model()).sample(count, rootKey(2));
  fitting.dispose();
  const logWeights = tiltedDoubleWell(x).energy.map((u, b) => -u - logProb[b]);
  const isRight = logWeights.map((_, b) => (x.data[2 * b] > 0 ? 1 : 0));
  const weights = logWeights.map((w) => Math.exp(w - LN_Z));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const p = weights.reduce((sum, w, b) => sum + w * isRight[b], 0) / total;
  // Delta method for a ratio of weighted means, carried over to ln(p/(1 − p)).
  const variance = weights.reduce((sum, w, b) => sum + (w * (isRight[b] - p)) ** 2, 0) / total ** 2;
  return {
    right: isRight.reduce((sum, v) => sum + v, 0) / count,
    divergence: LN_Z - logWeights.reduce((sum, w) => sum + w, 0) / count,
    difference: -Math.log(p / (1 - p)),
    error: Math.sqrt(variance) / (p * (1 - p)),
  };
}

describe('the founding observation', () => {
  it('energies alone find one well, examples alone miss the energies, both together work', () => {
    // One well of two: hardly a draw in the other, though the divergence looks excellent, since
    // leaving out the right well costs only −ln(1 − 0.0329). An untrained flow that happens to cover
    // both wells needs longer, so the statement is about most of several.
    const byEnergy = [0, 1, 2].map((start) => trained([stage(0, 1)], start));
    const collapsed = byEnergy.filter(({ right }) => right < RIGHT / 20);
    expect(collapsed.length).toBeGreaterThanOrEqual(2);
    for (const { divergence } of collapsed) expect(divergence).toBeLessThan(0.15);

    const byExample = trained([stage(1, 0)]);
    // The populations of the data, which are not those of the energy, and energies kT too high.
    expect(byExample.right).toBeGreaterThan(0.4);
    expect(byExample.divergence).toBeGreaterThan(1);

    const byBoth = trained([stage(1, 0), stage(1, 1)]);
    expect(byBoth.right).toBeGreaterThan(RIGHT);
    expect(byBoth.divergence).toBeLessThan(byExample.divergence / 2);
    expect(byBoth.error).toBeLessThan(0.2);
    expect(Math.abs(byBoth.difference - DIFFERENCE)).toBeLessThan(4 * byBoth.error);
  });
});
