import { type Batch, batch } from '../core/batch.ts';
import type { CollectiveVariable } from '../core/collectiveVariable.ts';
import type { EnergyAndGradient } from '../core/potential.ts';
import { at, fold, type Key } from '../core/rng.ts';
import { augmented, type Symmetry } from './augmented.ts';
import { checkFit } from './checkFit.ts';
import { type ConfigurationTerms, configurationTerms } from './configurationTerms.ts';
import { heldOutLoss } from './heldOutLoss.ts';
import { latentDraws } from './latentDraws.ts';
import {
  configurationInputs,
  exampleInputs,
  flowMaps,
  pathScoreMap,
  trainingLoss,
} from './losses.ts';
import { minibatch } from './minibatch.ts';
import type { FlowModel } from './model.ts';
import { cosineAt, linearAt, type Schedule } from './schedule.ts';
import type { Input, Stepper, StepperSpec, StepperState } from './stepper.ts';
import { weightAverage } from './weightAverage.ts';
import { namedInputs, whereNotFinite } from './whereNotFinite.ts';

export type { Schedule } from './schedule.ts';

/** One stage of training. Stages follow each other with one optimiser. */
export interface TrainingStage {
  readonly steps: number;
  /** Configurations per step drawn from the data set, with replacement. */
  readonly exampleBatch: number;
  /** Latent points per step; 0 where the stage trains by example alone. */
  readonly energyBatch: number;
  /** Cosine from `from` to `to` where a pair. */
  readonly learningRate: Schedule;
  /** w_ML, w_KL, w_RC. */
  readonly weights: {
    readonly example: Schedule;
    readonly energy: Schedule;
    readonly reactionCoordinate: Schedule;
  };
  /** Reduced energy above which it grows logarithmically (E_high), and where it stops (E_max). */
  readonly energyCap: { readonly high: number; readonly max: number };
  /**
   * Relative temperatures τₖ shared out evenly over the latent batch, [1] for one: z ~ N(0, τₖ I) times
   * the model's own prior variance, and the energy is u/τₖ.
   */
  readonly temperatures: readonly number[];
  /**
   * Whether the gradient of J_KL takes the way through the configurations alone, where it is 0 for a flow
   * that is the target, whatever the batch; false if left out.
   */
  readonly pathGradient?: boolean;
  /** Ends the stage when the held-out loss has not fallen for `patience` looks, `every` steps apart. */
  readonly earlyStop: { readonly every: number; readonly patience: number } | undefined;
}

/** u(x) = U(x)/kT with its gradient: all that training by energy knows of the physics. */
export type ReducedEnergy = (x: Batch) => EnergyAndGradient;

/** What a flow is trained on, and how. */
export interface FitSpec {
  readonly model: FlowModel;
  /** Training configurations, `[N, D]`. */
  readonly data: Batch;
  /** One weight per configuration, `[N]`: its share of the draws; undefined for equal ones. */
  readonly dataWeights: Float64Array | undefined;
  /** Exact symmetries: each configuration drawn goes through one of them, drawn evenly. */
  readonly symmetries?: readonly Symmetry[] | undefined;
  /**
   * Decay of an average of the weights over the steps, as `weightAverage` has it: what `model()` then
   * gives. Losses, looks and the steps themselves are those of the weights of the moment.
   */
  readonly averaging?: number | undefined;
  /** Held-out configurations, `[M, D]`; never trained on. */
  readonly heldOut: Batch;
  readonly stages: readonly TrainingStage[];
  /** Undefined where no stage trains by energy. */
  readonly reducedEnergy: ReducedEnergy | undefined;
  readonly reactionCoordinate:
    | { readonly variable: CollectiveVariable; readonly min: number; readonly max: number }
    | undefined;
  /** Gradients with a larger Euclidean norm are scaled down to it. */
  readonly clipNorm: number;
  readonly key: Key;
  readonly createStepper: (spec: StepperSpec) => Stepper;
  /** Where an earlier fit with the same settings had come to; its steps are the ones that follow. */
  readonly resume?: FitCheckpoint | undefined;
}

/** Everything that determines the steps to come. */
export interface FitCheckpoint {
  readonly state: StepperState;
  readonly position: FitPosition;
  /** Averaged weights; undefined without averaging. */
  readonly average?: readonly Float32Array[] | undefined;
}

/** How far a fit has come: plain JSON. */
export interface FitPosition {
  /** Steps taken, skipped ones included. */
  readonly step: number;
  readonly stage: number;
  /** Steps taken in this stage. */
  readonly stageStep: number;
  /** The lowest held-out loss of this stage, or null before the first look. */
  readonly best: number | null;
  /** Looks since then. */
  readonly looks: number;
  /** Steps so far that changed nothing because loss or gradient was not finite. */
  readonly skipped: number;
}

