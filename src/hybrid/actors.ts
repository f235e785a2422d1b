import { fromPromise } from 'xstate';
import { assess } from './assessing.ts';
import { runBaseline } from './baseline.ts';
import type { CampaignActors } from './campaign.ts';
import type { Environment } from './environment.ts';
import { explore } from './exploring.ts';
import { produce, warmUp } from './producing.ts';
import { reweight } from './reweighting.ts';
import { seed } from './seeding.ts';
import { buildLadder } from './tempering/ladder.ts';
import { produceReplicas, warmUpReplicas } from './tempering/replicas.ts';
import { trainByEnergy, trainByExample } from './training.ts';

/** Turns the artifacts of a finished production into a result; how many expectations it missed. */
export type Summarise = (
  input: CampaignActors['summarise']['input'],
) => CampaignActors['summarise']['output'];

/**
 * The work behind `campaignMachine`, for one environment. Every actor derives its random numbers from
 * its input alone and overwrites what it left before, so it may be run again after an interruption.
 */
export function campaignActors(
  env: Environment,
  summarise: Summarise,
  onFailure: (error: unknown) => void = () => {},
) {
  function actor<K extends keyof CampaignActors>(
    work: (
      input: CampaignActors[K]['input'],
      signal: AbortSignal,
    ) => Promise<CampaignActors[K]['output']>,
  ) {
    return fromPromise<CampaignActors[K]['output'], CampaignActors[K]['input']>(
      async ({ input, signal }) => {
        // The machine starts an actor before it tells anyone of the new state: let it speak first.
        await Promise.resolve();
        try {
          return await work(input, signal);
        } catch (error) {
          // The machine remembers a message; whoever runs it wants the error itself.
          onFailure(error);
          throw error;
        }
      },
    );
  }
  return {
    seed: actor<'seed'>((_, signal) => seed(env, signal)),
    trainByExample: actor<'trainByExample'>((input, signal) => trainByExample(env, input, signal)),
    trainByEnergy: actor<'trainByEnergy'>((input, signal) => trainByEnergy(env, input, signal)),
    assess: actor<'assess'>((input, signal) => assess(env, input, signal)),
    explore: actor<'explore'>((input, signal) => explore(env, input, signal)),
    warmUp: actor<'warmUp'>((input, signal) => warmUp(env, input, signal)),
    produce: actor<'produce'>((input, signal) => produce(env, input, signal)),
    buildLadder: actor<'buildLadder'>(() => Promise.resolve(buildLadder(env))),
    warmUpReplicas: actor<'warmUpReplicas'>((input, signal) => warmUpReplicas(env, input, signal)),
    produceReplicas: actor<'produceReplicas'>((input, signal) =>
      produceReplicas(env, input, signal),
    ),
    reweight: actor<'reweight'>((input, signal) => reweight(env, input, signal)),
    baseline: actor<'baseline'>((input, signal) => runBaseline(env, input, signal)),
    summarise: actor<'summarise'>((input) => Promise.resolve(summarise(input))),
  };
}
