import { select } from '../../core/batch.ts';
import type { FlowDensity } from '../../flow/density.ts';
import type { Dataset } from '../../hybrid/dataset.ts';
import type { LatentCloud } from '../reportData.ts';
import { evenly } from './evenly.ts';
import { rounded } from './rounded.ts';

const MOST = 700;

/** Held-out MD frames mapped to latent space, on the two axes where the states' means differ most. */
export function latentCloud(flow: FlowDensity, seeds: Dataset, states: number): LatentCloud | null {
  if (flow.dim < 2) return null;
  const chosen = evenly(seeds.heldOut.count, MOST);
  const z = flow.inverse(select(seeds.heldOut, chosen)).value;
  const labels = chosen.map((i) => seeds.heldOutLabels[i]);
  const spread = Array.from({ length: flow.dim }, (_, axis) => {
    const means = Array.from({ length: states }, (_unused, s) => {
      let sum = 0;
      let count = 0;
      labels.forEach((label, b) => {
        const value = z.data[b * flow.dim + axis];
        if (label !== s || !Number.isFinite(value)) return;
        sum += value;
        count++;
      });
      return count === 0 ? undefined : sum / count;
    }).filter((mean) => mean !== undefined);
    return means.length === 0 ? 0 : Math.max(...means) - Math.min(...means);
  });
  const byId = Array.from(spread.keys()).sort((a, b) => spread[b] - spread[a] || a - b);
  const [first, second] = byId.slice(0, 2).sort((a, b) => a - b);
  return {
    axes: [first, second],
    priorVariance: flow.priorVariance,
    points: labels.flatMap((state, b) => {
      const x = z.data[b * flow.dim + first];
      const y = z.data[b * flow.dim + second];
      return Number.isFinite(x) && Number.isFinite(y)
        ? [{ x: rounded(x, 4), y: rounded(y, 4), state }]
        : [];
    }),
  };
}