/** What one training step did. */
export interface FitStep {
  /** Steps since the start, over all stages. */
  readonly step: number;
  readonly stage: number;
  /** Mean J_ML, J_KL, J_RC, unweighted; NaN for a term that this step does not have. */
  readonly example: number;
  readonly energy: number;
  readonly reactionCoordinate: number;
  /** Mean −log q over the held-out data; undefined at steps that do not look. */
  readonly heldOut: number | undefined;
  readonly gradientNorm: number;
  /** Loss or gradient was not finite; no weight changed. */
  readonly skipped: boolean;
  /** Which term, layer or input it was, at the first step of a fit that was skipped. */
  readonly notFinite: string | undefined;
  /** The step ended its stage before its length was up. */
  readonly stoppedEarly: boolean;
}

/**
 * A fit in progress: pull steps from it, read the model at any time. There is one sequence of steps,
 * whoever pulls: leaving a `for` loop pauses it, and the next one goes on.
 */
export interface Fit extends Iterable<FitStep> {
  /** Steps of all stages, if none ends early. */
  readonly totalSteps: number;
  model(): FlowModel;
  state(): StepperState;
  /** State and position: what `resume` takes. */
  checkpoint(): FitCheckpoint;
  dispose(): void;
}

/**
 * Trains a flow by example, by energy, and along a reaction coordinate, in stages:
 *
 *     J = w_ML J_ML + w_KL J_KL + w_RC J_RC
 *     J_ML = ⟨|z(x)|²/2τ − log R_xz(x)⟩ over data
 *     J_KL = ⟨u(x(z))/τₖ − log R_zx(z)⟩ over z ~ N(0, τₖ I), u regularised by `linearLog`
 *     J_RC   see `reactionCoordinateEntropy`
 *
 * With `pathGradient` ∂J_KL = ⟨(∂u/∂x τₖ⁻¹ + ∂ log q/∂x) · ∂x⟩ at fixed log q: the same on average, for
 * ⟨∂ log q⟩ at fixed x is 0, and with less noise the nearer q comes to the target.
 * Roeder, Wu & Duvenaud, NeurIPS 2017, arXiv:1703.09194; Vaitl, Nicoli, Nakajima & Kessel, ICML 2022.
 *
 * Step n draws from `at(key, n)`, so that a fit resumed from a checkpoint takes the same steps, byte
 * for byte on the same backend. A step by energy costs `energyBatch` gradients of the potential.
 *
 * Noé, Olsson, Köhler & Wu, Science 365, eaaw1147 (2019). @throws {RangeError} naming every setting
 * that cannot be.
 */
