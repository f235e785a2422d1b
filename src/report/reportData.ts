import type { PotentialUnits } from '../core/potential.ts';
import type { Result } from '../scenario/result.ts';

/** A point of two coordinates. */
export type Point = readonly [number, number];

/**
 * Everything that the pictures and tables of a run's report are made from: plain JSON, thinned to what
 * a page can show. Energies and free energies are in kT, positions in the potential's unit.
 */
export interface ReportData {
  readonly schema: 'ergoflow.report/1';
  readonly about: string;
  readonly potential: {
    readonly name: string;
    readonly dim: number;
    readonly units: PotentialUnits;
  };
  readonly result: Result;
  readonly profile: ProfileData;
  /** Potentials of two coordinates only, as are `deformation` and `jumps`, which need a flow as well. */
  readonly landscape: Landscape | null;
  readonly walks: readonly Walk[];
  readonly jumps: Jumps | null;
  readonly deformation: Deformation | null;
  /** Two dimensions or more, and a flow. */
  readonly latent: LatentCloud | null;
  readonly trace: Trace;
  /** Where the scenario names two axes for it. */
  readonly surface: SurfaceData | null;
  /** Null without a molecule, as is `terms`, and for one of more atoms than a page can hold. */
  readonly molecule: MoleculeFrames | null;
  readonly terms: TermEnergies | null;
  /** Of identical particles in the plane whose size the scenario gives. */
  readonly particles: ParticlePicturesData | null;
  /** Where the scenario names identical particles. */
  readonly pairDistances: PairDistances | null;
  /** Whether the flow's draws, and its moves in production, were annealed towards the target. */
  readonly annealed: { readonly draws: boolean; readonly moves: boolean };
  readonly training: TrainingCurves;
  readonly timeline: Timeline;
  /** Null in a run without a flow. */
  readonly weights: WeightHistogram | null;
  readonly energies: EnergyHistograms;
  /** What the run chose for itself, and why. */
  readonly decisions: readonly string[];
  /** What readers of the molecule's files dropped or took for granted, and what the run warned of. */
  readonly warnings: readonly string[];
  /** Every setting of the run, in groups. */
  readonly settings: readonly SettingsGroup[];
  /** What the run was made with: `node` → `20.19.0`. */
  readonly versions: Readonly<Record<string, string>>;
}

export interface ProfileData {
  readonly coordinate: string;
  /** In degrees, from a variable in radians; so is `trace`. */
  readonly isAngle: boolean;
  readonly min: number;
  readonly max: number;
  /** All on one scale: each is normalised where the best known is known, and 0 is its lowest bin. */
  readonly curves: readonly ProfileCurve[];
}

export interface ProfileCurve {
  /**
   * `exact` by quadrature, or `known` beforehand: estimates are compared with it, bin by bin. `other` is known
   * beforehand too, at points of its own.
   */
  readonly source: 'exact' | 'known' | 'other' | 'hybrid' | 'reweighted';
  /** Who says so, of what is known beforehand; null otherwise. */
  readonly name: string | null;
  readonly points: readonly {
    /** Bin centre. */
    readonly at: number;
    /** kT; null in an empty bin. */
    readonly freeEnergy: number | null;
    /** kT; 0 for the exact curve, null where it is not known. */
    readonly standardError: number | null;
  }[];
}

/** U/kT above the lowest point of a grid, row by row from the lowest y. */
export interface Landscape {
  readonly x: Point;
  readonly y: Point;
  readonly columns: number;
  readonly rows: number;
  /** `[rows × columns]`, at most `MAX_HEIGHT`; so are places where U is not finite. */
  readonly heights: readonly number[];
}

/** Frames of one MD chain from one state's start. */
export interface Walk {
  readonly state: string;
  readonly points: readonly Point[];
}

/** Flow moves of production, made again exactly as they were. */
export interface Jumps {
  readonly accepted: readonly {
    readonly from: Point;
    readonly to: Point;
    /** From one state to another. */
    readonly crosses: boolean;
  }[];
  /** The offered configurations that were refused. */
  readonly rejected: readonly Point[];
}

/** A grid in latent space and what the flow makes of it. */
export interface Deformation {
  readonly lines: readonly DeformedLine[];
}

export interface DeformedLine {
  readonly kind: 'horizontal' | 'vertical' | 'circle';
  readonly latent: readonly Point[];
  readonly image: readonly Point[];
}

/** Held-out MD frames in latent space. */
export interface LatentCloud {
  /** Which latent coordinates are shown: those that tell the states apart best. */
  readonly axes: Point;
  readonly priorVariance: number;
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    /** Index of the state; −1 for none. */
    readonly state: number;
  }[];
}

/** The coordinate along one chain each. */
export interface Trace {
  readonly hybrid: readonly { readonly step: number; readonly value: number }[];
  /** One a walk; frames, spread over the steps of `hybrid` by their number. */
  readonly md: readonly { readonly step: number; readonly value: number }[];
}

export type LossTerm = 'example' | 'energy' | 'reactionCoordinate' | 'heldOut';

export interface TrainingCurves {
  readonly points: readonly {
    readonly step: number;
    readonly term: LossTerm;
    readonly loss: number;
  }[];
  /** Where a training phase begins, in steps. */
  readonly phases: readonly {
    readonly step: number;
    readonly phase: string;
    readonly round: number;
  }[];
  readonly skipped: number;
}

export interface Timeline {
  /** What the axis counts. */
  readonly unit: 'seconds' | 'evaluations';
  readonly spans: readonly {
    readonly phase: string;
    readonly round: number;
    readonly from: number;
    readonly to: number;
    /** Energy evaluations spent in it. */
    readonly evaluations: number;
  }[];
  /** Expected (while assessing) or measured (while producing) acceptance of flow moves. */
  readonly acceptance: readonly {
    readonly at: number;
    readonly value: number;
    readonly kind: 'expected' | 'measured';
  }[];
  /** ESS fraction of fresh flow draws. */
  readonly essFraction: readonly { readonly at: number; readonly value: number }[];
}

