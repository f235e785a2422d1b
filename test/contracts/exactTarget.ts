import { type Batch, batch } from '../../src/core/batch.ts';
import type { Potential } from '../../src/core/potential.ts';
import { at, fold, type Key, normal, uniform } from '../../src/core/rng.ts';
import { definePotential } from '../../src/md/definePotential.ts';
import { doubleWell } from '../../src/md/potentials/doubleWell.ts';

/** A Boltzmann distribution that is known through and through: drawn exactly, integrated numerically. */
export interface ExactTarget {
  readonly name: string;
  readonly potential: Potential;
  readonly kT: number;
  /** Independent draws from exp(−U/kT)/Z. */
  sample(count: number, key: Key): Batch;
  /** Functions of one configuration with their exact means. */
  readonly observables: readonly Observable[];
  /** A partition of configuration space with its exact probabilities. */
  readonly bins: Bins;
}

export interface Observable {
  readonly name: string;
  value(x: Float64Array, offset: number): number;
  readonly mean: number;
}

export interface Bins {
  readonly probability: Float64Array;
  of(x: Float64Array, offset: number): number;
}

/** A tilted quartic double well whose barrier every local kernel crosses now and then. */
export function quarticTarget(): ExactTarget {
  const kT = 0.7;
  const potential = doubleWell({ a4: 1, a2: 2, a1: 0.4, dim: 1 });
  const edges = [-3.2, -1.4, -1, -0.5, 0, 0.5, 1, 1.4, 3.2];
  const density = (x: number): number => Math.exp(-(x ** 4 - 2 * x ** 2 + 0.4 * x) / kT);
  return {
    name: 'quartic double well',
    potential,
    kT,
    sample: (count, key) => batch(inverseSamples(density, -3.2, 3.2, uniform(key, count)), 1),
    ...integrated(potential, kT, [edges], {
      x: (x, i) => x[i],
      'x²': (x, i) => x[i] ** 2,
      'x³': (x, i) => x[i] ** 3,
      U: (x, i) => x[i] ** 4 - 2 * x[i] ** 2 + 0.4 * x[i],
    }),
  };
}

/** Two wells along a bent valley: the coordinates do not separate, and their stiffnesses differ. */
export function bananaTarget(): ExactTarget {
  const kT = 0.8;
  const k = 4;
  const potential = definePotential({
    name: 'banana',
    dim: 2,
    energy: ([x, y]) => (x * x - 1) ** 2 + 0.5 * k * (y - 0.5 * x * x) ** 2,
    gradient([x, y], out) {
      const bend = y - 0.5 * x * x;
      out[0] = 4 * x * (x * x - 1) - k * bend * x;
      out[1] = k * bend;
    },
  });
  const edges = [
    [-2.6, -1, 0, 1, 2.6],
    [-3.2, 0.2, 0.8, 6],
  ];
  const density = (x: number): number => Math.exp(-((x * x - 1) ** 2) / kT);
  return {
    name: 'bent valley',
    potential,
    kT,
    sample(count, key) {
      const x = inverseSamples(density, -2.6, 2.6, uniform(fold(key, 'x'), count));
      const bend = normal(fold(key, 'bend'), count);
      const data = new Float64Array(2 * count);
      for (let b = 0; b < count; b++) {
        data[2 * b] = x[b];
        data[2 * b + 1] = 0.5 * x[b] * x[b] + Math.sqrt(kT / k) * bend[b];
      }
      return batch(data, 2);
    },
    ...integrated(potential, kT, edges, {
      x: (x, i) => x[i],
      'x²': (x, i) => x[i] ** 2,
      y: (x, i) => x[i + 1],
      'y²': (x, i) => x[i + 1] ** 2,
      'x y': (x, i) => x[i] * x[i + 1],
      'x² y': (x, i) => x[i] ** 2 * x[i + 1],
    }),
  };
}

