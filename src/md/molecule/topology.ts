/** One atom, as structure files name it. */
export interface Atom {
  /** `CA`, `HB1`. */
  readonly name: string;
  /** Symbol as in the periodic table, `C`, `Cl`; empty for a site that is no atom. */
  readonly element: string;
  /** Into `Topology.residues`. */
  readonly residue: number;
}

/** One residue, as structure files name it. */
export interface Residue {
  /** `ALA`. */
  readonly name: string;
  /** The number that the file gives it; insertion codes are kept in `insertion`. */
  readonly number: number;
  readonly insertion: string;
  /** `A`; empty where the file has none. */
  readonly chain: string;
}

/** Which atoms there are and which are bonded: what viewers and writers need of a molecule. */
export interface Topology {
  readonly atoms: readonly Atom[];
  readonly residues: readonly Residue[];
  /** Pairs of bonded atoms, each once, the smaller number first. */
  readonly bonds: readonly (readonly [number, number])[];
}
