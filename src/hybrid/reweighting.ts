import { fold, rootKey } from '../core/rng.ts';
import type { Environment } from './environment.ts';
import { modelFrom } from './models.ts';
import { pacer } from './pace.ts';
import { recorder, surfaceColumns } from './recorder.ts';
import { weightedDrawer } from './weightedDrawer.ts';

/** What `reweight` leaves in its artifact's `meta`. */
export interface DrawsMeta {
  readonly dim: number;
  readonly outsideDomain: number;
  readonly notInvertible: number;
  readonly notFinite: number;
}

/** Independent draws of the frozen flow with their weights: the estimate that needs no chain. */
export async function reweight(
  env: Environment,
  input: { readonly model: string },
  signal: AbortSignal,
): Promise<{ draws: string }> {
  const { plan } = env;
  const total = plan.reweighting.draws;
  const drawer = weightedDrawer(env, modelFrom(env.store.get(input.model)), 'flowProposals');
  const draws = await drawer
    .draw({
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
    })
    .finally(() => drawer.dispose());
  const meta: DrawsMeta = {
    dim: plan.potential.dim,
    outsideDomain: draws.outsideDomain,
    notInvertible: draws.notInvertible,
    notFinite: draws.notFinite,
  };
  const gathered = draws.recorder?.gathered();
  env.store.put('draws', {
    arrays: { ...gathered?.arrays, energies: draws.energies, logWeights: draws.logWeights },
    records: gathered?.records,
    meta,
  });
  return { draws: 'draws' };
}
