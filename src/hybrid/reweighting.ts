import { batch, select } from '../core/batch.ts';
import { booked } from '../core/ledger.ts';
import { fold, rootKey } from '../core/rng.ts';
import { bookedDensity } from './bookedDensity.ts';
import { float64 } from './dataset.ts';
import { drawWeights } from './drawWeights.ts';
import type { Environment } from './environment.ts';
import { invertedDensity } from './invertedDensity.ts';
import { modelFrom } from './models.ts';
import { pacer } from './pace.ts';
import type { ProductionMeta } from './producing.ts';

/** What `reweight` leaves in its artifact's `meta`. */
export interface DrawsMeta {
  readonly dim: number;
  readonly notInvertible: number;
  readonly notFinite: number;
}

/** Production samples that are scored under the flow, at most. */
const SCORED = 20_000;

/** Rows scored per block. */
const BLOCK = 4096;

/**
 * Independent draws of the frozen flow with their weights: the estimate that needs no chain. Beside them
 * evenly spaced production samples are scored under the flow, for the forward ESS and for BAR.
 */
export async function reweight(
  env: Environment,
  input: { readonly model: string; readonly production: string },
  signal: AbortSignal,
): Promise<{ draws: string }> {
  const { plan, ledger } = env;
  const total = plan.reweighting.draws;
  const pace = pacer(signal);
  const flow = bookedDensity(env.createDensity(modelFrom(env.store.get(input.model))), ledger);
  const draws = await drawWeights({
    flow,
    potential: booked(plan.potential, ledger, 'flowProposals'),
    kT: plan.kT,
    count: total,
    key: fold(rootKey(plan.seed), 'reweighting'),
    pace,
    onBlock: (done) =>
      env.emit({ type: 'progress', phase: 'reweighting', done, total, figure: undefined }),
  });

  const production = env.store.get(input.production);
  const { chains } = production.meta as ProductionMeta;
  const positions = batch(float64(production, 'positions'), plan.potential.dim);
  const records = positions.count / chains;
  const stride = Math.max(1, Math.ceil(positions.count / SCORED));
  const rows: number[] = [];
  for (let record = stride - 1; record < records; record += stride) {
    for (let c = 0; c < chains; c++) rows.push(record * chains + c);
  }
  const chainRows = Int32Array.from(rows);
  const chainLogProb = new Float64Array(rows.length);
  for (let from = 0; from < rows.length; from += BLOCK) {
    const scored = invertedDensity(flow, select(positions, rows.slice(from, from + BLOCK)));
    scored.logProb.forEach((logProb, i) => {
      // Where the flow does not invert, its draws weigh nothing: it has no density there.
      chainLogProb[from + i] = scored.invertible[i] === 1 ? logProb : -Infinity;
    });
    await pace();
  }

  const meta: DrawsMeta = {
    dim: draws.x.dim,
    notInvertible: draws.notInvertible,
    notFinite: draws.notFinite,
  };
  env.store.put('draws', {
    arrays: {
      positions: draws.x.data,
      energies: draws.energies,
      logProb: draws.logProb,
      logWeights: draws.logWeights,
      chainRows,
      chainLogProb,
    },
    meta,
  });
  return { draws: 'draws' };
}
