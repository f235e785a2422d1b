import type { FitCheckpoint, FitPosition } from '../flow/fit.ts';
import type { StepperState } from '../flow/stepper.ts';
import type { Artifact } from './artifacts.ts';

const parts = ['weights', 'firstMoments', 'secondMoments', 'average'] as const;

/** A fit in its middle as data: weights, Adam moments and averaged weights by number, its position as JSON. */
export function fitArtifact({ state, position, average }: FitCheckpoint): Artifact {
  const lists = { ...state, average: average ?? [] };
  return {
    arrays: Object.fromEntries(
      parts.flatMap((part) => lists[part].map((array, i) => [`${part}/${i}`, array] as const)),
    ),
    meta: { position, steps: state.steps },
  };
}

/** The opposite of `fitArtifact`, bit for bit. @throws {TypeError} where an array is no float32 one. */
export function fitCheckpointFrom(artifact: Artifact): FitCheckpoint {
  const { position, steps } = artifact.meta as { position: FitPosition; steps: number };
  const list = (part: (typeof parts)[number]): Float32Array[] => {
    const arrays: Float32Array[] = [];
    for (let i = 0; `${part}/${i}` in artifact.arrays; i++) {
      const array = artifact.arrays[`${part}/${i}`];
      if (!(array instanceof Float32Array))
        throw new TypeError(`fit: "${part}/${i}" is no float32`);
      arrays.push(array);
    }
    return arrays;
  };
  const state: StepperState = {
    weights: list('weights'),
    firstMoments: list('firstMoments'),
    secondMoments: list('secondMoments'),
    steps,
  };
  const average = list('average');
  return { state, position, ...(average.length > 0 && { average }) };
}
