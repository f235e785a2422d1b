import { describe, expect, it } from 'vitest';
import { logPartition } from '../../src/analysis/logPartition.ts';
import { select } from '../../src/core/batch.ts';
import { fold, rootKey } from '../../src/core/rng.ts';
import type { FlowDensity } from '../../src/flow/density.ts';
import { drawWeights } from '../../src/hybrid/drawWeights.ts';
import {
  medianLogWeight,
  modeCollapse,
  type StateCoverage,
} from '../../src/hybrid/modeCollapse.ts';
import { quarticTarget } from '../contracts/exactTarget.ts';
import { affineFlow } from './analyticFlow.ts';

const { potential, kT, sample } = quarticTarget();
const key = fold(rootKey(5), 'mode collapse');

/** Coverage of the two wells by exact frames of the target. */
async function coverageOf(flow: FlowDensity): Promise<StateCoverage[]> {
  const { logWeights } = await drawWeights({
    flow,
    potential,
    kT,
    count: 5000,
    key: fold(key, 'draws'),
    pace: () => Promise.resolve(),
    onBlock() {},
  });
  const logZ = logPartition(logWeights)?.value ?? -Infinity;
  const frames = sample(2000, fold(key, 'frames'));
  return ['left', 'right'].map((state, s) => {
    const own = Array.from(frames.data.keys()).filter((i) => (frames.data[i] < 0 ? 0 : 1) === s);
    const x = select(frames, own);
    const logProb = flow.logProb(x);
    const logWeightsThere = potential.energy(x).map((u, i) => -u / kT - logProb[i]);
    return { state, logWeight: medianLogWeight(logWeightsThere, logZ) };
  });
}

describe('the mode-collapse alarm', () => {
  it('names the well that a flow has lost, and what is left of it', async () => {
    const coverage = await coverageOf(affineFlow(0.95, 0.3));
    expect(coverage[1].logWeight).toBeLessThan(Math.log(2));
    const alarm = modeCollapse(coverage);
    expect(alarm).toMatch(/^mode collapse: .* "left" \d\.\de-\d+; give training by example/);
    expect(alarm).not.toContain('"right"');
  });

  it('is silent for a flow that is wide enough, although it favours one well fourfold', async () => {
    const coverage = await coverageOf(affineFlow(0.5, 1.2));
    expect(coverage[0].logWeight - coverage[1].logWeight).toBeGreaterThan(Math.log(3));
    expect(modeCollapse(coverage)).toBeUndefined();
  });

  it('says so where a flow covers nothing, or has no weights at all', () => {
    const nowhere = [
      { state: 'left', logWeight: 8 },
      { state: 'right', logWeight: Number.POSITIVE_INFINITY },
    ];
    expect(modeCollapse(nowhere)).toMatch(
      /covers no known state: .*"left" 0\.00034, "right" 0\.0;/,
    );
    expect(modeCollapse([{ state: 'left', logWeight: Number.NaN }])).toContain('no known state');
  });

  it('takes the middle weight, which a few frames in thin tails do not move', () => {
    expect(medianLogWeight(Float64Array.of(0.1, 90, -0.3, 0.2, Infinity), 0.2)).toBeCloseTo(0, 12);
    expect(medianLogWeight(Float64Array.of(1, 3), 1)).toBeCloseTo(1, 12);
  });
});
