import '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { batch } from '../../src/core/batch.ts';
import { linear } from '../../src/core/collectiveVariable.ts';
import { at, fold, normal, rootKey, uniform } from '../../src/core/rng.ts';
import { eagerStepper } from '../../src/flow/eagerStepper.ts';
import {
  type Fit,
  type FitSpec,
  type FitStep,
  fit as startFit,
  type TrainingStage,
} from '../../src/flow/fit.ts';
import { flowDensity } from '../../src/flow/flowDensity.ts';
import { minibatch } from '../../src/flow/minibatch.ts';
import { newModel } from '../../src/flow/model.ts';
import { realNVP } from '../../src/flow/realNVP.ts';
import { cosineAt, linearAt } from '../../src/flow/schedule.ts';
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
        return [new Float32Array(2 * count), new Float32Array(count).fill(-loss)];
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
      if (call === 3 || call === 5) result.gradient[0] = Number.NaN;
      return result;
    };
    const fitting = startFit(specOf({ stages: [byBoth], reducedEnergy: sometimes }));
    const steps = [...fitting];
    expect(steps.flatMap(({ step, skipped }) => (skipped ? [step] : []))).toEqual([2, 4]);
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
});

describe('minibatch', () => {
  const data = batch(
    Float64Array.from({ length: 5 }, (_, i) => i),
    1,
  );

  it('draws configurations as often as their weights say', () => {
    const draws = minibatch(data, Float64Array.of(1, 0, 4, 2, 1))(40_000, rootKey(1)).data;
    [1 / 8, 0, 4 / 8, 2 / 8, 1 / 8].forEach((p, i) => {
      const found = draws.filter((v) => v === i).length / 40_000;
      expect(Math.abs(found - p)).toBeLessThanOrEqual(4 * Math.sqrt((p * (1 - p)) / 40_000));
    });
  });

  it('draws all alike without weights, and other rows for another key', () => {
    const draw = minibatch(data, undefined);
    const draws = draw(40_000, rootKey(1)).data;
    for (let i = 0; i < 5; i++) {
      const found = draws.filter((v) => v === i).length / 40_000;
      expect(Math.abs(found - 0.2)).toBeLessThan(4 * Math.sqrt(0.16 / 40_000));
    }
    expect(draw(50, rootKey(2)).data).not.toEqual(draw(50, rootKey(3)).data);
  });

  it.each([
    [Float64Array.of(1, 2), 'one for each of 5 configurations, got 2'],
    [Float64Array.of(1, 2, -1, 1, 1), '"dataWeights[2]" expected a number of at least 0, got -1'],
    [Float64Array.of(1, 2, Number.NaN, 1, 1), '"dataWeights[2]"'],
    [new Float64Array(5), 'expected a positive sum'],
  ])('refuses weights %s', (weights, message) => {
    expect(() => minibatch(data, weights)).toThrow(message);
  });
});

describe('schedules', () => {
  it('start and end at their ends, in a line or in half a cosine', () => {
    const schedule = { from: 2, to: 1 };
    const all = (of: typeof linearAt): number[] => [0, 1, 2, 3, 4].map((n) => of(schedule, n, 5));
    expect(all(linearAt)).toEqual([2, 1.75, 1.5, 1.25, 1]);
    expect(all(cosineAt)).toEqual(
      [0, 1, 2, 3, 4].map((n) => expect.closeTo(1.5 + 0.5 * Math.cos((Math.PI * n) / 4), 14)),
    );
    expect([linearAt(3, 1, 5), cosineAt(3, 1, 5)]).toEqual([3, 3]);
    expect([linearAt(schedule, 0, 1), cosineAt(schedule, 0, 1)]).toEqual([2, 2]);
  });
});

describe('training by example', () => {
  it('reaches the entropy of a Gaussian mixture to 0.03 nats', () => {
    const [centre, width] = [1.1, 0.7];
    const draw = (seed: number, count: number) => {
      const data = normal(fold(rootKey(seed), 'noise'), 2 * count);
      const side = uniform(fold(rootKey(seed), 'side'), count);
      for (let b = 0; b < count; b++) {
        data[2 * b] = width * data[2 * b] + (side[b] < 0.5 ? centre : -centre);
      }
      return batch(data, 2);
    };
    const logP = (x: number, y: number): number => {
      const bell = (m: number): number => Math.exp(-((x - m) ** 2) / (2 * width ** 2));
      const mixture = (bell(centre) + bell(-centre)) / (2 * width * Math.sqrt(2 * Math.PI));
      return Math.log(mixture) - 0.5 * y ** 2 - 0.5 * Math.log(2 * Math.PI);
    };
    const fitting = startFit(
      specOf({
        model: newModel(realNVP({ dim: 2, blocks: 2, hidden: [16] }), rootKey(1)),
        data: draw(1, 4000),
        heldOut: draw(2, 2000),
        stages: [
          { ...byExample, steps: 250, exampleBatch: 96, learningRate: { from: 0.02, to: 1e-4 } },
        ],
      }),
    );
    const steps = [...fitting];
    // On fresh points the entropy itself is known as well as they are many; its noise is common to both.
    const fresh = draw(3, 20_000);
    const logQ = flowDensity(fitting.model()).logProb(fresh);
    const gaps = logQ.map((v, b) => logP(fresh.data[2 * b], fresh.data[2 * b + 1]) - v);
    const gap = gaps.reduce((sum, v) => sum + v, 0) / gaps.length;
    const error = Math.sqrt(gaps.reduce((sum, v) => sum + (v - gap) ** 2, 0)) / gaps.length;
    expect(gap).toBeGreaterThan(-4 * error);
    expect(gap).toBeLessThan(0.03 + 4 * error);
    expect(steps.at(-1)?.heldOut ?? Number.NaN).toBeLessThan(
      steps[0].example + Math.log(2 * Math.PI),
    );
    fitting.dispose();
  });
});

describe('training by energy', () => {
  it('reaches −ln Z of a harmonic well to 0.01 kT', () => {
    const [kx, ky] = [4, 0.5];
    const fitting = startFit(
      specOf({
        stages: [
          {
            ...byExample,
            steps: 250,
            exampleBatch: 0,
            energyBatch: 64,
            learningRate: { from: 0.03, to: 1e-4 },
            weights: { example: 0, energy: 1, reactionCoordinate: 0 },
          },
        ],
        reducedEnergy: ({ data, count }) => {
          const energy = new Float64Array(count);
          const gradient = new Float64Array(2 * count);
          for (let b = 0; b < count; b++) {
            const [x, y] = [data[2 * b] - 1, data[2 * b + 1]];
            energy[b] = (kx * x ** 2 + ky * y ** 2) / 2;
            gradient[2 * b] = kx * x;
            gradient[2 * b + 1] = ky * y;
          }
          return { energy, gradient };
        },
        reactionCoordinate: undefined,
      }),
    );
    for (const { skipped } of fitting) expect(skipped).toBe(false);
    const { x, logProb } = flowDensity(fitting.model()).sample(20_000, rootKey(6));
    fitting.dispose();
    let divergence = Math.log((2 * Math.PI) / Math.sqrt(kx * ky));
    for (let b = 0; b < x.count; b++) {
      const u = (kx * (x.data[2 * b] - 1) ** 2 + ky * x.data[2 * b + 1] ** 2) / 2;
      divergence += (u + logProb[b]) / x.count;
    }
    expect(Math.abs(divergence)).toBeLessThan(0.01);
  });
});