export interface WeightHistogram {
  /** Edges of ln(w/⟨w⟩), `[K + 1]`. */
  readonly edges: readonly number[];
  /** Draws in each bin, `[K]`. */
  readonly draws: readonly number[];
  /** Share of the total weight in each bin, `[K]`. */
  readonly weight: readonly number[];
  /** Draws left of the first edge. */
  readonly below: number;
  /** Draws of weight 0. */
  readonly zero: number;
}

export interface EnergyHistograms {
  /** Edges of U/kT, `[K + 1]`. */
  readonly edges: readonly number[];
  readonly series: readonly {
    readonly source: 'seeds' | 'flow' | 'reweighted' | 'production';
    /** Probability density in each bin, per kT, `[K]`. */
    readonly density: readonly number[];
    /** Share of the samples right of the last edge. */
    readonly above: number;
    /** Share of the samples that were refused before their energy was asked. */
    readonly refused: number;
  }[];
}

/** A free-energy surface, cell by cell, row after row from the lowest y. */
export interface SurfaceData {
  readonly x: SurfaceAxisData;
  readonly y: SurfaceAxisData;
  /** kT above the lowest cell, `[rows × columns]`; null where no chain was. */
  readonly freeEnergy: readonly (number | null)[];
  /** kT, `[rows × columns]`; null where it is not known. */
  readonly standardError: readonly (number | null)[];
  /** Where the molecular dynamics of each state started. */
  readonly starts: readonly { readonly state: string; readonly points: readonly Point[] }[];
}

export interface SurfaceAxisData {
  readonly name: string;
  /** In degrees, from a variable in radians. */
  readonly isAngle: boolean;
  /** `[K + 1]`, ascending. */
  readonly edges: readonly number[];
}

/** Configurations of one chain of a molecule's run, each laid upon the first. */
export interface MoleculeFrames {
  readonly name: string;
  /** `[N]` */
  readonly elements: readonly string[];
  /** Pairs of atoms. */
  readonly bonds: readonly (readonly [number, number])[];
  /** A ribbon along the backbone of proteins. */
  readonly look: 'sticks' | 'ribbon';
  /** The first frame as a PDB file. */
  readonly pdb: string;
  /** Å: 32-bit floats, little-endian, `[frames × N × 3]`, in base64. */
  readonly coordinates: string;
  readonly frames: readonly {
    /** Which record of the chain it is, from 0. */
    readonly step: number;
    /** The state that it lies in, `no state` for none. */
    readonly state: string;
  }[];
  /** Records of the chain. */
  readonly steps: number;
}

/** Configurations of particles in the plane, to be drawn as discs. */
export interface ParticlePicturesData {
  /** Of a disc, in the unit of the coordinates. */
  readonly diameter: number;
  /** [from, to] in x and in y; null for none. */
  readonly walls: readonly [Point, Point] | null;
  /** Kinds of particles that are alike; a particle without a kind is in none of them. */
  readonly kinds: readonly (readonly number[])[];
  /** Flow moves of production that led from one state to another. */
  readonly moves: readonly ParticleMove[];
  /** One pair a state: a record that a local move made, and a draw of the flow. */
  readonly pairs: readonly {
    readonly state: string;
    /** Null where no record lies in the state. */
    readonly local: ParticleFrame | null;
    /** Null without a flow, and where no draw with a weight lies in the state. */
    readonly drawn: ParticleFrame | null;
  }[];
}

/** One configuration, x₁ y₁ x₂ y₂ …, and where it is along the scenario's coordinate. */
export interface ParticleFrame {
  readonly positions: readonly number[];
  readonly coordinate: number;
}

export interface ParticleMove {
  readonly from: string;
  readonly to: string;
  readonly before: ParticleFrame;
  readonly after: ParticleFrame;
  /** √(mean |Δr|²) over the particles, each from its own place to its own. */
  readonly moved: number;
}

/** Distributions of the distances between two particles, each normalised to 1 over all distances. */
export interface PairDistances {
  /** Edges, `[K + 1]`. */
  readonly edges: readonly number[];
  readonly panels: readonly {
    readonly state: string;
    /** Which pairs: sizes of the kinds that the two particles are of, equal for pairs within one kind. */
    readonly kinds: readonly [number, number];
    readonly isWithin: boolean;
    readonly series: readonly {
      readonly source: 'local' | 'drawn' | 'reweighted';
      /** Probability density, per unit of length, `[K]`. */
      readonly density: readonly number[];
      /** Share of the distances beyond the last edge. */
      readonly above: number;
    }[];
  }[];
  /** Configurations that the series are made of, by state: records, draws, and (Σw)²/Σw² of the draws. */
  readonly samples: readonly {
    readonly state: string;
    readonly local: number;
    readonly drawn: number;
    readonly effective: number;
  }[];
}

/** The energy of each term of a force field, kJ/mol, the total last. */
export interface TermEnergies {
  /** Records that the means are over, of how many. */
  readonly records: number;
  readonly of: number;
  readonly terms: readonly {
    readonly name: string;
    readonly mean: number;
    /** Standard deviation; null for a single record. */
    readonly deviation: number | null;
    /** At the first start of each state. */
    readonly starts: readonly number[];
  }[];
}

export interface SettingsGroup {
  readonly title: string;
  readonly rows: readonly (readonly [name: string, value: string])[];
}

/** Heights of a landscape end here, kT. */
export const MAX_HEIGHT = 60;