/** Four wells that quarter turns map onto each other, and no mirror does. */
export function pinwheelTarget(): ExactTarget {
  const kT = 0.5;
  const potential = definePotential({
    name: 'pinwheel',
    dim: 2,
    energy: ([x, y]) => (x * x - 1) ** 2 + (y * y - 1) ** 2 + x ** 3 * y - x * y ** 3,
    gradient([x, y], out) {
      out[0] = 4 * x * (x * x - 1) + 3 * x * x * y - y ** 3;
      out[1] = 4 * y * (y * y - 1) + x ** 3 - 3 * x * y * y;
    },
  });
  const edges = [
    [-2.4, -0.9, 0.2, 2.4],
    [-2.4, -0.3, 0.8, 2.4],
  ];
  return {
    name: 'pinwheel',
    potential,
    kT,
    sample(count, key) {
      // U > −0.53, and beyond 9 at the edges of the box, e⁻¹⁸ of the largest weight.
      const data = new Float64Array(2 * count);
      let kept = 0;
      for (let block = 0; kept < count; block++) {
        const tries = uniform(fold(at(key, block), 'tries'), 2 * 4096).map((u) => 4.8 * u - 2.4);
        const coins = uniform(fold(at(key, block), 'coins'), 4096);
        const energy = potential.energy(batch(tries, 2));
        for (let b = 0; b < 4096 && kept < count; b++) {
          if (coins[b] >= Math.exp(-(energy[b] + 0.53) / kT)) continue;
          data.set(tries.subarray(2 * b, 2 * b + 2), 2 * kept++);
        }
      }
      return batch(data, 2);
    },
    ...integrated(potential, kT, edges, {
      x: (x, i) => x[i],
      y: (x, i) => x[i + 1],
      'x²': (x, i) => x[i] ** 2,
      'x y': (x, i) => x[i] * x[i + 1],
      'x² y': (x, i) => x[i] ** 2 * x[i + 1],
      'x³ y': (x, i) => x[i] ** 3 * x[i + 1],
    }),
  };
}

/** Bin probabilities and means of smooth functions, by Simpson's rule in every bin that `edges` span. */
function integrated(
  potential: Potential,
  kT: number,
  edges: readonly (readonly number[])[],
  functions: Readonly<Record<string, Observable['value']>>,
): Pick<ExactTarget, 'observables' | 'bins'> {
  const axes = edges.map((axis) => axis.length - 1);
  const probability = new Float64Array(axes.reduce((product, count) => product * count, 1));
  const names = Object.keys(functions);
  const sums = new Float64Array(names.length);
  let total = 0;
  for (let bin = 0; bin < probability.length; bin++) {
    const nodes = simpsonNodes(edges, bin);
    const energy = potential.energy(nodes.points);
    nodes.weights.forEach((weight, n) => {
      const mass = weight * Math.exp(-energy[n] / kT);
      probability[bin] += mass;
      names.forEach((name, f) => {
        sums[f] += mass * functions[name](nodes.points.data, n * potential.dim);
      });
    });
    total += probability[bin];
  }
  return {
    observables: names.map((name, f) => ({
      name,
      value: functions[name],
      mean: sums[f] / total,
    })),
    bins: {
      probability: probability.map((mass) => mass / total),
      of(x, offset) {
        let bin = 0;
        for (let d = 0; d < axes.length; d++) {
          // What lies beyond the outer edges has no weight to speak of, and belongs to the last bin.
          let cell = 0;
          while (cell < axes[d] - 1 && x[offset + d] >= edges[d][cell + 1]) cell++;
          bin = bin * axes[d] + cell;
        }
        return bin;
      },
    },
  };
}

function simpsonNodes(
  edges: readonly (readonly number[])[],
  bin: number,
): { points: Batch; weights: number[] } {
  const intervals = 80;
  let points: number[][] = [[]];
  let weights = [1];
  let rest = bin;
  for (const axis of edges.toReversed()) {
    const cell = rest % (axis.length - 1);
    rest = Math.floor(rest / (axis.length - 1));
    const width = (axis[cell + 1] - axis[cell]) / intervals;
    const nextPoints: number[][] = [];
    const nextWeights: number[] = [];
    points.forEach((point, n) => {
      for (let i = 0; i <= intervals; i++) {
        const factor = i === 0 || i === intervals ? 1 : i % 2 === 1 ? 4 : 2;
        nextPoints.push([axis[cell] + i * width, ...point]);
        nextWeights.push((weights[n] * factor * width) / 3);
      }
    });
    points = nextPoints;
    weights = nextWeights;
  }
  return { points: batch(Float64Array.from(points.flat()), edges.length), weights };
}

/** Draws from a density on [from, to] by inverting its cumulative sum, linear between 20 000 points. */
function inverseSamples(
  density: (x: number) => number,
  from: number,
  to: number,
  u: Float64Array,
): Float64Array {
  const cells = 20_000;
  const width = (to - from) / cells;
  const cumulative = new Float64Array(cells + 1);
  for (let i = 0; i < cells; i++) {
    cumulative[i + 1] = cumulative[i] + density(from + (i + 0.5) * width);
  }
  return u.map((share) => {
    const wanted = share * cumulative[cells];
    let low = 0;
    let high = cells;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] <= wanted) low = middle;
      else high = middle;
    }
    const inCell = (wanted - cumulative[low]) / (cumulative[high] - cumulative[low]);
    return from + (low + inCell) * width;
  });
}
