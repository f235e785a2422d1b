import { batch } from '../../core/batch.ts';
import type { FlowDensity } from '../../flow/density.ts';
import type { Deformation, DeformedLine, Point } from '../reportData.ts';
import { rounded } from './rounded.ts';

const REACH = 3;
const SPACING = 0.5;
const POINTS = 161;

/**
 * A grid and the circles of 1, 2 and 3 standard deviations in latent space, with their images under the
 * flow; null unless it has two dimensions.
 */
export function deformation(flow: FlowDensity): Deformation | null {
  if (flow.dim !== 2) return null;
  const sigma = Math.sqrt(flow.priorVariance);
  const along = Array.from({ length: POINTS }, (_, i) => -1 + (2 * i) / (POINTS - 1));
  const plain: Omit<DeformedLine, 'image'>[] = [];
  for (let at = -REACH; at <= REACH; at += SPACING) {
    plain.push({
      kind: 'horizontal',
      latent: along.map((t) => [t * REACH * sigma, at * sigma]),
    });
    plain.push({ kind: 'vertical', latent: along.map((t) => [at * sigma, t * REACH * sigma]) });
  }
  for (const radius of [1, 2, 3]) {
    plain.push({
      kind: 'circle',
      latent: along.map((t) => [
        radius * sigma * Math.cos(Math.PI * t),
        radius * sigma * Math.sin(Math.PI * t),
      ]),
    });
  }
  const z = Float64Array.from(plain.flatMap((line) => line.latent.flat()));
  const image = flow.forward(batch(z, 2)).value.data;
  return {
    lines: plain.map((line, l) => ({
      ...line,
      latent: line.latent.map(([a, b]): Point => [rounded(a), rounded(b)]),
      image: line.latent.flatMap((_, p): Point[] => {
        const i = 2 * (l * POINTS + p);
        const seen = Number.isFinite(image[i]) && Number.isFinite(image[i + 1]);
        return seen ? [[rounded(image[i]), rounded(image[i + 1])]] : [];
      }),
    })),
  };
}
