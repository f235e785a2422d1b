import { fold, rootKey } from '../../core/rng.ts';
import { eagerStepper } from '../../flow/eagerStepper.ts';
import { flowDensity } from '../../flow/flowDensity.ts';
import type { Plan } from '../../hybrid/plan.ts';
import { listed } from '../collapsed.ts';
import type { Budget, Comparison, MethodComparison, MethodName, MethodRun } from '../comparison.ts';
import { referenceOf } from '../reference.ts';
import type { BackendName } from '../result.ts';
import { InterruptedError } from '../runScenario.ts';
import type { Scenario } from '../scenario.ts';
import { type PlanOverrides, temperatureOf, toPlan } from '../toPlan.ts';
import { comparedMethods } from './comparedMethods.ts';
import { comparisonNotes } from './comparisonNotes.ts';
import { hybridBudget } from './hybridBudget.ts';
import type { MethodInput, MethodOutcome, Tiers } from './methodOutcome.ts';
import { methodRun } from './methodRun.ts';
import { methodSummary } from './methodSummary.ts';
import { runHybrid } from './runHybrid.ts';
import { runMd } from './runMd.ts';
import { runReweighting } from './runReweighting.ts';
import { runTempering } from './runTempering.ts';
import { temperingBudget } from './temperingBudget.ts';
import { type TrainedFlow, trainFlow } from './trainFlow.ts';
import { winner } from './winner.ts';

/** Which methods are compared, with which seeds, and at what cost. */
export interface CompareOptions {
  /** All that the scenario has by default: without a flow, plain MD and parallel tempering. */
  readonly methods?: readonly MethodName[];
  /** One run of every method each; the scenario's own and the two after it by default. */
  readonly seeds?: readonly number[];
  /** Energy evaluations of every run; what the scenario's own run spends by default. */
  readonly evaluations?: number;
  /** Wall-clock seconds of every run, instead of `evaluations`. */
  readonly seconds?: number;
  /** |ΔF − reference| that counts as reached, kT; 0.1 by default. */
  readonly tolerance?: number;
  /** kT of the ladder's last rung; found by pilots by default. */
  readonly maxKT?: number;
  readonly temperature?: number;
  readonly smoke?: boolean;
  readonly onProgress?: (progress: CompareProgress) => void;
  /** Aborting it ends the comparison with an `InterruptedError`. */
  readonly signal?: AbortSignal;
  /** The training tier; eager on the current tfjs backend by default. */
  readonly createStepper?: Tiers['createStepper'];
  /** The float64 tier; plain TypeScript and WebAssembly by default. */
  readonly createDensity?: Tiers['createDensity'];
  readonly backend?: { readonly name: BackendName; readonly library: string };
}

/** How far a comparison is. */
export interface CompareProgress {
  readonly seed: number;
  readonly phase: string;
  /** Of the phase, in [0, 1]. */
  readonly share: number;
}

/**
 * Runs several methods from the same starts with the same budget, training and pilots included, and says
 * who comes within the tolerance first.
 *
 * With a budget in evaluations the same seeds give the same numbers, seconds apart. Works on whatever tfjs
 * backend is set; import `@tensorflow/tfjs` (or tfjs-node) first.
 * @throws {RangeError} for a budget that is not positive, two budgets, or no seed or method at all.
 * @throws {InterruptedError} when `signal` is aborted; whatever a method throws otherwise.
 */
