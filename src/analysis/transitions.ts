import { ShapeError } from '../core/errors.ts';

/** Journeys between the cores of K states, over all chains. */
export interface Transitions {
  /** Times core j was entered with core i the last one visited before, `[K][K]`; the diagonal is 0. */
  readonly counts: readonly (readonly number[])[];
  /** Those of them that were completed by a flow move, `[K][K]`. */
  readonly byFlow: readonly (readonly number[])[];
  /** Records that a flow move made, over all chains. */
  readonly flowMoves: number;
  /**
   * Records from entering core i to first reaching core j, `[K][K]`: time under way, unfinished journeys
   * included, per journey finished. Undefined for a journey never finished, and on the diagonal.
   */
  readonly meanFirstPassage: readonly (readonly (number | undefined)[])[];
  /** meanFirstPassage[i][j] + meanFirstPassage[j][i], records, `[K][K]`. */
  readonly meanRoundTrip: readonly (readonly (number | undefined)[])[];
}

/**
 * Counts journeys from core to core by the rule "last core visited": a chain belongs to the core it was
 * last in until it enters another, so that recrossing the region between two cores counts for nothing.
 *
 * A first-passage time is estimated as in survival analysis, total time at risk over events, so that the
 * journeys cut off by the end of a chain do not shorten it; exact for exponential waiting times.
 * Vanden-Eijnden, Venturoli, Ciccotti & Elber, J. Chem. Phys. 129, 174102, 2008. doi:10.1063/1.2996509
 * @param chains The core at each record of each chain, `[M][n]`; −1 between the cores.
 * @param flowMoves Whether a flow move made the record, `[n]`, the same schedule for all chains; a
 *   transition belongs to the move that entered the new core. None by default.
 * @throws {ShapeError} where the schedule is shorter or longer than a chain.
 */
export function countTransitions(
  chains: readonly ArrayLike<number>[],
  cores: number,
  flowMoves?: ArrayLike<boolean>,
): Transitions {
  const counts = matrix(cores);
  const byFlow = matrix(cores);
  const underWay = matrix(cores);
  const finished = matrix(cores);
  let flowRecords = 0;

  for (const chain of chains) {
    if (flowMoves !== undefined && flowMoves.length !== chain.length) {
      throw new ShapeError(`a schedule of ${flowMoves.length} for ${chain.length} records`);
    }
    let last = -1;
    const departed: (number | undefined)[][] = Array.from({ length: cores }, () =>
      new Array(cores).fill(undefined),
    );
    for (let n = 0; n < chain.length; n++) {
      const core = chain[n];
      const isFlowMove = flowMoves?.[n] === true;
      if (isFlowMove) flowRecords++;
      if (core < 0) continue;
      if (last >= 0 && core !== last) {
        counts[last][core]++;
        if (isFlowMove) byFlow[last][core]++;
      }
      last = core;
      for (let other = 0; other < cores; other++) {
        if (other === core) continue;
        const start = departed[other][core];
        if (start !== undefined) {
          underWay[other][core] += n - start;
          finished[other][core]++;
          departed[other][core] = undefined;
        }
        departed[core][other] ??= n;
      }
    }
    for (let i = 0; i < cores; i++) {
      for (let j = 0; j < cores; j++) {
        const start = departed[i][j];
        if (start !== undefined) underWay[i][j] += chain.length - 1 - start;
      }
    }
  }

  const meanFirstPassage = underWay.map((own, i) =>
    own.map((time, j) => (finished[i][j] === 0 ? undefined : time / finished[i][j])),
  );
  return {
    counts,
    byFlow,
    flowMoves: flowRecords,
    meanFirstPassage,
    meanRoundTrip: meanFirstPassage.map((own, i) =>
      own.map((there, j) => {
        const back = meanFirstPassage[j][i];
        return there === undefined || back === undefined ? undefined : there + back;
      }),
    ),
  };
}

/** All entries of a transition count, `[K][K]`. */
export function totalTransitions(counts: readonly (readonly number[])[]): number {
  return counts.reduce((sum, own) => sum + own.reduce((a, b) => a + b, 0), 0);
}

/**
 * The share of flow moves that changed the core, core to core (design rule 10); undefined without flow
 * moves. Its ideal is `idealUsefulAcceptance`.
 * @param flowMoves Flow moves tried; `transitions.flowMoves` where a record holds one move.
 */
export function usefulAcceptance(
  transitions: Transitions,
  flowMoves = transitions.flowMoves,
): number | undefined {
  return flowMoves === 0 ? undefined : totalTransitions(transitions.byFlow) / flowMoves;
}

/** What independent draws of the target reach: Σ pᵢ(1 − pᵢ), which is 2p(1 − p) for two states. */
export function idealUsefulAcceptance(populations: readonly number[]): number {
  return populations.reduce((sum, p) => sum + p * (1 - p), 0);
}

function matrix(size: number): number[][] {
  return Array.from({ length: size }, () => new Array<number>(size).fill(0));
}
