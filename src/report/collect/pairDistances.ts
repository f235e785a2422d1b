import { uniformEdges } from '../../analysis/histogram.ts';
import { float64 } from '../../hybrid/dataset.ts';
import type { Plan } from '../../hybrid/plan.ts';
import type { RecordReader } from '../../hybrid/records.ts';
import type { PairDistances } from '../reportData.ts';
import { evenly } from './evenly.ts';
import { rounded } from './rounded.ts';
import { localRecords, type Recorded, weightyDraws } from './stateRecords.ts';

const BINS = 90;
/** Distances that a series may be made of, so that a report takes seconds. */
const MOST_DISTANCES = 4e6;
/** Pairs of one sort that a configuration may have: of 1400 particles that are alike. */
const MOST_OF_A_SORT = 1e6;
/** Records of a state that the axis is fitted to. */
const MOST_LOOKED_AT = 300;
/** Kinds of pairs, and states, that a figure has room for. */
const MOST_PAIRS = 2;
const MOST_STATES = 3;
/** Fewer effective draws than these make no distribution. */
const FEWEST = 50;

/** Pairs of one sort: within a kind, or of one particle of each of two kinds. */
interface Pairs {
  readonly kinds: readonly [number, number];
  readonly isWithin: boolean;
  /** Two particles a pair, `[2 n]`. */
  readonly members: Int32Array;
}

/** Configurations of one state with their weights. */
interface Sample {
  readonly records: RecordReader;
  readonly indices: readonly number[];
  /** `[indices]`; equal ones where undefined. */
  readonly weights: Float64Array | undefined;
}

/**
 * The pair distance distribution of identical particles, state by state: of the records of local moves, of the
 * flow's draws as they were drawn, and of the draws reweighted where their weights allow it.
 *
 *     p(r) = ⟨ Σ_pairs δ(r − r_ij) ⟩ / pairs,   ∫ p dr = 1
 *
 * It is no g(r): in a confined system there is no even density to divide by. Records count with the weight
 * that a bias in production gives them. At most 4·10⁶ distances a series, of configurations evenly spaced;
 * positions are read one at a time. Null where no kind has three particles, or every one has thousands.
 */
export function pairDistances(
  plan: Pick<Plan, 'states' | 'identicalParticles'>,
  production: Recorded,
  draws: Recorded | undefined,
): PairDistances | null {
  const labels = plan.identicalParticles;
  if (labels === undefined) return null;
  const pairs = sortsOfPairs(labels.kinds);
  if (pairs.length === 0) return null;
  const most = Math.floor(
    MOST_DISTANCES / Math.max(...pairs.map(({ members }) => members.length / 2)),
  );
  const states = plan.states.slice(0, MOST_STATES).map(({ name }, s) => {
    const local = localSample(production, s, most);
    const drawn = draws && drawnSample(draws, s, most);
    const effective = drawn === undefined ? 0 : effectiveNumber(drawn.weights);
    return { name, local, drawn, effective };
  });
  const reach = Math.max(...states.map(({ local }) => largestDistance(local, pairs, labels.space)));
  // No record of a local move: nothing to compare with.
  if (!(reach > 0)) return null;
  const edges = uniformEdges(0, rounded(1.02 * reach, 3), BINS);
  const panels = states.flatMap(({ name, local, drawn, effective }) => {
    const series = (
      [
        ['local', local],
        ['drawn', drawn && { ...drawn, weights: undefined }],
        ['reweighted', effective < FEWEST ? undefined : drawn],
      ] as const
    ).flatMap(([source, sample]) =>
      sample === undefined || sample.indices.length === 0
        ? []
        : [{ source, densities: densities(sample, pairs, labels.space, edges) }],
    );
    return pairs.map(({ kinds, isWithin }, p) => ({
      state: name,
      kinds,
      isWithin,
      series: series.map(({ source, densities: own }) => ({ source, ...own[p] })),
    }));
  });
  return {
    edges: Array.from(edges, (edge) => rounded(edge)),
    panels,
    samples: states.map(({ name, local, drawn, effective }) => ({
      state: name,
      local: local.indices.length,
      drawn: drawn?.indices.length ?? 0,
      effective: rounded(effective, 3),
    })),
  };
}

