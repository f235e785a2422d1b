import { type Batch, batch } from '../core/batch.ts';
import { ErgoflowError } from '../core/errors.ts';
import { gaussLegendre } from './gaussLegendre.ts';

/** Tells which of the states (or bins) 0, 1, 2 … each configuration is in, `[B]`; −1 for none. */
export type Labeller = (x: Batch) => Int32Array;

export interface LabelledIntegrand {
  /** A non-negative density and anything to be averaged over it, as `[B, C]` row by row; smooth. */
  readonly components: number;
  evaluate(x: Batch): Float64Array;
  /** Component 0 is integrated over each label's region too. */
  readonly label: Labeller;
  readonly labels: number;
}

export interface LabelledIntegrals {
  /** ∫ of each component over the box, `[C]`. */
  readonly components: Float64Array;
  /** ∫ of component 0 over the region of each label, `[labels]`. */
  readonly labels: Float64Array;
  /** The largest estimated error of any of them, relative to it. */
  readonly relativeError: number;
  /** Configurations evaluated. */
  readonly evaluations: number;
}

/** The ends of the box along each of one or two coordinates. */
export type Box = readonly (readonly [number, number])[];

/**
 * Integrals over a box of one or two dimensions and over the labelled regions within it, to a stated
 * relative error, although the regions have sharp edges.
 *
 * Along the first coordinate: Gauss–Legendre on panels that are cut where the label changes, the place of
 * the change found by bisection, so that every piece is smooth. Along the second one: the resulting line
 * integrals are continuous but for edges parallel to the first coordinate; the range is cut where the label
 * changes on the left, middle and right vertical of the box (there run such edges, and there others leave
 * the box), then halved until both halves add up to the whole. Panels along the first coordinate are
 * doubled until nothing changes. A region or a peak narrower than the node spacing, about 1/100 of the
 * box, may be missed.
 * @throws {ErgoflowError} where the error is not reached within some 10⁷ configurations: the density has
 *   an edge of its own, such as a wall, or a peak too sharp for the box.
 */
export function labelledIntegral(
  integrand: LabelledIntegrand,
  box: Box,
  relativeError: number,
): LabelledIntegrals {
  let evaluations = 0;
  let coarse: Totals | undefined;
  for (let panels = 16; panels <= 1024; panels *= 2) {
    const fine = integrateBox(integrand, box, panels, relativeError, MAX_EVALUATIONS - evaluations);
    if (fine === undefined) break;
    evaluations += fine.evaluations;
    if (coarse !== undefined) {
      const previous = coarse.sums;
      let error = fine.relativeError;
      fine.sums.forEach((sum, c) => {
        if (sum !== previous[c]) {
          error = Math.max(error, Math.abs(sum - previous[c]) / Math.abs(sum));
        }
      });
      if (error <= relativeError) {
        return {
          components: fine.sums.slice(0, integrand.components),
          labels: fine.sums.slice(integrand.components),
          relativeError: error,
          evaluations,
        };
      }
    }
    coarse = fine;
  }
  throw new ErgoflowError(
    `quadrature did not reach a relative error of ${relativeError} with ${MAX_EVALUATIONS} configurations: ` +
      'the density has an edge, or is too sharp for the box',
  );
}

interface Totals {
  /** `[C + labels]` */
  readonly sums: Float64Array;
  readonly relativeError: number;
  readonly evaluations: number;
}

function integrateBox(
  integrand: LabelledIntegrand,
  box: Box,
  panels: number,
  relativeError: number,
  budget: number,
): Totals | undefined {
  const line = lineIntegrator(integrand, box, panels);
  if (box.length === 1) {
    const sums = line.at([]);
    return { sums, relativeError: 0, evaluations: line.evaluations() };
  }
  const over = (a: number, b: number): Float64Array => {
    const sums = new Float64Array(integrand.components + integrand.labels);
    OUTER.nodes.forEach((node, i) => {
      const own = line.at([a + ((b - a) * (node + 1)) / 2]);
      const weight = (OUTER.weights[i] * (b - a)) / 2;
      for (let c = 0; c < sums.length; c++) sums[c] += weight * own[c];
    });
    return sums;
  };

  const cuts = outerCuts(integrand.label, box);
  const pending = cuts
    .slice(1)
    .map((b, i) => ({ a: cuts[i], b, whole: over(cuts[i], b), depth: 0 }));
  const scale = new Float64Array(integrand.components + integrand.labels);
  for (const { whole } of pending) for (let c = 0; c < scale.length; c++) scale[c] += whole[c];
  const sums = new Float64Array(scale.length);
  const errors = new Float64Array(scale.length);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (line.evaluations() > budget) return undefined;
    const { a, b, whole, depth } = next;
    const middle = (a + b) / 2;
    const left = over(a, middle);
    const right = over(middle, b);
    const isClose = whole.every(
      (value, c) =>
        Math.abs(left[c] + right[c] - value) <= (relativeError / 64) * Math.abs(scale[c]),
    );
    if (isClose || depth === MAX_HALVINGS) {
      for (let c = 0; c < sums.length; c++) {
        sums[c] += left[c] + right[c];
        errors[c] += Math.abs(left[c] + right[c] - whole[c]);
      }
    } else {
      pending.push({ a, b: middle, whole: left, depth: depth + 1 });
      pending.push({ a: middle, b, whole: right, depth: depth + 1 });
    }
  }
  const relative = errors.map((error, c) => (error === 0 ? 0 : error / Math.abs(sums[c])));
  return { sums, relativeError: Math.max(...relative), evaluations: line.evaluations() };
}