export async function compareMethods(
  scenario: Scenario,
  options: CompareOptions = {},
): Promise<Comparison> {
  const overrides: PlanOverrides = {
    ...(options.temperature === undefined ? {} : { temperature: options.temperature }),
    ...(options.smoke === undefined ? {} : { smoke: options.smoke }),
  };
  const methods = comparedMethods(scenario, options.methods);
  const firstSeed = toPlan(scenario, overrides).seed;
  const seeds = options.seeds ?? [firstSeed, firstSeed + 1, firstSeed + 2];
  const given = givenBudget(options);
  if (methods.length === 0) throw new RangeError('"methods" expected at least one, got none');
  if (seeds.length === 0) throw new RangeError('"seeds" expected at least one, got none');
  const signal = options.signal ?? new AbortController().signal;
  const tiers: Tiers = {
    createStepper: options.createStepper ?? eagerStepper,
    createDensity: options.createDensity ?? flowDensity,
  };
  const tolerance = options.tolerance ?? 0.1;
  const plans = seeds.map((seed) => toPlan(scenario, { ...overrides, seed }));
  const reference = referenceOf(scenario, plans[0], temperatureOf(scenario, overrides));

  try {
    const training = (plan: Plan, limit: Budget | undefined): Promise<TrainedFlow> =>
      trainFlow({ plan, budget: limit, tiers, signal, onProgress: progressOf(plan) });
    const trained = new Map<Plan, Promise<TrainedFlow>>();
    let budget = given;
    if (budget === undefined && plans[0].flow === undefined)
      budget = temperingBudget(scenario.name, plans[0]);
    if (budget === undefined) {
      // Only a trained flow knows what the scenario spends, whether a method asks for one or not.
      const first = training(plans[0], undefined);
      trained.set(plans[0], first);
      budget = hybridBudget(plans[0], await first);
    }
    const runs = new Map<MethodName, MethodRun[]>(methods.map((name) => [name, []]));
    const descriptions = new Map<MethodName, string>();
    for (const plan of plans) {
      const limit = budget;
      const flow = (): Promise<TrainedFlow> => {
        const own = trained.get(plan) ?? training(plan, limit);
        trained.set(plan, own);
        return own;
      };
      for (const name of methods) {
        const input: MethodInput = {
          plan,
          key: fold(fold(rootKey(plan.seed), 'compare'), name),
          budget,
          signal,
          tiers,
          onProgress: progressOf(plan),
        };
        const outcome = await carryOut(name, input, flow, options.maxKT);
        descriptions.set(name, outcome.description);
        runs.get(name)?.push(
          methodRun(outcome, {
            seed: plan.seed,
            budget,
            tolerance,
            stateNames: plan.states.map((state) => state.name),
            reference: reference === null ? undefined : listed(reference.value),
          }),
        );
      }
      // Its data sets are large, and no other seed wants them.
      trained.delete(plan);
    }
    const compared: Partial<Record<MethodName, MethodComparison>> = {};
    for (const name of methods) {
      const own = runs.get(name) ?? [];
      compared[name] = {
        description: descriptions.get(name) ?? '',
        runs: own,
        mean: methodSummary(own),
      };
    }
    return {
      schema: 'ergoflow.compare/1',
      scenario: scenario.name,
      about: scenario.about,
      temperature: temperatureOf(scenario, overrides),
      states: plans[0].states.map((state) => ({
        name: state.name,
        definition: state.definition,
        core: state.core.definition,
      })),
      reference,
      tolerance,
      budget,
      seeds,
      methods: compared,
      winner: winner(compared, budget, tolerance, reference !== null),
      notes: comparisonNotes(methods, budget),
      backend: options.backend ?? { name: 'cpu', library: 'unknown' },
    };
  } catch (error) {
    throw signal.aborted && !(error instanceof InterruptedError)
      ? new InterruptedError('comparing')
      : error;
  }

  function progressOf({ seed }: Plan): MethodInput['onProgress'] {
    return (phase, share) => options.onProgress?.({ seed, phase, share });
  }
}

async function carryOut(
  name: MethodName,
  input: MethodInput,
  flow: () => Promise<TrainedFlow>,
  maxKT: number | undefined,
): Promise<MethodOutcome> {
  switch (name) {
    case 'md':
      return runMd(input);
    case 'tempering':
      return runTempering({ ...input, maxKT });
    case 'reweighting':
      return runReweighting(input, await flow());
    case 'hybrid':
      return runHybrid(input, await flow());
  }
}

function givenBudget({ evaluations, seconds }: CompareOptions): Budget | undefined {
  if (evaluations !== undefined && seconds !== undefined) {
    throw new RangeError('"evaluations" and "seconds" are two budgets; give one of them');
  }
  const amount = evaluations ?? seconds;
  if (amount === undefined) return undefined;
  const unit = evaluations === undefined ? 'seconds' : 'evaluations';
  if (!(Number.isFinite(amount) && amount > 0)) {
    throw new RangeError(`"${unit}" expected a positive number, got ${amount}`);
  }
  return { unit, amount, rule: 'as asked for' };
}
