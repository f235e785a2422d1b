/**
 * The terms of a molecular force field as data, in structure-of-arrays form: entry k of every array
 * belongs to the k-th bond, angle, torsion or atom. Lists of atoms hold their numbers one group after
 * the other, `[2K]` for bonds, `[3K]` for angles, `[4K]` for torsions.
 */
export type Term =
  | HarmonicBonds
  | HarmonicAngles
  | PeriodicTorsions
  | RyckaertBellemansTorsions
  | CmapTorsions
  | Nonbonded
  | GeneralizedBorn
  | PositionRestraints
  | DistanceRestraints;

/** U = Σ ½ k (r − r₀)². */
export interface HarmonicBonds {
  readonly kind: 'harmonic-bonds';
  /** `[2K]`. */
  readonly atoms: Int32Array;
  /** r₀, nm, `[K]`. */
  readonly length: Float64Array;
  /** k, kJ/mol/nm², `[K]`. */
  readonly forceConstant: Float64Array;
}

/** U = Σ ½ k (θ − θ₀)². */
export interface HarmonicAngles {
  readonly kind: 'harmonic-angles';
  /** `[3K]`, the vertex in the middle. */
  readonly atoms: Int32Array;
  /** θ₀, radians, `[K]`. */
  readonly angle: Float64Array;
  /** k, kJ/mol/rad², `[K]`. */
  readonly forceConstant: Float64Array;
}

/** U = Σ k (1 + cos(n φ − φ₀)), proper and improper torsions; φ as IUPAC's, trans = π. */
export interface PeriodicTorsions {
  readonly kind: 'periodic-torsions';
  /** `[4K]`. */
  readonly atoms: Int32Array;
  /** n, `[K]`. */
  readonly periodicity: Int32Array;
  /** φ₀, radians, `[K]`. */
  readonly phase: Float64Array;
  /** k, kJ/mol, `[K]`. */
  readonly forceConstant: Float64Array;
}

/** U = Σ Σₙ Cₙ cosⁿ(φ − π), n = 0 … 5, which is zero angle at trans. */
export interface RyckaertBellemansTorsions {
  readonly kind: 'ryckaert-bellemans-torsions';
  /** `[4K]`. */
  readonly atoms: Int32Array;
  /** C₀ … C₅, kJ/mol, `[6K]`. */
  readonly coefficients: Float64Array;
}

/** U = Σ S(φ, ψ), S the periodic bicubic spline through a map (MacKerell 2004). */
export interface CmapTorsions {
  readonly kind: 'cmap-torsions';
  /**
   * Each map is `size` × `size` energies in kJ/mol, evenly spaced over [0, 2π) in both angles; entry
   * `i + size * j` is at φ = 2π i / size, ψ = 2π j / size, as OpenMM's.
   */
  readonly maps: readonly { readonly size: number; readonly energies: Float64Array }[];
  /** Into `maps`, `[K]`. */
  readonly map: Int32Array;
  /** The four atoms of φ and the four of ψ, `[8K]`. */
  readonly atoms: Int32Array;
}

/**
 * Lennard-Jones and Coulomb between all pairs of atoms but the exceptions, which have parameters of
 * their own (zero for an exclusion) and no cutoff.
 *
 *     U = Σ 4 εᵢⱼ ((σᵢⱼ/r)¹² − (σᵢⱼ/r)⁶) + qᵢ qⱼ / (4 π ε₀ r),   σᵢⱼ = (σᵢ + σⱼ)/2,  εᵢⱼ = √(εᵢ εⱼ)
 *
 * With a cutoff the Coulomb part is the reaction field's, 1/r + k r² − c (Tironi 1995), but for
 * exceptions, which keep 1/r and have no periodic images: molecules are whole, as for bonded terms; Lennard-Jones is cut, or switched off from `switchDistance` on.
 */
