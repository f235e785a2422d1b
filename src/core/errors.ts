/** Base of every failure this package raises on purpose; `catch` it to separate ours from bugs. */
export class ErgoflowError extends Error {
  override name = 'ErgoflowError';
}

/** An array does not have the shape its role requires. */
export class ShapeError extends ErgoflowError {
  override name = 'ShapeError' as const;
}

/** Where and how a trajectory diverged. */
export interface Divergence {
  readonly potential: string;
  readonly chain: number;
  readonly step: number;
  readonly energy: number;
  /** `[D]` */
  readonly coordinates: Float64Array;
  /** The component that is not finite, where the energy may be. */
  readonly gradient?: { readonly coordinate: number; readonly value: number };
  /** Which term it was, of which atoms, where the potential can tell (`Potential.explain`). */
  readonly term?: string | undefined;
}

/** A trajectory left the region where its energy is finite. */
export class DivergenceError extends ErgoflowError {
  override name = 'DivergenceError' as const;
  /** The potential (or its term) whose value was not finite. */
  readonly potential: string;
  readonly chain: number;
  /** From the start of whatever ran: a kernel's burst, or a phase of a run. */
  readonly step: number;
  /** `[D]`, where it happened. */
  readonly coordinates: Float64Array;
  readonly at: Divergence;

  constructor(at: Divergence) {
    const slope =
      at.gradient === undefined
        ? ''
        : ` and gradient[${at.gradient.coordinate}] ${at.gradient.value}`;
    super(
      `chain ${at.chain} diverged at step ${at.step}: ${at.potential} gave energy ${at.energy}` +
        `${slope} at ${formatCoordinates(at.coordinates)}` +
        `${at.term === undefined ? '' : ` (${at.term})`}; ` +
        'try a smaller time step or another start',
    );
    this.potential = at.potential;
    this.chain = at.chain;
    this.step = at.step;
    this.coordinates = at.coordinates;
    this.at = at;
  }
}

/** Where one problem of an input sits, and what it is. */
export interface Issue {
  /** Dotted path of the offending entry: `flow.hidden[1]`. */
  readonly path: string;
  readonly message: string;
}

/** A scenario is not runnable; `issues` lists everything wrong with it, not only the first. */
export class ScenarioError extends ErgoflowError {
  override name = 'ScenarioError' as const;
  readonly issues: readonly Issue[];

  constructor(scenario: string, issues: readonly Issue[]) {
    super(`scenario "${scenario}":\n${issues.map((i) => `  ${i.path}: ${i.message}`).join('\n')}`);
    this.issues = issues;
  }
}

/** The coordinates, shortened to something a person reads. */
export function formatCoordinates(x: Float64Array): string {
  const shown = Array.from(x.subarray(0, 8), (v) => Number(v.toPrecision(6)));
  return `(${shown.join(', ')}${x.length > 8 ? `, … ${x.length} coordinates` : ''})`;
}
