import type { Batch } from '../core/batch.ts';
import type { CollectiveVariable } from '../core/collectiveVariable.ts';
import type { Potential } from '../core/potential.ts';
import type { Symmetry } from '../flow/augmented.ts';
import type { TrainingStage } from '../flow/fit.ts';
import type { BiasTable } from '../md/biasAlong.ts';
import type { ReferenceLabels } from '../md/identicalParticles/referenceLabels.ts';

/** A region of configuration space whose free energy is wanted. */
export interface StateSpec {
  readonly name: string;
  /** The region in words: `x < 0`. */
  readonly definition: string;
  contains(x: Float64Array): boolean;
  /** The inner region that counts for transitions: last core visited. */
  readonly core: { readonly definition: string; contains(x: Float64Array): boolean };
  /** Where molecular dynamics starts, `[S, D]`; chains take the rows in turn. */
  readonly start: Batch;
}

/** A local kernel as plain data, so that a manifest can name it; units as in the kernel's own options. */
export type KernelSpec =
  | {
      readonly kind: 'langevin';
      /** Δt, ps. */
      readonly timestep: number;
      /** γ, 1/ps. */
      readonly friction: number;
      /** Integrator steps per burst. */
      readonly steps: number;
    }
  | {
      readonly kind: 'euler-maruyama';
      /** Δt, length²/energy. */
      readonly timestep: number;
      readonly steps: number;
    }
  | {
      readonly kind: 'random-walk';
      /** σ, length. */
      readonly stepSize: number;
      /** Moves per burst. */
      readonly attempts: number;
    }
  | {
      readonly kind: 'mala';
      /** Δt, length²/energy. */
      readonly timestep: number;
      readonly attempts: number;
    }
  | {
      readonly kind: 'hmc';
      /** Δt, ps. */
      readonly timestep: number;
      /** L, steps per trajectory. */
      readonly steps: number;
      readonly attempts: number;
    }
  | {
      readonly kind: 'ghmc';
      readonly timestep: number;
      readonly steps: number;
      readonly attempts: number;
      /** c, the share of the old velocity kept by a partial refresh, in [0, 1). */
      readonly persistence: number;
    };

/** The flow's architecture. */
export interface FlowSpec {
  /** `autoregressive` is trained by example only: its plan has no batches of latent points. */
  readonly kind: 'realnvp' | 'nicer' | 'spline' | 'autoregressive';
  /** Blocks of two couplings with channel swap; for couplings. */
  readonly blocks: number;
  /** Widths of the hidden layers of every conditioner, or of every coordinate's network. */
  readonly hidden: readonly number[];
  /** Separate nets for scale and translation, or one trunk with two heads; for `realnvp`. */
  readonly conditioner: 'independent' | 'shared';
  /** Bins of every spline; for `spline`. */
  readonly bins: number;
  /** The splines move what lies within ± this, behind the whitening; for `spline`. */
  readonly reach: number;
  /** Gaussians in the mixture of every coordinate; for `autoregressive`. */
  readonly components: number;
  /** Between the flow and the configurations: PCA whitening, or `each` direction by itself, or nothing. */
  readonly whiten: boolean | 'each';
  /**
   * What `each` standardises: orthonormal directions, `[D][D]`, in the order in which an autoregressive
   * flow takes them; the coordinates unless given.
   */
  readonly directions: readonly (readonly number[])[] | undefined;
  /** Whether the density that production uses is the flow averaged over `training.symmetries`. */
  readonly symmetrised: boolean;
}

/** A collective variable between two values, in bins. */
export interface Axis {
  readonly variable: CollectiveVariable;
  readonly min: number;
  readonly max: number;
  readonly bins: number;
}

