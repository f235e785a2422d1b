import { at, type Key } from '../../core/rng.ts';
import type { Bridge, BridgePoint } from './flowBridge.ts';

/**
 * Takes a point over the whole bridge, with a move at every level between, and returns the logarithm of
 * its weight, `[B]`:
 *
 *     β_k = k/K;   ln W = Σ_{k=1…K} [ln π_{β_k} − ln π_{β_{k−1}}](x_{k−1}),   x_k ~ T_{β_k}(x_{k−1} → ·)
 *
 * `up`, from a draw of the flow, W is the importance weight of the last point. `down`, from the target, the
 * same sum stands along the same path the other way round: the levels K − 1 … 1, each move after the term
 * of the level above. (K − 1) L evaluations a chain.
 * Neal, Stat. Comput. 11, 125, 2001. doi:10.1023/A:1008923215028
 */
export function anneal(
  bridge: Bridge,
  point: BridgePoint,
  levels: number,
  way: 'up' | 'down',
  key: Key,
): Float64Array {
  const logWeight = new Float64Array(point.x.count);
  for (let n = 1; n <= levels; n++) {
    const to = way === 'up' ? n : levels - n + 1;
    bridge.gain(point, (to - 1) / levels, to / levels).forEach((gain, b) => {
      logWeight[b] += gain;
    });
    if (n < levels) bridge.move(point, (way === 'up' ? n : levels - n) / levels, at(key, n));
  }
  if (way === 'up') bridge.settle(point, at(key, levels));
  return logWeight;
}
