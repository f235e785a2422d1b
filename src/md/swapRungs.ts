import { batch } from '../core/batch.ts';
import { type Kernel, noRefusals } from '../core/kernel.ts';
import { at, uniform } from '../core/rng.ts';

/**
 * Offers every ladder an exchange of configurations between each of the rungs `lower` and the one above.
 *
 *     α(i ↔ j) = min(1, exp[(1/kTᵢ − 1/kTⱼ)(Uᵢ − Uⱼ)])
 *
 * Row r·B + b of the state is rung r of ladder b. Energy and gradient move along, so that nothing is
 * evaluated; velocities, which belong to a temperature, are dropped. `accepted` is 1 for both partners of
 * a swap; `logRatio` is that of the pair, NaN for a rung that was offered none.
 * @param ladder k_B T of every rung, `[R]`. @param lower Rungs of which no two are neighbours.
 */
export function swapRungs(ladder: readonly number[], lower: readonly number[]): Kernel {
  return {
    name: 'swap',
    exact: true,
    step(state, key) {
      const { count, dim } = state.positions;
      const ladders = count / ladder.length;
      const x = state.positions.data.slice();
      const energy = state.energy.slice();
      const gradient = state.gradient.slice();
      const accepted = new Float64Array(count);
      const logRatio = new Float64Array(count).fill(Number.NaN);
      for (const rung of lower) {
        const colder = 1 / ladder[rung] - 1 / ladder[rung + 1];
        // One stream a pair, so that a ladder does not depend on how many others there are.
        const coins = uniform(at(key, rung), ladders);
        for (let b = 0; b < ladders; b++) {
          const i = rung * ladders + b;
          const j = i + ladders;
          const ratio = colder * (energy[i] - energy[j]);
          logRatio[i] = ratio;
          logRatio[j] = ratio;
          // Written so that NaN, the ratio of two forbidden configurations, swaps nothing.
          if (!(coins[b] < Math.exp(ratio))) continue;
          exchange(x, i, j, dim);
          exchange(gradient, i, j, dim);
          exchange(energy, i, j, 1);
          accepted[i] = 1;
          accepted[j] = 1;
        }
      }
      return {
        state: {
          positions: batch(x, dim),
          energy,
          gradient,
          velocities: undefined,
          density: undefined,
        },
        info: { attempts: 1, accepted, logRatio, refused: noRefusals() },
      };
    },
  };
}

function exchange(rows: Float64Array, i: number, j: number, dim: number): void {
  for (let d = 0; d < dim; d++) {
    const held = rows[i * dim + d];
    rows[i * dim + d] = rows[j * dim + d];
    rows[j * dim + d] = held;
  }
}
