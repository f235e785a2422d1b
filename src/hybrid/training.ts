import { ErgoflowError } from '../core/errors.ts';
import { booked } from '../core/ledger.ts';
import { at, fold, rootKey } from '../core/rng.ts';
import { fit, type ReducedEnergy, type TrainingStage } from '../flow/fit.ts';
import { type FlowModel, newModel } from '../flow/model.ts';
import { buildFlow } from './buildFlow.ts';
import { datasetFrom } from './dataset.ts';
import type { Environment } from './environment.ts';
import { fitArtifact, fitCheckpointFrom } from './fitArtifact.ts';
import { noMidway } from './midway.ts';
import { modelArtifact, modelFrom } from './models.ts';
import { pacer } from './pace.ts';
import type { FlowSpec, Plan } from './plan.ts';

/** Training by example: the flow is made on the first round, and goes on learning on later ones. */
export async function trainByExample(
  env: Environment,
  input: { readonly round: number; readonly dataset: string; readonly model: string | undefined },
  signal: AbortSignal,
): Promise<{ model: string }> {
  const { plan } = env;
  const { train } = datasetFrom(env.store.get(input.dataset));
  const model =
    input.model === undefined
      ? newModel(buildFlow(flowOf(plan), train), fold(rootKey(plan.seed), 'weights'))
      : modelFrom(env.store.get(input.model));
  const stages = stagesOf(env, input.round).byExample;
  return {
    model: await runFit(env, { ...input, model, stages, phase: 'trainingByExample' }, signal),
  };
}

/** Training by example and by energy at once, through the potential's gradient. */
export async function trainByEnergy(
  env: Environment,
  input: { readonly round: number; readonly dataset: string; readonly model: string },
  signal: AbortSignal,
): Promise<{ model: string }> {
  const model = modelFrom(env.store.get(input.model));
  const stages = stagesOf(env, input.round).byEnergy;
  return {
    model: await runFit(env, { ...input, model, stages, phase: 'trainingByEnergy' }, signal),
  };
}

function stagesOf({ plan }: Environment, round: number) {
  return round === 0 ? plan.training : (plan.training.again ?? plan.training);
}

async function runFit(
  env: Environment,
  input: {
    readonly round: number;
    readonly dataset: string;
    readonly model: FlowModel;
    readonly stages: readonly TrainingStage[];
    readonly phase: 'trainingByExample' | 'trainingByEnergy';
  },
  signal: AbortSignal,
): Promise<string> {
  const { plan, ledger, midway = noMidway } = env;
  const { train, heldOut } = datasetFrom(env.store.get(input.dataset));
  const potential = booked(plan.potential, ledger, 'training');
  const reducedEnergy: ReducedEnergy = (x) => {
    const { energy, gradient } = potential.energyAndGradient(x);
    for (let i = 0; i < energy.length; i++) energy[i] /= plan.kT;
    for (let i = 0; i < gradient.length; i++) gradient[i] /= plan.kT;
    return { energy, gradient };
  };
  const saved = midway.take();
  const resume = saved === undefined ? undefined : fitCheckpointFrom(saved);
  const fitting = fit({
    model: input.model,
    data: train,
    dataWeights: undefined,
    symmetries: plan.training.symmetries,
    averaging: plan.training.averaging,
    heldOut,
    stages: input.stages,
    reducedEnergy,
    reactionCoordinate: plan.coordinate,
    clipNorm: plan.training.clipNorm,
    key: at(fold(rootKey(plan.seed), input.phase), input.round),
    createStepper: env.createStepper,
    resume,
  });
  const pace = pacer(signal);
  let skipped = resume?.position.skipped ?? 0;
  const every = Math.max(1, Math.floor(fitting.totalSteps / 500));
  try {
    midway.watch(() => fitArtifact(fitting.checkpoint()));
    for (const step of fitting) {
      if (step.skipped) skipped++;
      if (step.notFinite !== undefined) {
        env.emit({
          type: 'warning',
          message: `training step ${step.step} changed nothing: ${step.notFinite}`,
        });
      }
      // One training batch is one network pass each way; the float32 passes are passes all the same.
      const { exampleBatch, energyBatch, pathGradient } = input.stages[step.stage];
      // The score is a pass there and a gradient back.
      ledger.flowPasses += exampleBatch + (pathGradient === true ? 3 : 1) * energyBatch;
      if (step.step % every === 0 || step.heldOut !== undefined) {
        env.emit({
          type: 'training',
          round: input.round,
          step: step.step,
          example: finite(step.example),
          energy: finite(step.energy),
          reactionCoordinate: finite(step.reactionCoordinate),
          heldOut: step.heldOut ?? null,
          gradientNorm: step.gradientNorm,
          skipped,
        });
      }
      env.emit({
        type: 'progress',
        phase: input.phase,
        done: step.step + 1,
        total: fitting.totalSteps,
        figure: Number.isFinite(step.energy)
          ? { name: 'J_KL', value: step.energy }
          : { name: 'J_ML', value: step.example },
      });
      midway.offer();
      await pace();
    }
    if (skipped > 0) {
      env.emit({
        type: 'warning',
        message: `${skipped} of ${fitting.totalSteps} training steps were skipped: loss or gradient was not finite`,
      });
    }
    const id = `model-${input.round}-${input.phase === 'trainingByExample' ? 'example' : 'energy'}`;
    env.store.put(id, modelArtifact(fitting.model()));
    return id;
  } finally {
    fitting.dispose();
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function flowOf({ flow }: Plan): FlowSpec {
  if (flow === undefined)
    throw new ErgoflowError('this plan has no flow, so there is nothing to train');
  return flow;
}
