import '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { type Batch, batch } from '../../src/core/batch.ts';
import { linear } from '../../src/core/collectiveVariable.ts';
import { at, fold, normal, rootKey } from '../../src/core/rng.ts';
import { eagerStepper } from '../../src/flow/eagerStepper.ts';
import {
  type Fit,
  type FitSpec,
  type FitStep,
  fit as startFit,
  type TrainingStage,
} from '../../src/flow/fit.ts';
import { flowDensity } from '../../src/flow/flowDensity.ts';
import { newModel } from '../../src/flow/model.ts';
import { realNVP } from '../../src/flow/realNVP.ts';
import type { Stepper } from '../../src/flow/stepper.ts';
import { tiltedDoubleWell } from './tiltedDoubleWell.ts';

const byExample: TrainingStage = {
  steps: 10,
  exampleBatch: 16,
  energyBatch: 0,
  learningRate: 0.01,
  weights: { example: 1, energy: 0, reactionCoordinate: 0 },
  energyCap: { high: 100, max: 1e10 },
  temperatures: [1],
  earlyStop: undefined,
};
const byBoth: TrainingStage = {
  ...byExample,
  energyBatch: 16,
  weights: { example: 1, energy: { from: 0.1, to: 1 }, reactionCoordinate: 0.5 },
  temperatures: [1, 2],
};

function specOf(overrides: Partial<FitSpec> = {}): FitSpec {
  return {
    model: newModel(realNVP({ dim: 2, blocks: 1, hidden: [8], conditioner: 'shared' }), rootKey(1)),
    data: batch(normal(rootKey(2), 400), 2),
    dataWeights: undefined,
    heldOut: batch(normal(rootKey(3), 100), 2),
    stages: [byExample, byBoth],
    reducedEnergy: tiltedDoubleWell,
    reactionCoordinate: { variable: linear('x', [1, 0]), min: -2.5, max: 2.5 },
    clipNorm: 10,
    key: rootKey(4),
    createStepper: eagerStepper,
    ...overrides,
  };
}

function finish(fitting: Fit): FitStep[] {
  const steps = [...fitting];
  fitting.dispose();
  return steps;
}

