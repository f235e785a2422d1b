import { type Batch, batch, row, select } from '../../core/batch.ts';
import { softmax } from '../../core/logSumExp.ts';
import { fold, integers, uniform } from '../../core/rng.ts';
import type { FlowDensity } from '../../flow/density.ts';
import type { FlowScore } from '../../flow/flowScore.ts';
import { imagesOf } from '../../flow/symmetryGroup.ts';
import { type Bridge, type BridgePoint, logDensityGain } from './flowBridge.ts';

/**
 * The bridge from a flow that is averaged over symmetries, made of the bridge `path` from the flow itself:
 *
 *     log π_β(x) = ln Σ_g q(g x)^(1 − β) − β U(x)/kT + const.
 *
 * A move draws one image of x, with the probability q(g x)^(1 − β)/Σ_h q(h x)^(1 − β), and moves it by the
 * flow's own bridge. What a point holds is this image: all images of a configuration are one and the same to
 * π_β, on which every move is reversible, and to the energy. `settle` draws one evenly at the end. So the force
 * needs the score of one image, and the densities of all images are needed once a move.
 */
export function imageBridge(
  path: Bridge,
  { flow, group }: NonNullable<FlowDensity['mixture']>,
  score: FlowScore,
  kT: number,
): Bridge {
  const { maps, identity } = group;

  /** log q of all images; that of the point itself is known, and shared. */
  const imagesAt = (x: Batch, logProb: Float64Array): Float64Array[] =>
    maps.map((map, n) => (n === identity ? logProb : flow.logProb(map.apply(x))));

  /** Puts the chosen image in the place of every row. */
  function represent(point: BridgePoint, chosen: ArrayLike<number>): void {
    const { x, gradient, logProb, images } = point;
    const { count, dim } = x;
    const turned: number[] = [];
    for (let b = 0; b < count; b++) if (chosen[b] !== identity) turned.push(b);
    if (turned.length === 0) return;
    const own = turned.map((b) => chosen[b]);
    const place = imagesOf(select(x, turned), own, maps.length, (n, rows) => maps[n].apply(rows));
    const force = imagesOf(select(batch(gradient, dim), turned), own, maps.length, (n, rows) =>
      group.turn(n, rows),
    );
    const towards = batch(score.score(place), dim);
    turned.forEach((b, i) => {
      x.data.set(row(place, i), b * dim);
      gradient.set(row(force, i), b * dim);
      point.score.set(row(towards, i), b * dim);
      logProb[b] = images[own[i]][b];
    });
  }

  function refresh({ x, logProb, images }: BridgePoint): void {
    imagesAt(x, logProb).forEach((found, n) => {
      images[n].set(found);
    });
  }

  return {
    point(x, known) {
      const point = path.point(x, known);
      return { ...point, images: imagesAt(point.x, point.logProb) };
    },
    gain: (point, from, to) => logDensityGain(point, kT, from, to),
    move(point, beta, key) {
      const coins = uniform(fold(key, 'image'), point.x.count);
      const chosen = coins.map((coin, b) =>
        drawn(softmax(point.images.map((one) => (1 - beta) * one[b])), coin, identity),
      );
      represent(point, chosen);
      path.move(point, beta, fold(key, 'move'));
      refresh(point);
    },
    settle(point, key) {
      represent(point, integers(key, point.x.count, maps.length));
      refresh(point);
    },
  };
}

/** Which of the shares a coin in [0, 1) falls into; `none` where there are none, for a path that will be refused. */
function drawn(shares: Float64Array, coin: number, none: number): number {
  let left = coin;
  for (let n = 0; n < shares.length; n++) {
    left -= shares[n];
    if (left < 0) return n;
  }
  // Rounding has left a little of the coin, or all of the shares are 0 or not numbers.
  const last = shares.findLastIndex((share) => share > 0);
  return last < 0 ? none : last;
}
