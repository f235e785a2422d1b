import { describe, expect, it } from 'vitest';
import { createActor, fromPromise, waitFor } from 'xstate';
import {
  type Assessment,
  type CampaignActors,
  type CampaignInput,
  campaignMachine,
} from '../../src/hybrid/campaign.ts';
import { hasModel, isGoodEnough, isMissed, isSpent } from '../../src/hybrid/campaignGuards.ts';

const good: Assessment = {
  essFraction: 0.9,
  paretoK: 0.2,
  paretoLimit: 0.7,
  acceptance: 0.8,
  missingStates: [],
};
const input: CampaignInput = {
  hasFlow: true,
  maxRounds: 3,
  targetEssFraction: 0.5,
  targetAcceptance: 0.5,
  model: undefined,
};

/** Instant actors that note the order they were called in; any of them can be replaced. */
function run(
  options: {
    readonly input?: Partial<CampaignInput>;
    readonly assess?: (round: number) => Assessment;
    readonly missed?: number;
    readonly failing?: keyof CampaignActors;
    readonly hanging?: keyof CampaignActors;
  } = {},
) {
  const order: string[] = [];
  const work = <K extends keyof CampaignActors>(
    name: K,
    output: (given: CampaignActors[K]['input']) => CampaignActors[K]['output'],
  ) =>
    fromPromise<CampaignActors[K]['output'], CampaignActors[K]['input']>(({ input: given }) => {
      order.push(name);
      if (options.failing === name) return Promise.reject(new Error(`${name} broke`));
      if (options.hanging === name) return new Promise(() => {});
      return Promise.resolve(output(given));
    });
  const actors = {
    seed: work('seed', () => ({ seeds: 'seeds' })),
    trainByExample: work('trainByExample', () => ({ model: 'example' })),
    trainByEnergy: work('trainByEnergy', ({ round }) => ({ model: `energy-${round}` })),
    assess: work('assess', ({ round }) => options.assess?.(round) ?? good),
    explore: work('explore', ({ round }) => ({ dataset: `explored-${round}` })),
    warmUp: work('warmUp', () => ({ chains: 'chains' })),
    produce: work('produce', () => ({ production: 'production' })),
    buildLadder: work('buildLadder', () => ({ ladder: 'ladder' })),
    warmUpReplicas: work('warmUpReplicas', () => ({ chains: 'chains' })),
    produceReplicas: work('produceReplicas', () => ({ production: 'production' })),
    reweight: work('reweight', () => ({ draws: 'draws' })),
    baseline: work('baseline', () => ({ baseline: 'baseline' })),
    summarise: work('summarise', () => ({ missedChecks: options.missed ?? 0 })),
  };
  const actor = createActor(campaignMachine.provide({ actors }), {
    input: { ...input, ...options.input },
  });
  actor.start();
  return { actor, order, actors };
}

const finished = (actor: ReturnType<typeof run>['actor']) =>
  waitFor(actor, (snapshot) => snapshot.status === 'done');

const frozenPhases = ['warmUp', 'produce', 'reweight', 'baseline', 'summarise'];