export interface Nonbonded {
  readonly kind: 'nonbonded';
  /** e, `[N]`. */
  readonly charge: Float64Array;
  /** nm, `[N]`. */
  readonly sigma: Float64Array;
  /** kJ/mol, `[N]`. */
  readonly epsilon: Float64Array;
  readonly exceptions: {
    /** `[2K]`. */
    readonly atoms: Int32Array;
    /** qᵢqⱼ, e², `[K]`. */
    readonly chargeProduct: Float64Array;
    /** nm, `[K]`. */
    readonly sigma: Float64Array;
    /** kJ/mol, `[K]`. */
    readonly epsilon: Float64Array;
  };
  /** No cutoff where undefined. */
  readonly cutoff:
    | {
        /** nm. */
        readonly distance: number;
        /** ε of the continuum beyond the cutoff; 78.3 for water. */
        readonly reactionFieldDielectric: number;
        /** nm; Lennard-Jones is not switched where undefined. */
        readonly switchDistance: number | undefined;
        /** Minimum images in the system's box. */
        readonly periodic: boolean;
        /** Adds the mean of what the cutoff leaves out, ∝ 1/volume; with a periodic box only. */
        readonly dispersionCorrection: boolean;
      }
    | undefined;
}

/** The generalised Born models; `obc1` and `obc2` are Onufriev's of 2004, `gbn2` Nguyen's of 2013. */
export type BornModel = 'hct' | 'obc1' | 'obc2' | 'gbn' | 'gbn2';

/**
 * A continuum solvent by the generalised Born model, with Still's f.
 *
 *     U = −½ C Σᵢⱼ (1/εₚ − e^(−κ f)/εₛ) qᵢ qⱼ / fᵢⱼ + surface term,   f² = r² + Rᵢ Rⱼ e^(−r²/(4 Rᵢ Rⱼ))
 *
 * Rᵢ are the effective radii of the model. With a cutoff r_c only pairs within it descreen one another, and
 * pairs have 1/f − 1/r_c for 1/f. `surfaceTension` s gives the ACE term
 * Σ 4π s (ρᵢ + probe)² (ρᵢ/Rᵢ)⁶ with the probe radius 0.14 nm.
 */
export interface GeneralizedBorn {
  readonly kind: 'generalized-born';
  readonly model: BornModel;
  /** e, `[N]`. */
  readonly charge: Float64Array;
  /** Intrinsic radii ρᵢ without the offset, nm, `[N]`. */
  readonly radius: Float64Array;
  /** Scale factors Sᵢ of the descreening radii, `[N]`. */
  readonly screen: Float64Array;
  /** α, β, γ of each atom, `[3N]`; for `gbn2`, whose parameters depend on the element, else undefined. */
  readonly rescaling: Float64Array | undefined;
  /** εₚ; 1. */
  readonly soluteDielectric: number;
  /** εₛ; 78.5 or 78.3. */
  readonly solventDielectric: number;
  /** κ, 1/nm, of the salt; 0 without. */
  readonly inverseDebyeLength: number;
  /** s, kJ/mol/nm²; 0 without a surface term. 2.25936 is Schaefer's 5.4 cal/mol/Å². */
  readonly surfaceTension: number;
  /** nm; no cutoff where undefined. */
  readonly cutoff: { readonly distance: number; readonly periodic: boolean } | undefined;
}

/** U = Σ ½ k |x − x₀|². */
export interface PositionRestraints {
  readonly kind: 'position-restraints';
  /** `[K]`. */
  readonly atoms: Int32Array;
  /** x₀, nm, `[3K]`. */
  readonly position: Float64Array;
  /** kJ/mol/nm², `[K]`. */
  readonly forceConstant: Float64Array;
}

/** U = Σ ½ k (r − r₀)², of atoms that need not be bonded. */
export interface DistanceRestraints {
  readonly kind: 'distance-restraints';
  /** `[2K]`. */
  readonly atoms: Int32Array;
  /** nm, `[K]`. */
  readonly length: Float64Array;
  /** kJ/mol/nm², `[K]`. */
  readonly forceConstant: Float64Array;
}
