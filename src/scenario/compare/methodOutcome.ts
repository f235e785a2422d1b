import type { Ledger } from '../../core/ledger.ts';
import type { Key } from '../../core/rng.ts';
import type { FlowDensity } from '../../flow/density.ts';
import type { FlowModel } from '../../flow/model.ts';
import type { Environment } from '../../hybrid/environment.ts';
import type { Plan } from '../../hybrid/plan.ts';
import type { Budget, LadderFigures, MethodName } from '../comparison.ts';
import type { ChainSamples, WeightedSamples } from './samples.ts';

/** What a method is given for one run. */
export interface MethodInput {
  /** With the seed of this run. */
  readonly plan: Plan;
  readonly key: Key;
  readonly budget: Budget;
  readonly signal: AbortSignal;
  readonly tiers: Tiers;
  /** Told the phase and the share of it that is done, in [0, 1]. */
  readonly onProgress: (phase: string, share: number) => void;
}

/** How flows are trained and evaluated. */
export interface Tiers {
  readonly createStepper: Environment['createStepper'];
  readonly createDensity: (model: FlowModel) => FlowDensity;
}

/** What a method leaves behind after one run. */
export interface MethodOutcome {
  readonly method: MethodName;
  readonly description: string;
  /** Undefined where the budget ended before anything was sampled. */
  readonly samples: ChainSamples | WeightedSamples | undefined;
  readonly ledger: Ledger;
  /** Wall-clock seconds before sampling, and of the whole run. */
  readonly preparingSeconds: number;
  readonly totalSeconds: number;
  readonly ladder: LadderFigures | null;
  readonly warnings: readonly string[];
}
