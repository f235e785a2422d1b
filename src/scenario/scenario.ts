import type { CollectiveVariable } from '../core/collectiveVariable.ts';
import type { Potential } from '../core/potential.ts';
import type { TrainingStage } from '../flow/fit.ts';
import type { FlowSpec, KernelSpec, Plan, ProductionSpec } from '../hybrid/plan.ts';
import type { ReferenceLabelsOptions } from '../md/identicalParticles/referenceLabels.ts';
import type { MolecularSystem } from '../md/molecule/molecularSystem.ts';

/** A region of configuration space, as a scenario file states it. */
export interface ScenarioState {
  readonly name: string;
  /** The region in words: `x < 0`. */
  readonly definition: string;
  /** Whether a configuration, `[D]`, lies in it. */
  readonly contains: (x: Float64Array) => boolean;
  /** The inner region that counts for transitions; the state itself where it is left out. */
  readonly core?: {
    readonly definition: string;
    readonly contains: (x: Float64Array) => boolean;
  };
  /** Where molecular dynamics starts: one configuration, or several that the chains take in turn. */
  readonly start: readonly number[] | readonly (readonly number[])[];
}

/** A collective variable with the range that matters. */
export interface ScenarioAxis {
  readonly variable: CollectiveVariable;
  readonly min: number;
  readonly max: number;
  readonly bins?: number;
}

/**
 * A run, declared: what is sampled, which states are compared, and what is already known.
 *
 * Everything but the first five entries has a default; `defineScenario` checks the whole and names
 * every problem at once. A scenario has no `if`, no loop and no I/O.
 */
export interface Scenario {
  /** Lower-case-with-dashes; run directories are named after it. */
  readonly name: string;
  /** One sentence on what the scenario shows. */
  readonly about: string;
  readonly potential: Potential;
  /** Two or more; free energies are differences to the first. */
  readonly states: readonly ScenarioState[];
  /** The axis of profiles and of the reaction-coordinate loss, with the range that matters. 60 bins. */
  readonly coordinate: ScenarioAxis;
  /** Two axes of a free-energy surface in the report, φ and ψ of a peptide say. 36 bins each. */
  readonly surface?: { readonly x: ScenarioAxis; readonly y: ScenarioAxis };
  /**
   * The molecule whose energy `potential` is: it gives the masses, the names of atoms in the files of the
   * run, and a view of the molecule and the energy of each term in the report.
   */
  readonly molecule?: MolecularSystem;
  /** K; for a potential in reduced units kT itself. 1 in reduced units, 300 K otherwise. */
  readonly temperature?: number;
  /** amu, `[D]`; the molecule's by default, else 1 everywhere. */
  readonly masses?: readonly number[];
  /**
   * Which particles are alike, and the sites whose labels they carry, fixed for the run: each frame takes
   * the labels of its cheapest assignment, and the flow learns and proposes those alone. Energy, masses,
   * states and axes must not tell the particles apart. ln Z counts all n! labellings.
   */
  readonly identicalParticles?: ReferenceLabelsOptions & ParticlePictures;
  /** 1 */
  readonly seed?: number;
  readonly seeding?: Partial<Plan['seeding']>;
  /** `false` for a run without one: parallel tempering, see `production.tempering`, or local moves alone. */
  readonly flow?: Partial<FlowSpec> | false;
  readonly training?: {
    readonly byExample?: readonly Partial<TrainingStage>[];
    readonly byEnergy?: readonly Partial<TrainingStage>[];
    /** Rounds after the first. */
    readonly again?: {
      readonly byExample: readonly Partial<TrainingStage>[];
      readonly byEnergy: readonly Partial<TrainingStage>[];
    };
    readonly clipNorm?: number;
    /**
     * Exact symmetries of the energy, a group of rigid maps: the data are augmented with their images, and
     * `flow.symmetrised` averages the flow over them.
     */
    readonly symmetries?: Plan['training']['symmetries'];
    /** Decay per step of an average of the weights, 0.999 say, which then is the model. */
    readonly averaging?: number | undefined;
  };
  readonly assessing?: Partial<Plan['assessing']>;
  readonly exploring?: Partial<Plan['exploring']>;
  readonly production?: Partial<Omit<ProductionSpec, 'tempering'>> & {
    /**
     * Without a flow: parallel tempering between these temperatures, rising from the run's own, in K, or kT
     * in reduced units; `auto` for what pilots find.
     */
    readonly tempering?: { readonly temperatures: readonly number[] | 'auto' } | undefined;
  };
  readonly reweighting?: Partial<Plan['reweighting']>;
  /** Plain MD beside it; `false` leaves it out. */
  readonly baseline?: { readonly dynamics?: KernelSpec; readonly chains?: number } | false;
  /** What the free-energy differences are known to be, and from where. */
  readonly reference?: Reference;
  /** What a full run is expected to reach; a miss makes the verdict `missed`. */
  readonly targets?: Targets;
}

/** How a report draws particles in the plane; nothing that a run computes depends on it. */
export interface ParticlePictures {
  /**
   * Of the disc that a particle is drawn as, in the unit of its coordinates: the distance at which two
   * particles touch. Without it, or in another space than the plane, no discs are drawn.
   */
  readonly diameter?: number;
  /** Walls to be drawn around the particles, [from, to] along each coordinate of one particle. */
  readonly walls?: readonly (readonly [number, number])[];
}

/** A free-energy profile along the scenario's coordinate that is known beforehand. */
export interface KnownProfile {
  /** What a legend calls it. */
  readonly source: string;
  /** Values of the coordinate, ascending, two or more. */
  readonly at: readonly number[];
  /** F = −ln p in kT up to a constant, `[at]`; between two values linear. */
  readonly freeEnergy: readonly number[];
  /** kT, `[at]`. */
  readonly standardError: readonly number[];
}

/** What is known of the free energies beforehand: an integral to compute, or published values. */
export type Reference =
  | {
      readonly kind: 'quadrature';
      /** One [from, to] a coordinate, wide enough that nothing outside it counts. At most two. */
      readonly box: readonly (readonly [number, number])[];
    }
  | {
      readonly kind: 'value';
      /** F(states[i]) − F(states[0]) in kT, i = 1, 2, … */
      readonly difference: readonly number[];
      readonly standardError: number;
      /** A derivation, a DOI. */
      readonly source: string;
      /** The temperature that it holds at. */
      readonly temperature: number;
      /** Along the scenario's coordinate. The run is compared with the first; all are drawn. */
      readonly profiles?: readonly KnownProfile[];
    };

/** How good a run must be to count as converged. */
export interface Targets {
  /** Largest standard error of the first difference, kT. */
  readonly standardError?: number;
  /** Smallest ESS fraction of the reweighted draws. */
  readonly essFraction?: number;
  /** Smallest rate of core-to-core transitions per flow move. */
  readonly usefulAcceptance?: number;
}