/** Integrals along the first coordinate, the second one (if any) held fixed. */
function lineIntegrator(integrand: LabelledIntegrand, box: Box, panels: number) {
  const [from, to] = box[0];
  const dim = box.length;
  let evaluations = 0;
  // Panel edges and nodes, ascending: where the label is looked at.
  const probes: number[] = [];
  for (let p = 0; p < panels; p++) {
    const start = from + ((to - from) * p) / panels;
    const width = (to - from) / panels;
    probes.push(start);
    for (const node of INNER.nodes) probes.push(start + (width * (node + 1)) / 2);
  }
  probes.push(to);
  const perPanel = INNER.nodes.length + 1;

  return {
    evaluations: () => evaluations,
    at(fixed: readonly number[]): Float64Array {
      const place = (points: readonly number[]): Batch => {
        const data = new Float64Array(points.length * dim);
        points.forEach((x, i) => {
          data[i * dim] = x;
          if (dim === 2) data[i * dim + 1] = fixed[0];
        });
        return batch(data, dim);
      };
      const jumps = labelJumps((points) => integrand.label(place(points)), probes);
      const ends: number[] = [];
      for (let i = 0; i < probes.length; i += perPanel) ends.push(probes[i]);
      ends.push(...jumps);
      ends.sort((a, b) => a - b);

      const points: number[] = [];
      const weights: number[] = [];
      const middles: number[] = [];
      const counts: number[] = [];
      for (let i = 0; i + 1 < ends.length; i++) {
        const width = ends[i + 1] - ends[i];
        if (width === 0) continue;
        // A sliver between two jumps needs fewer nodes than a whole panel for the same error.
        const rule = width * panels * 4 < to - from ? SLIVER : INNER;
        rule.nodes.forEach((node, j) => {
          points.push(ends[i] + (width * (node + 1)) / 2);
          weights.push((rule.weights[j] * width) / 2);
        });
        counts.push(rule.nodes.length);
        middles.push(ends[i] + width / 2);
      }
      const values = integrand.evaluate(place(points));
      const labels = integrand.label(place(middles));
      evaluations += points.length;

      const { components } = integrand;
      const sums = new Float64Array(components + integrand.labels);
      let i = 0;
      counts.forEach((count, piece) => {
        for (const end = i + count; i < end; i++) {
          for (let c = 0; c < components; c++) sums[c] += weights[i] * values[i * components + c];
          if (labels[piece] >= 0) {
            sums[components + labels[piece]] += weights[i] * values[i * components];
          }
        }
      });
      return sums;
    },
  };
}

/** Where along ascending `probes` the label changes, by bisection to the last bits, all at once. */
function labelJumps(
  label: (points: readonly number[]) => Int32Array,
  probes: readonly number[],
): number[] {
  const seen = label(probes);
  const low: number[] = [];
  const high: number[] = [];
  const below: number[] = [];
  for (let i = 0; i + 1 < probes.length; i++) {
    if (seen[i] === seen[i + 1]) continue;
    low.push(probes[i]);
    high.push(probes[i + 1]);
    below.push(seen[i]);
  }
  if (low.length === 0) return low;
  const finest = 1e-13 * (probes[probes.length - 1] - probes[0]);
  while (high.some((h, i) => h - low[i] > finest)) {
    const middle = low.map((l, i) => (l + high[i]) / 2);
    label(middle).forEach((found, i) => {
      if (found === below[i]) low[i] = middle[i];
      else high[i] = middle[i];
    });
  }
  return low.map((l, i) => (l + high[i]) / 2);
}

/** Equal parts of the second coordinate's range, and the label's changes on three verticals. */
function outerCuts(label: Labeller, box: Box): number[] {
  const [from, to] = box[1];
  const probes = Array.from({ length: 241 }, (_, i) => from + ((to - from) * i) / 240);
  const cuts = probes.filter((_, i) => i % 24 === 0);
  const [left, right] = box[0];
  for (const x of [left, (left + right) / 2, right]) {
    cuts.push(
      ...labelJumps(
        (points) => label(batch(Float64Array.from(points.flatMap((y) => [x, y])), 2)),
        probes,
      ),
    );
  }
  cuts.sort((a, b) => a - b);
  // Two verticals may report one horizontal edge twice, a rounding apart.
  return cuts.filter((y, i) => i === 0 || y - cuts[i - 1] > 1e-12 * (to - from));
}

const INNER = gaussLegendre(10);
const SLIVER = gaussLegendre(5);
const OUTER = gaussLegendre(7);
const MAX_HALVINGS = 45;
// Some seconds of a cheap potential; a smooth one needs a few hundredths of it.
const MAX_EVALUATIONS = 1e7;
