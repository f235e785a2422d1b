/**
 * What stands around the body of a generated loop: where its variables come from and its slopes go to.
 *
 * Source text of ours alone. Inside, `term` counts the terms and `v0`, `v1`, … are their variables; the
 * body leaves the energy in `total` and hands its slopes to `store`.
 */
export interface LoopFrame {
  /** What is bound to the function once: arrays of indices, by the name that the source uses. */
  readonly bound: Readonly<Record<string, unknown>>;
  /** The parameters of the function. */
  readonly parameters: readonly string[];
  readonly open: readonly string[];
  /** Stores ∂u/∂v₀, ∂u/∂v₁, …, given as names or numbers; absent from a loop that needs no slopes. */
  store?(slopes: readonly string[]): readonly string[];
  readonly close: readonly string[];
}

/** Two loops over the same terms, for energies alone and with slopes. */
export interface LoopFrames {
  readonly energy: LoopFrame;
  readonly gradient: LoopFrame;
}

/** Loops over the terms `from` to `to` with their variables in an array, `[terms, V]`. */
export function arrayFrames(variables: number): LoopFrames {
  const energy: LoopFrame = {
    bound: {},
    parameters: ['values', 'from', 'to'],
    open: [
      'for (let term = from; term < to; term++) {',
      ...Array.from({ length: variables }, (_, v) => `const v${v} = values[${at(variables, v)}];`),
    ],
    close: ['}'],
  };
  return {
    energy,
    gradient: {
      ...energy,
      parameters: [...energy.parameters, 'slopes'],
      store: (slopes) => slopes.map((slope, v) => `slopes[${at(variables, v)}] = ${slope};`),
    },
  };
}

/** The place of the `offset`-th of the `width` numbers that a term has in an array. */
export function at(width: number, offset: number): string {
  return width === 1 ? 'term' : `term * ${width} + ${offset}`;
}
