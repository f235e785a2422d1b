import { batch } from '../core/batch.ts';
import type { ChainState } from '../core/kernel.ts';
import type { Artifact, ArtifactArray } from './artifacts.ts';
import { float64, uint8 } from './dataset.ts';

/** A chain state as arrays of an artifact, under names that begin with `state/`. */
export function chainArrays(state: ChainState): Record<string, ArtifactArray> {
  const { positions, energy, gradient, velocities, density } = state;
  return {
    'state/positions': positions.data,
    'state/energy': energy,
    'state/gradient': gradient,
    ...(velocities === undefined ? {} : { 'state/velocities': velocities }),
    ...(density === undefined
      ? {}
      : { 'state/logProb': density.logProb, 'state/invertible': density.invertible }),
  };
}

/**
 * The opposite of `chainArrays`, bit for bit: nothing is evaluated and nothing booked.
 * @param owner the flow that a cached density belongs to.
 */
export function chainStateFrom(
  artifact: Artifact,
  dim: number,
  owner: object | undefined,
): ChainState {
  const { arrays } = artifact;
  return {
    positions: batch(float64(artifact, 'state/positions'), dim),
    energy: float64(artifact, 'state/energy'),
    gradient: float64(artifact, 'state/gradient'),
    velocities:
      arrays['state/velocities'] === undefined ? undefined : float64(artifact, 'state/velocities'),
    density:
      arrays['state/logProb'] === undefined || owner === undefined
        ? undefined
        : {
            owner,
            logProb: float64(artifact, 'state/logProb'),
            invertible: uint8(artifact, 'state/invertible'),
          },
  };
}

/** The state of a checkpoint, or else what `begin` makes: it evaluates, so it runs only then. */
export function resumedState(
  saved: Artifact | undefined,
  dim: number,
  owner: object | undefined,
  begin: () => ChainState,
): ChainState {
  return saved === undefined ? begin() : chainStateFrom(saved, dim, owner);
}
