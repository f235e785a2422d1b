import { batch } from '../../core/batch.ts';
import type { BarrierEstimate } from '../../md/check/barrier.ts';
import type { Range } from '../stateAlong.ts';
import type { Basin, Basins } from './basins.ts';
import type { ProposedVariable } from './proposeVariable.ts';

/** A state as an interval of the collective variable, in numbers that a file can hold. */
export interface ProposedState {
  readonly name: string;
  readonly range: Range;
  readonly core: Range;
  readonly starts: readonly (readonly number[])[];
  /** U of its lowest minimum. */
  readonly energy: number;
}

/** Two basins whose frames overlap more than this along the variable become one state. */
const overlap = 0.02;
/** Digits of a threshold, and of a start. */
const digits = { threshold: 4, start: 7 } as const;

/**
 * Intervals of the collective variable, in its order: cut where the path between neighbours is highest,
 * or in the middle of the gap between their frames where that is not between them. A core ends halfway
 * from the middle of its basin to the cut.
 */
export function proposeStates(
  { basins, barrier }: Basins,
  proposed: ProposedVariable,
): {
  readonly states: readonly ProposedState[];
  /** Share of frames that lie in another state than the one they were drawn in. */
  readonly mistaken: number;
} {
  const { variable, values } = proposed;
  const ordered = basins
    .map((basin, k) => ({ members: [basin], values: values[k].slice().sort() }))
    .sort((a, b) => quantile(a.values, 0.5) - quantile(b.values, 0.5));
  const groups: { members: Basin[]; values: Float64Array }[] = [];
  for (const next of ordered) {
    const last = groups.at(-1);
    if (
      last !== undefined &&
      quantile(last.values, 1 - overlap) >= quantile(next.values, overlap)
    ) {
      last.members.push(...next.members);
      last.values = Float64Array.from([...last.values, ...next.values]).sort();
    } else groups.push({ ...next });
  }
  const cuts = groups.slice(1).map((right, k) => {
    const left = groups[k];
    return cutBetween(left.values, right.values, barrier(left.members[0], right.members[0]));
  });
  const states = groups.map(({ members, values: own }, k) => {
    const middle = quantile(own, 0.5);
    const from = cuts[k - 1];
    const below = cuts[k];
    const inner = (cut: number): number => rounded(middle + (cut - middle) / 2);
    const minima = members.flatMap((basin) => basin.minima);
    return {
      name: 'ABCDEFGH'[k],
      range: { ...(from === undefined ? {} : { from }), ...(below === undefined ? {} : { below }) },
      core: {
        ...(from === undefined ? {} : { from: inner(from) }),
        ...(below === undefined ? {} : { below: inner(below) }),
      },
      starts: minima
        .filter(({ x }) => {
          const [s] = variable.value(batch(x, x.length));
          return s >= (from ?? -Infinity) && s < (below ?? Infinity);
        })
        .map(({ x }) => Array.from(x, (value) => tidy(value))),
      energy: Math.min(...minima.map(({ energy }) => energy)),
    };
  });

  const strays = groups.flatMap(({ values: own }, k) =>
    Array.from(own).filter((v) => v < (cuts[k - 1] ?? -Infinity) || v >= (cuts[k] ?? Infinity)),
  );
  const frames = values.reduce((sum, own) => sum + own.length, 0);
  return { states, mistaken: strays.length / frames };

  function cutBetween(left: Float64Array, right: Float64Array, pass: BarrierEstimate): number {
    const [top] = variable.value(batch(pass.at, pass.at.length));
    const low = quantile(left, 1 - overlap);
    const high = quantile(right, overlap);
    return rounded(top > low && top < high ? top : (low + high) / 2);
  }
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

function rounded(value: number): number {
  return Number(value.toPrecision(digits.threshold));
}

/** Without the dust that minimisation leaves where zero is meant. */
function tidy(value: number): number {
  return Math.abs(value) < 1e-6 ? 0 : Number(value.toPrecision(digits.start));
}
