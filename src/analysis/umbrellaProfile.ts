import { ErgoflowError, ShapeError } from '../core/errors.ts';
import { at, fold, type Key, uniform } from '../core/rng.ts';
import type { Estimate } from './estimate.ts';
import { uniformEdges } from './histogram.ts';
import { type Mbar, mbar } from './mbar.ts';
import type { Profile } from './profile.ts';
import { splitRhat } from './splitRhat.ts';
import { type CellCounts, cellCounts, reducedBiases } from './umbrellaCells.ts';

/** Records of s from harmonic windows ½ κ (s − c)², several chains each. */
export interface WindowSeries {
  /** `[W]` */
  readonly windows: readonly { readonly center: number; readonly stiffness: number }[];
  /** s of every record, `[W][C][n]`. */
  readonly values: readonly (readonly Float64Array[])[];
}

/** The axis of the profile, and how its errors are found. */
export interface UmbrellaProfileOptions {
  /** k_B T, in the unit of κ s². */
  readonly kT: number;
  /** Where the profile begins and ends, and its bins. Records outside still count. */
  readonly min: number;
  readonly max: number;
  readonly bins: number;
  /** Resamples of the bootstrap; 200 by default. */
  readonly replicates?: number;
  readonly key: Key;
}

/** A free-energy profile from umbrella windows. */
export interface UmbrellaProfile {
  /** Errors are those of −ln P of the bin, with P normalised over all records. */
  readonly profile: Profile;
  /** F of each restrained ensemble minus that of the first, kT, `[W]`. */
  readonly windowFreeEnergies: readonly Estimate[];
  /** F(s ≥ threshold) − F(s < threshold), kT. */
  difference(threshold: number): Estimate;
  /** O, `[W][W]`: the chance to find a record of one window in another. */
  readonly overlap: readonly (readonly number[])[];
  /** Neighbours along s whose overlap is below 0.03, in words; empty where all is well. */
  readonly weakLinks: readonly string[];
  /** Split R̂ of the chains of each window, `[W]`; undefined where it cannot be known. */
  readonly rhat: readonly (number | undefined)[];
}

/** Klimovich, Shirts & Mobley, J. Comput.-Aided Mol. Des. 29, 397, 2015: at least this. */
const LEAST_OVERLAP = 0.03;

/**
 * The unbiased profile and free energies from umbrella windows, by MBAR.
 *
 *     p(s) = Σₙ δ(s − sₙ) / Σ_w n_w exp(f_w − ½ κ_w (sₙ − c_w)² / kT)
 *
 * The biases depend on s alone, so records that agree in it to a twenty-fifth of the narrowest window are
 * pooled, and MBAR sees their number. No record is thrown away for being correlated: errors come from
 * resampling whole chains, within each window, with the whole estimate made anew. They hold if the chains
 * of a window are independent and long enough to agree, which `rhat` tells.
 * Shirts & Chodera, J. Chem. Phys. 129, 124105, 2008. doi:10.1063/1.2978177
 * @throws {ErgoflowError} naming the windows that do not overlap.
 * @throws {ShapeError} where windows and series do not match. @throws {RangeError} below two chains a window.
 */
export function umbrellaProfile(
  series: WindowSeries,
  options: UmbrellaProfileOptions,
): UmbrellaProfile {
  const { kT, min, max, bins, key, replicates = 200 } = options;
  const { windows, values } = series;
  expectSeries(series);
  expectNeighbours(series);
  const cells = cellCounts(series, { kT, min, width: (max - min) / bins });
  const biases = reducedBiases(windows, cells.positions, kT);
  const counts = values.map((chains) => chains.reduce((sum, chain) => sum + chain.length, 0));

  const solved = solve(biases, counts, cells.total, undefined, windows);
  const overlap = solved.overlap();
  // Without any bias all reduced energies are 0, and the weights are the shares of the cells.
  const nothing = new Float64Array(cells.positions.length);
  const probability = solved.weightsOf(nothing);
  const resamples = Array.from({ length: replicates }, (_, r) => {
    const { total, sizes } = resampled(cells, at(fold(key, 'chains'), r));
    const again = solve(biases, sizes, total, solved.freeEnergies, windows);
    return { probability: again.weightsOf(nothing), freeEnergies: again.freeEnergies };
  });

  /** Resampling C chains sees (C − 1)/C of their variance. */
  const chains = Math.min(...values.map((own) => own.length));
  const small = Math.sqrt(chains / (chains - 1));
  const estimate = (of: (p: Float64Array, f: Float64Array) => number): Estimate => ({
    value: of(probability, solved.freeEnergies),
    standardError: small * deviation(resamples.map((one) => of(one.probability, one.freeEnergies))),
  });
  /** −ln of the probability that s lies in [from, to), in kT. */
  const freeEnergyOf = (p: Float64Array, from: number, to: number): number => {
    let sum = 0;
    cells.positions.forEach((s, c) => {
      if (s >= from && s < to) sum += p[c];
    });
    return -Math.log(sum);
  };

  const edges = uniformEdges(min, max, bins);
  const inBins = Array.from({ length: bins }, (_, k) =>
    estimate((p) => freeEnergyOf(p, edges[k], edges[k + 1])),
  );
  return {
    profile: profileFrom(edges, inBins),
    windowFreeEnergies: windows.map((_, w) => estimate((_p, f) => f[w])),
    difference: (threshold) =>
      estimate((p) => freeEnergyOf(p, threshold, Infinity) - freeEnergyOf(p, -Infinity, threshold)),
    overlap,
    weakLinks: neighbours(windows)
      .filter(([i, j]) => overlap[i][j] < LEAST_OVERLAP)
      .map(([i, j]) => `${pairName(windows, i, j)} overlap by ${overlap[i][j].toPrecision(2)}`),
    rhat: values.map((own) => splitRhat(own)),
  };
}