describe('fit', () => {
  it('takes every step of every stage, and says what each was', () => {
    const steps = finish(startFit(specOf()));
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect(steps.map(({ stage }) => stage)).toEqual([
      ...new Array(10).fill(0),
      ...new Array(10).fill(1),
    ]);
    for (const { stage, example, energy, reactionCoordinate, skipped, gradientNorm } of steps) {
      expect([example, gradientNorm].every(Number.isFinite) && !skipped).toBe(true);
      expect([energy, reactionCoordinate].map(Number.isFinite)).toEqual([stage === 1, stage === 1]);
    }
    // A look ends every stage.
    expect(steps.flatMap(({ step, heldOut }) => (heldOut === undefined ? [] : [step]))).toEqual([
      9, 19,
    ]);
  });

  it('gives the same steps for the same key, and others for another', () => {
    const first = finish(startFit(specOf()));
    expect(finish(startFit(specOf()))).toEqual(first);
    expect(finish(startFit(specOf({ key: rootKey(5) })))).not.toEqual(first);
  });

  it('resumed from a checkpoint takes the very steps of the uninterrupted fit, across stages', () => {
    const whole = finish(startFit(specOf()));
    for (const pause of [4, 10, 13]) {
      const before = startFit(specOf());
      const steps: FitStep[] = [];
      for (const step of before) {
        steps.push(step);
        if (steps.length === pause) break;
      }
      const resume = before.checkpoint();
      before.dispose();
      const after = startFit(
        specOf({ resume: { ...resume, position: JSON.parse(JSON.stringify(resume.position)) } }),
      );
      expect([...steps, ...finish(after)]).toEqual(whole);
    }
  });

  it('goes on where a loop was left', () => {
    const fitting = startFit(specOf());
    for (const { step } of fitting) if (step === 2) break;
    const [next] = fitting;
    expect(next.step).toBe(3);
    fitting.dispose();
  });

  it('ends a stage once the held-out loss has not fallen for `patience` looks', () => {
    // No learning, so that the loss never falls after its first look, at step 2.
    const still: TrainingStage = {
      ...byExample,
      steps: 50,
      learningRate: 0,
      earlyStop: { every: 3, patience: 2 },
    };
    const steps = finish(startFit(specOf({ stages: [still, byExample] })));
    expect(steps.flatMap(({ step, stoppedEarly }) => (stoppedEarly ? [step] : []))).toEqual([8]);
    expect(steps.map(({ stage }) => stage).lastIndexOf(0)).toBe(8);
    expect(steps).toHaveLength(9 + 10);
  });

  it('compares held-out losses with the best so far, not with the last', () => {
    // Looks 1 … 6; the third is the best, the fifth falls below the fourth but not below the third.
    const losses = [5, 3, 2, 6, 4, 3];
    const scripted: FitSpec['createStepper'] = (spec): Stepper => ({
      ...eagerStepper(spec),
      evaluate: (_, [x]) => {
        const [count] = x.shape;
        const loss = (losses.shift() ?? 0) - Math.log(2 * Math.PI);
        return [new Float32Array(count).fill(loss)];
      },
    });
    const stage = { ...byExample, steps: 50, earlyStop: { every: 1, patience: 3 } };
    const steps = finish(startFit(specOf({ stages: [stage], createStepper: scripted })));
    expect(steps.map(({ heldOut }) => Math.round(heldOut ?? 0))).toEqual([5, 3, 2, 6, 4, 3]);
  });

  it('resumes a stage with early stop at the same patience', () => {
    const still: TrainingStage = {
      ...byExample,
      steps: 50,
      learningRate: 0,
      earlyStop: { every: 3, patience: 3 },
    };
    const fitting = startFit(specOf({ stages: [still] }));
    for (const { step } of fitting) if (step === 6) break;
    const resume = fitting.checkpoint();
    fitting.dispose();
    expect(finish(startFit(specOf({ stages: [still], resume }))).map(({ step }) => step)).toEqual([
      7, 8, 9, 10, 11,
    ]);
  });

  it('reports −log q of the held-out data in full, as the float64 density has it', () => {
    const fitting = startFit(specOf({ stages: [{ ...byExample, steps: 5 }] }));
    const last = [...fitting].at(-1);
    const logProb = flowDensity(fitting.model()).logProb(specOf().heldOut);
    const loss = -logProb.reduce((sum, v) => sum + v, 0) / logProb.length;
    expect(last?.heldOut).toBeCloseTo(loss, 4);
    fitting.dispose();
  });

  it('reports J_KL as the float64 density has it: ⟨u/τ − log R⟩', () => {
    const stage = { ...byBoth, steps: 1, energyBatch: 6, temperatures: [1, 4] };
    const spec = specOf({ stages: [stage], clipNorm: 1 });
    const [{ energy }] = finish(startFit(spec));
    const z = normal(fold(at(spec.key, 0), 'latent'), 12);
    for (let i = 0; i < 12; i++) z[i] = Math.fround(z[i] * (Math.floor(i / 2) % 2 === 0 ? 1 : 2));
    const { value, logDet } = flowDensity(spec.model).forward(batch(z, 2));
    const u = tiltedDoubleWell(value).energy;
    const expected = u.reduce((sum, v, b) => sum + v / (b % 2 === 0 ? 1 : 4) - logDet[b], 0) / 6;
    expect(energy).toBeCloseTo(expected, 3);
  });

  it('skips steps that are not finite, counts them, and trains on', () => {
    let call = 0;
    const sometimes = (x: Parameters<typeof tiltedDoubleWell>[0]) => {
      const result = tiltedDoubleWell(x);
      call++;
      if (call === 3 || call === 5) result.gradient[7] = Number.NaN;
      return result;
    };
    const fitting = startFit(specOf({ stages: [byBoth], reducedEnergy: sometimes }));
    const steps = [...fitting];
    expect(steps.flatMap(({ step, skipped }) => (skipped ? [step] : []))).toEqual([2, 4]);
    // The first of them says what it was: coordinate 7 is of row 3.
    const said = steps.flatMap(({ step, notFinite }) =>
      notFinite === undefined ? [] : [[step, notFinite]],
    );
    expect(said).toEqual([[2, 'J_KL + J_RC: gradient of draw 3 is NaN']]);
    expect(fitting.checkpoint().position.skipped).toBe(2);
    expect(fitting.state().steps).toBe(8);
    fitting.dispose();
  });

  it('hands the stepper what its stage says: batches, rates and weights', () => {
    const seen: {
      readonly shapes: string;
      readonly rate: number;
      readonly a: number;
      readonly c: number;
    }[] = [];
    const spy: FitSpec['createStepper'] = (spec): Stepper => {
      const stepper = eagerStepper(spec);
      return {
        ...stepper,
        step(inputs, rate) {
          const [a, c] = [inputs[1]?.data[0] ?? 0, inputs[4]?.data[0] ?? 0];
          seen.push({ shapes: inputs.map(({ shape }) => shape.join('x')).join(' '), rate, a, c });
          return stepper.step(inputs, rate);
        },
      };
    };
    const stage = {
      ...byBoth,
      steps: 3,
      learningRate: { from: 0.01, to: 0 },
      weights: { example: { from: 1, to: 0 }, energy: { from: 0, to: 4 }, reactionCoordinate: 0 },
    };
    finish(startFit(specOf({ stages: [stage], createStepper: spy })));
    expect(seen.map(({ shapes }) => shapes)).toEqual(new Array(3).fill('16x2 16 16x2 16x2 16'));
    expect(seen.map(({ rate }) => rate)).toEqual(
      [0.01, 0.005, 0].map((v) => expect.closeTo(v, 12)),
    );
    expect(seen.map(({ a }) => a)).toEqual([1 / 16, 0.5 / 16, 0]);
    expect(seen.map(({ c }) => c)).toEqual([0, 2 / 16, 4 / 16]);
  });

  it('draws other examples and other latent points in every step of every stage', () => {
    const seen = new Set<string>();
    const spy: FitSpec['createStepper'] = (spec): Stepper => {
      const stepper = eagerStepper(spec);
      return {
        ...stepper,
        step(inputs, rate) {
          for (const { data, shape } of inputs) if (shape.length === 2) seen.add(data.join());
          return stepper.step(inputs, rate);
        },
      };
    };
    finish(
      startFit(
        specOf({
          stages: [
            { ...byBoth, steps: 3 },
            { ...byBoth, steps: 3 },
          ],
          createStepper: spy,
        }),
      ),
    );
    // Examples, latent points and gradients of six steps.
    expect(seen.size).toBe(18);
  });

  it('names every setting that cannot be, all at once', () => {
    const broken: TrainingStage = {
      ...byBoth,
      steps: 0,
      exampleBatch: 1.5,
      temperatures: [],
      energyCap: { high: 5, max: 5 },
      earlyStop: { every: 0, patience: 1 },
      weights: { example: -1, energy: 1, reactionCoordinate: 1 },
    };
    const nothing: TrainingStage = { ...byExample, exampleBatch: 0 };
    const spec = specOf({
      stages: [broken, nothing],
      data: batch(Float64Array.of(1, Number.NaN, 0), 1),
      heldOut: batch(new Float64Array(0), 2),
      reducedEnergy: undefined,
      reactionCoordinate: undefined,
      clipNorm: 0,
    });
    let message = '';
    try {
      startFit(spec);
    } catch (error) {
      message = String(error);
    }
    for (const part of [
      '"data" expected 2 coordinates, got 1',
      'finite coordinates, got NaN',
      '"clipNorm" expected a positive number, got 0',
      '"stages[0].steps" expected an integer of at least 1, got 0',
      '"stages[0].exampleBatch" expected an integer of at least 0, got 1.5',
      '"stages[0].weights.example" expected weights of at least 0, got -1',
      '"stages[0].energyBatch" expected 0 without an energy, got 16',
      '"stages[0].energyCap" expected high < max, got 5,5',
      '"stages[0].temperatures" expected positive numbers',
      '"stages[0].weights.reactionCoordinate" expected 0 without a reaction coordinate, got 1',
      '"stages[0].earlyStop.every" expected an integer of at least 1, got 0',
      '"stages[0].earlyStop" expected held-out data, got none',
      '"stages[1].exampleBatch" expected a batch of either kind, got none',
    ]) {
      expect(message).toContain(part);
    }
  });

  it('goes on with its averaged weights from a checkpoint, to the same bits', () => {
    const spec = specOf({ stages: [{ ...byExample, steps: 45 }], averaging: 0.9 });
    const whole = startFit(spec);
    for (const _ of whole);
    const half = startFit(spec);
    for (const { step } of half) if (step === 23) break;
    const resumed = startFit({ ...spec, resume: structuredClone(half.checkpoint()) });
    for (const _ of resumed);
    expect(resumed.model().weights).toEqual(whole.model().weights);
    expect(resumed.model().weights).not.toEqual(whole.state().weights);
    for (const each of [whole, half, resumed]) each.dispose();
  });

  it('averages the weights of every tenth step with the decay of ten', () => {
    const decay = 0.8;
    const plain = startFit(specOf({ stages: [{ ...byExample, steps: 40 }] }));
    const kept: Float32Array[] = [];
    for (const { step } of plain) if ((step + 1) % 10 === 0) kept.push(plain.model().weights[0]);
    let expected = Array.from(kept[0]);
    for (const n of [2, 3, 4]) {
      const keep = Math.min(decay ** 10, (1 + n) / (10 + n));
      expected = expected.map((a, i) => keep * a + (1 - keep) * kept[n - 1][i]);
    }
    const averaged = startFit(specOf({ stages: [{ ...byExample, steps: 40 }], averaging: decay }));
    for (const _ of averaged);
    averaged.model().weights[0].forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 6);
    });
    for (const each of [plain, averaged]) each.dispose();
  });

  it('takes one image of each configuration, every image as often as any other', () => {
    const seen = new Map<number, number>();
    const spying: FitSpec['createStepper'] = (spec): Stepper => {
      const stepper = eagerStepper(spec);
      return {
        ...stepper,
        step(inputs, rate) {
          for (let b = 0; b < 100; b++) {
            const value = inputs[0].data[2 * b];
            seen.set(value, (seen.get(value) ?? 0) + 1);
          }
          return stepper.step(inputs, rate);
        },
      };
    };
    const images = [1, -1, 10].map((factor) => ({
      apply: (x: Batch) =>
        batch(
          x.data.map((value) => factor * value),
          2,
        ),
    }));
    const spec = specOf({
      data: batch(Float64Array.of(1, 2), 2),
      stages: [{ ...byExample, exampleBatch: 100, steps: 30 }],
      symmetries: images,
      createStepper: spying,
    });
    finish(startFit(spec));
    expect([...seen.keys()].sort((a, b) => a - b)).toEqual([-1, 1, 10]);
    // 3000 draws, a third each: 4.5 standard errors of √(3000 · 2/9).
    for (const count of seen.values()) expect(Math.abs(count - 1000)).toBeLessThan(117);
    expect(() => startFit(specOf({ symmetries: [] }))).toThrow(
      '"symmetries" expected at least one',
    );
    expect(() => startFit(specOf({ averaging: 1 }))).toThrow('"averaging" expected a decay');
  });
});
