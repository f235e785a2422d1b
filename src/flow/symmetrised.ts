import type { Batch } from '../core/batch.ts';
import { ShapeError } from '../core/errors.ts';
import { logMeanExp } from '../core/logSumExp.ts';
import { fold, integers, type Key } from '../core/rng.ts';
import type { Draws, FlowDensity } from './density.ts';
import { imagesOf, type SymmetryGroup } from './symmetryGroup.ts';

/**
 * A flow averaged over a group of symmetries:
 *
 *     q̄(x) = 1/n Σ_g q(g x),   drawn as g F(z), z ~ N(0, τ I), g evenly
 *
 * A density like any other, and as symmetric as the target, which the flow itself is only as far as it has
 * learnt. By the convexity of the divergence KL(p‖q̄) ≤ the mean of KL(p‖q ∘ g), and what one order of the
 * coordinates gets wrong another may get right. It costs n passes where the flow costs one.
 *
 * It has no single latent point: `forward`, `inverse` and the `z` of a draw are those of the flow, and belong to
 * the image that was drawn.
 */
export function symmetrised(flow: FlowDensity, group: SymmetryGroup): FlowDensity {
  const { maps } = group;

  function logProb(x: Batch): Float64Array {
    const images = imageLogProbs(flow, group, x);
    return Float64Array.from({ length: x.count }, (_, b) =>
      logMeanExp(images.map((one) => one[b])),
    );
  }

  return {
    ...flow,
    name: `${flow.name} over ${maps.length} symmetries`,
    mixture: { flow, group },
    sample(count: number, key: Key): Draws {
      const drawn = flow.sample(count, key);
      const chosen = integers(fold(key, 'image'), count, maps.length);
      const x = imagesOf(drawn.x, chosen, maps.length, (n, own) => maps[n].apply(own));
      let known: Float64Array | undefined;
      return {
        z: drawn.z,
        x,
        // n passes, which moves that evaluate their draws anyway do without.
        get logProb() {
          known ??= logProb(x);
          return known;
        },
      };
    },
    logProb,
  };
}

/** log q(g x) of the flow itself for every map g, `[n][B]`. */
export function imageLogProbs(
  flow: FlowDensity,
  { maps }: SymmetryGroup,
  x: Batch,
): Float64Array[] {
  if (x.dim !== flow.dim) {
    throw new ShapeError(`flow ${flow.name} maps ${flow.dim} coordinates, got rows of ${x.dim}`);
  }
  return maps.map((map) => flow.logProb(map.apply(x)));
}