function solve(
  biases: readonly Float64Array[],
  counts: readonly number[],
  multiplicities: Float64Array,
  initial: Float64Array | undefined,
  windows: WindowSeries['windows'],
): Mbar {
  try {
    return mbar(biases, counts, { multiplicities, ...(initial && { initial }) });
  } catch (error) {
    if (!(error instanceof ErgoflowError)) throw error;
    throw new ErgoflowError(
      `umbrella: ${windows.length} windows from ${windows[0].center} to ` +
        `${windows[windows.length - 1].center} do not join into one profile (${error.message}); ` +
        'add windows, make them softer or sample them longer',
    );
  }
}

function resampled(
  cells: CellCounts,
  key: Key,
): { readonly total: Float64Array; readonly sizes: number[] } {
  const total = new Float64Array(cells.positions.length);
  const sizes = cells.chains.map((chains, w) => {
    const coins = uniform(at(key, w), chains.length);
    let size = 0;
    for (const coin of coins) {
      const pick = chains[Math.floor(coin * chains.length)];
      for (let c = 0; c < total.length; c++) total[c] += pick[c];
      size += pick.reduce((sum, n) => sum + n, 0);
    }
    return size;
  });
  return { total, sizes };
}

function profileFrom(edges: Float64Array, bins: readonly Estimate[]): Profile {
  // An empty bin has an infinite free energy, and no error.
  const freeEnergy = Float64Array.from(bins, ({ value }) => value);
  const lowest = Math.min(...freeEnergy);
  const standardError = bins.map(({ value, standardError: error }) =>
    Number.isFinite(value) && Number.isFinite(error) && error > 0 ? error : undefined,
  );
  return {
    edges,
    freeEnergy: freeEnergy.map((f) => f - lowest),
    standardError,
    effectiveCount: Float64Array.from(standardError, (e) => (e === undefined ? 0 : 1 / e ** 2)),
  };
}

function expectSeries({ windows, values }: WindowSeries): void {
  if (windows.length !== values.length) {
    throw new ShapeError(`umbrella: ${windows.length} windows and ${values.length} series`);
  }
  values.forEach((chains, w) => {
    if (chains.length >= 2) return;
    throw new RangeError(
      `umbrella: window ${w} (center ${windows[w].center}) expected at least two chains, got ${chains.length}`,
    );
  });
}

/** Windows whose records do not even reach each other have no relative free energy. */
function expectNeighbours({ windows, values }: WindowSeries): void {
  const extremes = values.map((chains) => {
    let [least, most] = [Infinity, -Infinity];
    for (const chain of chains) {
      for (const s of chain) {
        if (s < least) least = s;
        if (s > most) most = s;
      }
    }
    return { least, most };
  });
  const apart = neighbours(windows).filter(([i, j]) => extremes[i].most < extremes[j].least);
  if (apart.length === 0) return;
  throw new ErgoflowError(
    `umbrella: ${apart
      .map(
        ([i, j]) =>
          `${pairName(windows, i, j)} do not overlap: records up to ${extremes[i].most.toPrecision(4)} ` +
          `and from ${extremes[j].least.toPrecision(4)}`,
      )
      .join('; ')}; add windows between them or make them softer`,
  );
}

/** Windows next to each other along s, as pairs of their indices. */
function neighbours(windows: WindowSeries['windows']): [number, number][] {
  const order = windows.map((_, w) => w).sort((a, b) => windows[a].center - windows[b].center);
  return order.slice(1).map((w, i) => [order[i], w]);
}

function pairName(windows: WindowSeries['windows'], i: number, j: number): string {
  return `windows ${i} (center ${windows[i].center}) and ${j} (center ${windows[j].center})`;
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1));
}