describe('the campaign machine', () => {
  it('goes straight to production when the first flow is good enough', async () => {
    const { actor, order } = run();
    const end = await finished(actor);
    expect(end.value).toBe('converged');
    expect(order).toEqual(['seed', 'trainByExample', 'trainByEnergy', 'assess', ...frozenPhases]);
    expect(end.context.round).toBe(1);
  });

  it('explores and learns again while the flow is poor and rounds are left', async () => {
    const { actor, order } = run({
      assess: (round) => (round < 3 ? { ...good, essFraction: 0.1 } : good),
    });
    const end = await finished(actor);
    const round = ['trainByExample', 'trainByEnergy', 'assess'];
    expect(order).toEqual([
      'seed',
      ...round,
      'explore',
      ...round,
      'explore',
      ...round,
      ...frozenPhases,
    ]);
    expect(end.value).toBe('converged');
    expect(end.context.dataset).toBe('explored-2');
    expect(end.context.model).toBe('energy-2');
  });

  it('freezes a flow that never became good enough, samples with it, and calls itself exhausted', async () => {
    const { actor, order } = run({ assess: () => ({ ...good, acceptance: 0.01 }) });
    const end = await finished(actor);
    expect(end.value).toBe('exhausted');
    expect(order.filter((name) => name === 'trainByEnergy')).toHaveLength(3);
    expect(order.slice(-5)).toEqual(frozenPhases);
  });

  it('never trains after the flow is frozen', async () => {
    const { actor, order } = run({ assess: () => ({ ...good, essFraction: 0 }) });
    await finished(actor);
    const frozen = order.indexOf('warmUp');
    const later = order.slice(frozen);
    expect(later.some((name) => name.startsWith('train') || name === 'explore')).toBe(false);
  });

  it('uses a model that was brought along without training it', async () => {
    const { actor, order } = run({ input: { model: 'given', maxRounds: 0 } });
    const end = await finished(actor);
    expect(order).toEqual(['seed', 'assess', ...frozenPhases]);
    expect(end.context.model).toBe('given');
  });

  it('goes from seeding to parallel tempering in a run without a flow', async () => {
    const { actor, order } = run({ input: { hasFlow: false } });
    const end = await finished(actor);
    expect(end.value).toBe('converged');
    expect(order).toEqual([
      'seed',
      'buildLadder',
      'warmUpReplicas',
      'produceReplicas',
      'baseline',
      'summarise',
    ]);
    expect((await finished(run({ input: { hasFlow: false }, missed: 1 }).actor)).value).toBe(
      'missed',
    );
  });

  it('is missed when an expectation is', async () => {
    const end = await finished(run({ missed: 1 }).actor);
    expect(end.value).toBe('missed');
  });

  it.each([
    'seed',
    'trainByExample',
    'trainByEnergy',
    'assess',
    'explore',
    ...frozenPhases,
  ] as (keyof CampaignActors)[])('fails with the reason when %s throws', async (failing) => {
    const { actor } = run({
      failing,
      ...(failing === 'explore' ? { assess: () => ({ ...good, essFraction: 0 }) } : {}),
    });
    const end = await finished(actor);
    expect(end.value).toBe('failed');
    expect(end.context.failure).toBe(`${failing} broke`);
  });

  it.each([
    'seed',
    'trainByExample',
    'trainByEnergy',
    'assess',
    'explore',
    ...frozenPhases,
  ] as (keyof CampaignActors)[])(
    'can be interrupted during %s and resumed from its snapshot',
    async (hanging) => {
      const poor = (round: number): Assessment => (round < 2 ? { ...good, essFraction: 0 } : good);
      const { actor, order } = run({ hanging, assess: poor });
      await waitFor(actor, () => order.includes(hanging));
      const saved = JSON.parse(JSON.stringify(actor.getPersistedSnapshot()));
      actor.send({ type: 'CANCELLED' });
      expect((await finished(actor)).value).toBe('interrupted');

      const again = run({ assess: poor });
      again.actor.stop();
      const resumedOrder = again.order;
      resumedOrder.length = 0;
      const resumed = createActor(campaignMachine.provide({ actors: again.actors }), {
        input,
        snapshot: saved,
      });
      resumed.start();
      const end = await waitFor(resumed, (snapshot) => snapshot.status === 'done');
      expect(end.value).toBe('converged');
      expect(resumedOrder[0]).toBe(hanging);
    },
  );

  it('fails with the reason when nobody provided its actors', async () => {
    const actor = createActor(campaignMachine, { input });
    actor.start();
    const end = await waitFor(actor, (snapshot) => snapshot.status === 'done');
    expect(end.context.failure).toContain('provide({ actors })');
  });

  it('remembers only what fits a line of JSON', async () => {
    const { actor } = run();
    await finished(actor);
    expect(JSON.stringify(actor.getPersistedSnapshot()).length).toBeLessThan(1500);
  });
});

describe('its guards', () => {
  const scores = { assessment: good, targetEssFraction: 0.5, targetAcceptance: 0.5 };
  it.each([
    ['all targets met', {}, true],
    ['no assessment', { assessment: undefined }, false],
    ['ESS below target', { assessment: { ...good, essFraction: 0.49 } }, false],
    ['acceptance below target', { assessment: { ...good, acceptance: 0.49 } }, false],
    ['Pareto k above its limit', { assessment: { ...good, paretoK: 0.71 } }, false],
    ['a state without draws', { assessment: { ...good, missingStates: ['right'] } }, false],
    ['Pareto k not a number', { assessment: { ...good, paretoK: Number.NaN } }, false],
  ])('isGoodEnough, %s', (_, change, expected) => {
    expect(isGoodEnough({ ...scores, ...change })).toBe(expected);
  });

  it('isSpent, hasModel and isMissed follow their counters', () => {
    expect(isSpent({ round: 2, maxRounds: 3 })).toBe(false);
    expect(isSpent({ round: 3, maxRounds: 3 })).toBe(true);
    expect(hasModel({ model: undefined })).toBe(false);
    expect(hasModel({ model: 'given' })).toBe(true);
    expect(isMissed({ missedChecks: 0 })).toBe(false);
    expect(isMissed({ missedChecks: 1 })).toBe(true);
  });
});