export function fit(spec: FitSpec): Fit {
  checkFit(spec);
  const { model, stages, key } = spec;
  const { bijector, priorVariance } = model;
  const { dim } = bijector;
  const draw = minibatch(spec.data, spec.dataWeights);
  const loss = trainingLoss(bijector, priorVariance);
  const stepper = spec.createStepper({
    loss,
    maps: {
      ...flowMaps(bijector, priorVariance),
      pathScore: pathScoreMap(bijector, priorVariance),
    },
    weights: model.weights,
    shapes: bijector.parameters.map((parameter) => parameter.shape),
    adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-7, clipNorm: spec.clipNorm },
  });
  let position = spec.resume?.position ?? START;
  if (spec.resume !== undefined) stepper.restore(spec.resume.state);
  const average =
    spec.averaging === undefined ? undefined : weightAverage(spec.averaging, spec.resume?.average);

  function examples(count: number, stepKey: Key): Batch {
    const drawn = draw(count, fold(stepKey, 'examples'));
    return spec.symmetries === undefined
      ? drawn
      : augmented(drawn, spec.symmetries, fold(stepKey, 'symmetries'));
  }

  function byEnergy(stage: TrainingStage, weights: TermWeights, stepKey: Key): EnergyPart {
    const count = stage.energyBatch;
    const latent = latentDraws(fold(stepKey, 'latent'), count, dim, priorVariance);
    const temperatures = new Float64Array(count);
    for (let b = 0; b < count; b++) {
      temperatures[b] = stage.temperatures[b % stage.temperatures.length];
      const widening = Math.sqrt(temperatures[b]);
      for (let i = b * dim; i < (b + 1) * dim; i++) latent.data[i] *= widening;
    }
    const z: Input = { data: Float32Array.from(latent.data), shape: [count, dim] };
    const [x, logDet] = stepper.evaluate('forward', [z]);
    const terms = configurationTerms(batch(Float64Array.from(x), dim), temperatures, {
      // `checkFit` has seen to it that stages by energy have one.
      reducedEnergy: spec.reducedEnergy as ReducedEnergy,
      cap: stage.energyCap,
      energyWeight: weights.energy,
      coordinateWeight: weights.reactionCoordinate,
      coordinate: spec.reactionCoordinate,
    });
    const volume = logDet.reduce((sum, value) => sum + value, 0) / count;
    const part = { terms, loss: terms.energy - volume };
    if (stage.pathGradient !== true) {
      return { ...part, inputs: configurationInputs(z, terms.gradient, weights.energy) };
    }
    const [score] = stepper.evaluate('pathScore', [
      { data: x, shape: [count, dim] },
      { data: Float32Array.from(temperatures, (tau) => 1 / tau), shape: [count] },
    ]);
    const share = weights.energy / count;
    const pull = terms.gradient.map((slope, i) => slope + share * score[i]);
    return { ...part, inputs: configurationInputs(z, pull, 0) };
  }

  function look(stage: TrainingStage, stageStep: number): number | undefined {
    const every = stage.earlyStop?.every ?? Number.POSITIVE_INFINITY;
    const due = stageStep % every === 0 || stageStep === stage.steps;
    if (!due || spec.heldOut.count === 0) return undefined;
    return heldOutLoss(stepper, spec.heldOut, priorVariance);
  }

  function advance(): FitStep {
    const stage = stages[position.stage];
    const stepKey = at(key, position.step);
    const now = (schedule: Schedule): number => linearAt(schedule, position.stageStep, stage.steps);
    const weights: TermWeights = {
      example: now(stage.weights.example),
      energy: now(stage.weights.energy),
      reactionCoordinate: now(stage.weights.reactionCoordinate),
    };
    const fromData =
      stage.exampleBatch > 0
        ? exampleInputs(examples(stage.exampleBatch, stepKey), weights.example)
        : [];
    const energy = stage.energyBatch > 0 ? byEnergy(stage, weights, stepKey) : undefined;
    const report = stepper.step(
      [...fromData, ...(energy?.inputs ?? [])],
      cosineAt(stage.learningRate, position.stageStep, stage.steps),
    );

    const stageStep = position.stageStep + 1;
    const heldOut = look(stage, stageStep);
    const better = heldOut !== undefined && heldOut < (position.best ?? Infinity);
    const looks = heldOut === undefined ? position.looks : better ? 0 : position.looks + 1;
    const stoppedEarly =
      stage.earlyStop !== undefined && looks >= stage.earlyStop.patience && stageStep < stage.steps;
    const step: FitStep = {
      step: position.step,
      stage: position.stage,
      example: stage.exampleBatch > 0 ? report.terms[0] : Number.NaN,
      energy: energy?.loss ?? Number.NaN,
      reactionCoordinate: energy?.terms.coordinate ?? Number.NaN,
      heldOut,
      gradientNorm: report.gradientNorm,
      skipped: report.skipped,
      notFinite:
        report.skipped && position.skipped === 0
          ? whereNotFinite(bijector, loss, stepper.weights(), [
              ...namedInputs('J_ML', ['configuration', 'weight of configuration'], fromData),
              ...namedInputs(
                'J_KL + J_RC',
                ['latent draw', 'gradient of draw', 'weight of draw'],
                energy?.inputs ?? [],
              ),
            ])
          : undefined,
      stoppedEarly,
    };
    const taken = {
      step: position.step + 1,
      skipped: position.skipped + (report.skipped ? 1 : 0),
    };
    if (average?.isDue(taken.step)) average.update(taken.step, stepper.weights());
    position =
      stoppedEarly || stageStep === stage.steps
        ? { ...START, ...taken, stage: position.stage + 1 }
        : {
            ...taken,
            stage: position.stage,
            stageStep,
            best: better ? heldOut : position.best,
            looks,
          };
    return step;
  }

  const steps: Iterator<FitStep> = {
    next: () =>
      position.stage < stages.length
        ? { done: false, value: advance() }
        : { done: true, value: undefined },
  };
  return {
    totalSteps: stages.reduce((sum, stage) => sum + stage.steps, 0),
    [Symbol.iterator]: () => steps,
    model: () => ({
      bijector,
      weights: average?.weights?.map((array) => array.slice()) ?? stepper.weights(),
      priorVariance,
    }),
    state: () => stepper.state(),
    checkpoint: () => ({
      state: stepper.state(),
      position,
      // A copy: the average goes on.
      ...(average?.weights && { average: average.weights.map((array) => array.slice()) }),
    }),
    dispose: () => stepper.dispose(),
  };
}

interface TermWeights {
  readonly example: number;
  readonly energy: number;
  readonly reactionCoordinate: number;
}

interface EnergyPart {
  readonly terms: ConfigurationTerms;
  /** J_KL */
  readonly loss: number;
  readonly inputs: readonly Input[];
}

const START: FitPosition = { step: 0, stage: 0, stageStep: 0, best: null, looks: 0, skipped: 0 };