/** Within the larger kinds first, then between kinds; a kind of two has a single distance, and no distribution. */
function sortsOfPairs(kinds: readonly (readonly number[])[]): Pairs[] {
  const within = kinds
    .filter(({ length }) => length > 2 && (length * (length - 1)) / 2 <= MOST_OF_A_SORT)
    .toSorted((a, b) => b.length - a.length)
    .map(
      (kind): Pairs => ({
        kinds: [kind.length, kind.length],
        isWithin: true,
        members: Int32Array.from(kind.flatMap((i, n) => kind.slice(n + 1).flatMap((j) => [i, j]))),
      }),
    );
  const between = kinds.flatMap((one, k) =>
    kinds
      .slice(k + 1)
      .filter((other) => one.length * other.length <= MOST_OF_A_SORT)
      .map(
        (other): Pairs => ({
          kinds: [one.length, other.length],
          isWithin: false,
          members: Int32Array.from(one.flatMap((i) => other.flatMap((j) => [i, j]))),
        }),
      ),
  );
  return within.length === 0 ? [] : [...within, ...between].slice(0, MOST_PAIRS);
}

function localSample(production: Recorded, state: number, most: number): Sample {
  const { artifact, records } = production;
  const inside = localRecords(production, state);
  const indices = evenly(inside.length, most).map((n) => inside[n]);
  const logWeights = artifact.arrays['logWeights'] && float64(artifact, 'logWeights');
  return { records, indices, weights: logWeights && relative(indices, logWeights) };
}

function drawnSample(draws: Recorded, state: number, most: number): Sample {
  const { artifact, records } = draws;
  const inside = weightyDraws(draws, state);
  const indices = evenly(inside.length, most).map((n) => inside[n]);
  return { records, indices, weights: relative(indices, float64(artifact, 'logWeights')) };
}

/** Weights in units of the largest. */
function relative(indices: readonly number[], logWeights: Float64Array): Float64Array {
  const largest = indices.reduce((top, i) => Math.max(top, logWeights[i]), -Infinity);
  return Float64Array.from(indices, (i) => Math.exp(logWeights[i] - largest));
}

/** (Σw)²/Σw² */
function effectiveNumber(weights: Float64Array | undefined): number {
  if (weights === undefined || weights.length === 0) return 0;
  const sum = weights.reduce((a, w) => a + w, 0);
  return sum ** 2 / weights.reduce((a, w) => a + w * w, 0);
}

function largestDistance(
  { records, indices }: Sample,
  pairs: readonly Pairs[],
  space: number,
): number {
  let largest = 0;
  for (const n of evenly(indices.length, MOST_LOOKED_AT)) {
    const index = indices[n];
    const { data } = records.rows(index, index + 1);
    for (const { members } of pairs) {
      for (let m = 0; m < members.length; m += 2) {
        largest = Math.max(largest, distance(data, members[m], members[m + 1], space));
      }
    }
  }
  return largest;
}

function densities(
  { records, indices, weights }: Sample,
  pairs: readonly Pairs[],
  space: number,
  edges: Float64Array,
): { readonly density: number[]; readonly above: number }[] {
  const width = edges[1] - edges[0];
  // One more bin for what is beyond the axis.
  const counts = pairs.map(() => new Float64Array(BINS + 1));
  let total = 0;
  indices.forEach((index, n) => {
    const weight = weights === undefined ? 1 : weights[n];
    total += weight;
    const { data } = records.rows(index, index + 1);
    pairs.forEach(({ members }, p) => {
      const own = counts[p];
      for (let m = 0; m < members.length; m += 2) {
        const bin = Math.floor(distance(data, members[m], members[m + 1], space) / width);
        own[Math.min(bin, BINS)] += weight;
      }
    });
  });
  return pairs.map(({ members }, p) => {
    const all = (total * members.length) / 2;
    return {
      density: Array.from(counts[p].subarray(0, BINS), (count) => rounded(count / all / width, 4)),
      above: rounded(counts[p][BINS] / all, 3),
    };
  });
}

function distance(x: Float64Array, i: number, j: number, space: number): number {
  let square = 0;
  for (let d = 0; d < space; d++) square += (x[i * space + d] - x[j * space + d]) ** 2;
  return Math.sqrt(square);
}
