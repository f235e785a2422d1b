import { at } from '../../core/rng.ts';
import { stateLabels } from '../../hybrid/labels.ts';
import { modelFrom } from '../../hybrid/models.ts';
import { pacer } from '../../hybrid/pace.ts';
import { evaluationsPerDraw, weightedDrawer } from '../../hybrid/weightedDrawer.ts';
import { meter } from './meter.ts';
import type { MethodInput, MethodOutcome } from './methodOutcome.ts';
import type { WeightedSamples } from './samples.ts';
import type { TrainedFlow } from './trainFlow.ts';

/** Draws per block: at most a hundredth of what is left, within these bounds. */
const SMALLEST_BLOCK = 64;
const LARGEST_BLOCK = 4096;

/** The flow alone: what is left after training pays for independent weighted draws. */
export async function runReweighting(
  input: MethodInput,
  trained: TrainedFlow,
): Promise<MethodOutcome> {
  const { plan, budget, key } = input;
  const ledger = { ...trained.ledger };
  const own = meter(budget, ledger, trained.seconds);
  const samples =
    trained.frozen === undefined ? undefined : await draw(trained.frozen.model, trained);
  return {
    method: 'reweighting',
    description: 'independent draws of the trained flow, reweighted',
    samples,
    ledger,
    preparingSeconds: trained.seconds,
    totalSeconds: own.seconds(),
    ladder: null,
    warnings: trained.warnings,
  };

  async function draw(model: string, { store }: TrainedFlow): Promise<WeightedSamples> {
    const drawer = weightedDrawer(
      { plan, ledger, ...input.tiers },
      modelFrom(store.get(model)),
      'flowProposals',
    );
    const perDraw = evaluationsPerDraw(plan);
    const pace = pacer(input.signal);
    const left = budget.amount - own.evaluations();
    const block =
      budget.unit === 'seconds'
        ? 1024
        : Math.min(LARGEST_BLOCK, Math.max(SMALLEST_BLOCK, Math.ceil(left / perDraw / 100)));
    const labels: number[] = [];
    const logWeights: number[] = [];
    const draws: number[] = [];
    const evaluations: number[] = [];
    const seconds: number[] = [];
    while (own.allows(block * perDraw)) {
      const drawn = await drawer.draw({
        count: block,
        key: at(key, draws.length),
        pace,
        onBlock: () => {},
      });
      for (const label of stateLabels(plan.states, drawn.x)) labels.push(label);
      for (const w of drawn.logWeights) logWeights.push(w);
      draws.push(labels.length);
      evaluations.push(own.evaluations());
      seconds.push(own.seconds());
      input.onProgress('reweighting', own.share());
    }
    drawer.dispose();
    return {
      kind: 'weights',
      labels: Int8Array.from(labels),
      logWeights: Float64Array.from(logWeights),
      draws: Float64Array.from(draws),
      evaluations: Float64Array.from(evaluations),
      seconds: Float64Array.from(seconds),
    };
  }
}
