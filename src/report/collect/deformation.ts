import { batch } from '../../core/batch.ts';
import type { FlowDensity } from '../../flow/density.ts';
import type { Deformation, DeformedLine, Point } from '../reportData.ts';
import { evenly } from './evenly.ts';
import { rounded } from './rounded.ts';

const REACH = 3;
const SPACING = 0.5;
/** Points mapped along each line; where the flow stretches it across a barrier, all of them are needed. */
const POINTS = 361;
/** Points of an image closer together than this share of its size are left out. */
const FINEST = 0.006;

/**
 * A grid and the circles of 1, 2 and 3 standard deviations in latent space, with their images under the
 * flow; null unless it has two dimensions.
 */
export function deformation(flow: FlowDensity): Deformation | null {
  if (flow.dim !== 2) return null;
  const sigma = Math.sqrt(flow.priorVariance);
  const plain: { readonly kind: DeformedLine['kind']; readonly at: (t: number) => Point }[] = [];
  for (let at = -REACH; at <= REACH; at += SPACING) {
    plain.push({ kind: 'horizontal', at: (t) => [t * REACH * sigma, at * sigma] });
    plain.push({ kind: 'vertical', at: (t) => [at * sigma, t * REACH * sigma] });
  }
  for (const radius of [1, 2, 3]) {
    plain.push({
      kind: 'circle',
      at: (t) => [radius * sigma * Math.cos(Math.PI * t), radius * sigma * Math.sin(Math.PI * t)],
    });
  }
  const along = Array.from({ length: POINTS }, (_, i) => -1 + (2 * i) / (POINTS - 1));
  const z = Float64Array.from(plain.flatMap(({ at }) => along.flatMap(at)));
  const image = flow.forward(batch(z, 2)).value.data;
  const size = extent(image);
  return {
    lines: plain.map(({ kind, at }, l) => ({
      kind,
      latent: (kind === 'circle' ? evenly(POINTS, 121).map((i) => along[i]) : [-1, 1])
        .map(at)
        .map(shortened),
      image: thinned(
        along.map((_, p): Point => [image[2 * (l * POINTS + p)], image[2 * (l * POINTS + p) + 1]]),
        FINEST * size,
      ).map(shortened),
    })),
  };
}

/** The longer side of the box that holds all finite points. */
function extent(points: Float64Array): number {
  const sides = [0, 1].map((axis) => {
    const own = points.filter((value, i) => i % 2 === axis && Number.isFinite(value));
    return own.reduce((a, b) => Math.max(a, b), 0) - own.reduce((a, b) => Math.min(a, b), 0);
  });
  return Math.max(...sides);
}

function thinned(points: readonly Point[], finest: number): Point[] {
  const kept: Point[] = [];
  points.forEach(([x, y], i) => {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    const last = kept.at(-1);
    const near = last !== undefined && Math.hypot(x - last[0], y - last[1]) < finest;
    if (!near || i === points.length - 1) kept.push([x, y]);
  });
  return kept;
}

function shortened([x, y]: Point): Point {
  return [rounded(x), rounded(y)];
}