/** Everything a run does, fully spelled out: what a scenario becomes once its defaults are filled in. */
export interface Plan {
  readonly seed: number;
  readonly potential: Potential;
  /** k_B T, in the potential's energy unit. */
  readonly kT: number;
  /** amu, `[D]`; undefined for 1 everywhere. */
  readonly masses: Float64Array | undefined;
  /** The labels of particles that are alike: configurations are those of its domain; none where undefined. */
  readonly identicalParticles: ReferenceLabels | undefined;
  /** Two or more. */
  readonly states: readonly StateSpec[];
  /** The axis of profiles and of the reaction-coordinate loss. */
  readonly coordinate: Axis;
  /** The two axes of a free-energy surface; none where undefined. */
  readonly surface: { readonly x: Axis; readonly y: Axis } | undefined;
  readonly seeding: {
    readonly dynamics: KernelSpec;
    /** Chains per state. */
    readonly chains: number;
    /** Bursts before the first frame. */
    readonly burnIn: number;
    /** Frames per chain. */
    readonly frames: number;
    /** Bursts between frames. */
    readonly stride: number;
    /** Share of the chains that is never trained on. */
    readonly heldOut: number;
  };
  /** Without one production is parallel tempering, or local moves alone. */
  readonly flow: FlowSpec | undefined;
  readonly training: {
    readonly byExample: readonly TrainingStage[];
    readonly byEnergy: readonly TrainingStage[];
    /** Stages for rounds after the first, on explored data; the first round's where undefined. */
    readonly again:
      | {
          readonly byExample: readonly TrainingStage[];
          readonly byEnergy: readonly TrainingStage[];
        }
      | undefined;
    readonly clipNorm: number;
    /**
     * Exact symmetries of the energy: the data are augmented with them, and a flow that is `symmetrised` is
     * averaged over them; none where undefined.
     */
    readonly symmetries: readonly Symmetry[] | undefined;
    /** Decay per step of an average of the weights, which is then the model; none where undefined. */
    readonly averaging: number | undefined;
  };
  readonly assessing: {
    readonly maxRounds: number;
    readonly draws: number;
    readonly targetEssFraction: number;
    readonly targetAcceptance: number;
  };
  readonly exploring: {
    readonly chains: number;
    readonly warmUp: number;
    readonly sweeps: number;
    /** Smallest share of every known state in the data that the next round learns from. */
    readonly stateFloor: number;
  };
  readonly production: ProductionSpec;
  readonly reweighting: {
    readonly draws: number;
    /** Draws are annealed towards the target, (K − 1) L + 1 evaluations each; as they are where undefined. */
    readonly annealed: AnnealingSpec | undefined;
  };
  /** Plain MD beside it, from the same starts, with the same number of evaluations. */
  readonly baseline: { readonly dynamics: KernelSpec; readonly chains: number } | undefined;
}

/** A way between the flow and the target: K levels, L leapfrog steps of hybrid Monte Carlo at each, Δt in ps. */
export interface AnnealingSpec {
  readonly levels: number;
  readonly steps: number;
  readonly timestep: number;
}

/** The frozen schedule. One sweep is a local burst and then the flow's moves, each recorded. */
export interface ProductionSpec {
  readonly local: KernelSpec;
  /** Chains, started from every state in equal shares. */
  readonly chains: number;
  /** Sweeps discarded. */
  readonly warmUp: number;
  readonly sweeps: number;
  /** Flow proposals per sweep; `auto` for the rule of `chooseFlowMoves`. */
  readonly flowMoves: number | 'auto';
  /** What the network passes of one flow move cost, in energy evaluations: the rule's cost model. */
  readonly passCost: number;
  /**
   * Each flow move is an `annealedProposal`, and costs 2 (K − 1) L + 1 evaluations; plain independence
   * moves where undefined.
   */
  readonly annealed: AnnealingSpec | undefined;
  /**
   * V along the plan's coordinate, in the potential's energy unit: production, with a flow or with
   * replicas, and the exploring before it sample U + V, and each of their records weighs exp(V/kT). None where undefined.
   */
  readonly bias: BiasTable | undefined;
  /**
   * Without a flow: replicas at the rungs' temperatures, whose neighbours swap after each local burst.
   * `ladder` has kT of every rung, the run's own first, or `auto` for what pilots find. One rung where
   * undefined.
   */
  readonly tempering: { readonly ladder: readonly number[] | 'auto' } | undefined;
  /** Latent random-walk moves per sweep; none where undefined. */
  readonly latent: { readonly stepSize: number; readonly moves: number } | undefined;
}
