import { booked } from '../core/ledger.ts';
import { fold, rootKey } from '../core/rng.ts';
import { bookedDensity } from './bookedDensity.ts';
import { drawWeights } from './drawWeights.ts';
import type { Environment } from './environment.ts';
import { modelFrom } from './models.ts';
import { pacer } from './pace.ts';
import { recorder, surfaceColumns } from './recorder.ts';

/** What `reweight` leaves in its artifact's `meta`. */
export interface DrawsMeta {
  readonly dim: number;
  readonly notInvertible: number;
  readonly notFinite: number;
}

/** Independent draws of the frozen flow with their weights: the estimate that needs no chain. */
export async function reweight(
  env: Environment,
  input: { readonly model: string },
  signal: AbortSignal,
): Promise<{ draws: string }> {
  const { plan, ledger } = env;
  const total = plan.reweighting.draws;
  const draws = await drawWeights({
    flow: bookedDensity(env.createDensity(modelFrom(env.store.get(input.model))), ledger),
    potential: booked(plan.potential, ledger, 'flowProposals'),
    kT: plan.kT,
    count: total,
    key: fold(rootKey(plan.seed), 'reweighting'),
    pace: pacer(signal),
    ...(env.midway === undefined ? {} : { midway: env.midway }),
    createRecorder: (saved) =>
      recorder(env, 'draws', {
        total,
        saved,
        columns: ['states', 'coordinate', ...surfaceColumns(plan)],
      }),
    onBlock: (done) =>
      env.emit({ type: 'progress', phase: 'reweighting', done, total, figure: undefined }),
  });
  const meta: DrawsMeta = {
    dim: plan.potential.dim,
    notInvertible: draws.notInvertible,
    notFinite: draws.notFinite,
  };
  const gathered = draws.recorder?.gathered();
  env.store.put('draws', {
    arrays: {
      ...gathered?.arrays,
      energies: draws.energies,
      logProb: draws.logProb,
      logWeights: draws.logWeights,
    },
    records: gathered?.records,
    meta,
  });
  return { draws: 'draws' };
}
