import { assign, fromPromise, setup } from 'xstate';
import { hasModel, isFlowless, isGoodEnough, isMissed, isSpent } from './campaignGuards.ts';

/** How good the flow was found to be, in the numbers that decide what happens next. */
export interface Assessment {
  /** (Σw)²/(N Σw²) of fresh flow draws. */
  readonly essFraction: number;
  readonly paretoK: number;
  /** The largest k that still gives trustworthy weights for this many draws. */
  readonly paretoLimit: number;
  /** Expected acceptance of an independence move in equilibrium, from the same draws. */
  readonly acceptance: number;
  /** Known states without a single flow draw. */
  readonly missingStates: readonly string[];
}

/** What a campaign is told before it starts. */
export interface CampaignInput {
  /** Whether there is a flow at all; without one MD leads straight to production. */
  readonly hasFlow: boolean;
  /** Rounds of training at most; 0 with a model that was trained before. */
  readonly maxRounds: number;
  readonly targetEssFraction: number;
  readonly targetAcceptance: number;
  /** Artifact id of a model to use as it is; undefined to train one. */
  readonly model: string | undefined;
}

/** What a campaign remembers between states: counters, scores and artifact ids, never arrays. */
export interface CampaignContext extends CampaignInput {
  /** Rounds of training done. */
  readonly round: number;
  readonly seeds: string | undefined;
  readonly dataset: string | undefined;
  readonly assessment: Assessment | undefined;
  /** Of parallel tempering, in a run without a flow. */
  readonly ladder: string | undefined;
  readonly chains: string | undefined;
  readonly production: string | undefined;
  readonly draws: string | undefined;
  readonly baseline: string | undefined;
  readonly missedChecks: number;
  readonly failure: string | undefined;
}

/** What the campaign listens to from outside. */
export type CampaignEvent = { readonly type: 'CANCELLED' };

export type Verdict = 'converged' | 'exhausted' | 'missed';

/** The actors' contracts: what each phase is given and what it leaves behind. */
export interface CampaignActors {
  seed: { input: Record<string, never>; output: { seeds: string } };
  trainByExample: {
    input: { round: number; dataset: string; model: string | undefined };
    output: { model: string };
  };
  trainByEnergy: {
    input: { round: number; dataset: string; model: string };
    output: { model: string };
  };
  assess: { input: { round: number; seeds: string; model: string }; output: Assessment };
  explore: {
    input: { round: number; seeds: string; model: string; acceptance: number };
    output: { dataset: string };
  };
  warmUp: {
    input: { seeds: string; model: string; acceptance: number };
    output: { chains: string };
  };
  produce: {
    input: { chains: string; model: string; acceptance: number };
    output: { production: string };
  };
  buildLadder: { input: Record<string, never>; output: { ladder: string } };
  warmUpReplicas: { input: { seeds: string; ladder: string }; output: { chains: string } };
  produceReplicas: { input: { chains: string; ladder: string }; output: { production: string } };
  reweight: { input: { model: string }; output: { draws: string } };
  baseline: { input: { seeds: string; production: string }; output: { baseline: string } };
  summarise: {
    input: {
      seeds: string;
      /** Undefined without a flow, as are the draws. */
      model: string | undefined;
      production: string;
      draws: string | undefined;
      baseline: string;
      exhausted: boolean;
    };
    output: { missedChecks: number };
  };
}

type Work<K extends keyof CampaignActors> = ReturnType<
  typeof fromPromise<CampaignActors[K]['output'], CampaignActors[K]['input']>
>;

function unprovided<K extends keyof CampaignActors>(name: K): Work<K> {
  return fromPromise(() =>
    Promise.reject(new Error(`campaignMachine: provide({ actors }) before starting it (${name})`)),
  );
}

const failed = {
  target: 'failed',
  actions: {
    type: 'recordFailure',
    params: ({ event }: { event: { error: unknown } }) => ({ error: event.error }),
  },
} as const;

/**
 * The sequence of a run (design §2): MD seeds, the flow learns by example and by energy, is assessed,
 * explores and learns again until it is good enough; then it is frozen, and only what follows counts.
 *
 * After Gabrié, Rotskoff & Vanden-Eijnden, PNAS 119, e2109420119, 2022. doi:10.1073/pnas.2109420119
 *
 * A run without a flow goes from MD to parallel tempering, or to local moves alone.
 *
 * The machine decides only what happens next. The work is in its actors, which
 * `campaignMachine.provide({ actors })` replaces: real ones from `actors.ts`, instant ones in tests.
 */
export const campaignMachine = setup({
  types: {
    context: {} as CampaignContext,
    input: {} as CampaignInput,
    events: {} as CampaignEvent,
  },
  actors: {
    seed: unprovided('seed'),
    trainByExample: unprovided('trainByExample'),
    trainByEnergy: unprovided('trainByEnergy'),
    assess: unprovided('assess'),
    explore: unprovided('explore'),
    warmUp: unprovided('warmUp'),
    produce: unprovided('produce'),
    buildLadder: unprovided('buildLadder'),
    warmUpReplicas: unprovided('warmUpReplicas'),
    produceReplicas: unprovided('produceReplicas'),
    reweight: unprovided('reweight'),
    baseline: unprovided('baseline'),
    summarise: unprovided('summarise'),
  },
  guards: {
    isFlowless: ({ context }) => isFlowless(context),
    hasModel: ({ context }) => hasModel(context),
    isGoodEnough: ({ context }) => isGoodEnough(context),
    isSpent: ({ context }) => isSpent(context),
    isMissed: ({ context }) => isMissed(context),
  },
  actions: {
    recordFailure: assign({ failure: (_, params: { error: unknown }) => describe(params.error) }),
  },
}).createMachine({
  id: 'campaign',
  initial: 'seeding',
  context: ({ input }) => ({
    ...input,
    round: 0,
    seeds: undefined,
    dataset: undefined,
    assessment: undefined,
    ladder: undefined,
    chains: undefined,
    production: undefined,
    draws: undefined,
    baseline: undefined,
    missedChecks: 0,
    failure: undefined,
  }),
  on: { CANCELLED: '.interrupted' },
  states: {
    seeding: {
      invoke: {
        src: 'seed',
        input: {},
        onDone: [
          {
            guard: 'isFlowless',
            target: '#campaign.tempering',
            actions: assign({ seeds: ({ event }) => event.output.seeds }),
          },
          {
            guard: 'hasModel',
            target: 'assessing',
            actions: assign({ seeds: ({ event }) => event.output.seeds }),
          },
          {
            target: 'trainingByExample',
            actions: assign({
              seeds: ({ event }) => event.output.seeds,
              dataset: ({ event }) => event.output.seeds,
            }),
          },
        ],
        onError: failed,
      },
    },
    trainingByExample: {
      invoke: {
        src: 'trainByExample',
        input: ({ context: c }) => ({ round: c.round, dataset: c.dataset!, model: c.model }),
        onDone: {
          target: 'trainingByEnergy',
          actions: assign({ model: ({ event }) => event.output.model }),
        },
        onError: failed,
      },
    },
    trainingByEnergy: {
      invoke: {
        src: 'trainByEnergy',
        input: ({ context: c }) => ({ round: c.round, dataset: c.dataset!, model: c.model! }),
        onDone: {
          target: 'assessing',
          actions: assign({
            model: ({ event }) => event.output.model,
            round: ({ context }) => context.round + 1,
          }),
        },
        onError: failed,
      },
    },
    assessing: {
      invoke: {
        src: 'assess',
        input: ({ context: c }) => ({ round: c.round, seeds: c.seeds!, model: c.model! }),
        onDone: {
          target: 'deciding',
          actions: assign({ assessment: ({ event }) => event.output }),
        },
        onError: failed,
      },
    },
    deciding: {
      always: [
        { guard: 'isGoodEnough', target: 'frozen' },
        { guard: 'isSpent', target: 'frozen' },
        { target: 'exploring' },
      ],
    },
    exploring: {
      invoke: {
        src: 'explore',
        input: ({ context: c }) => ({
          round: c.round,
          seeds: c.seeds!,
          model: c.model!,
          acceptance: c.assessment!.acceptance,
        }),
        onDone: {
          target: 'trainingByExample',
          actions: assign({ dataset: ({ event }) => event.output.dataset }),
        },
        onError: failed,
      },
    },
    // From here on no parameter of any kernel changes (design rule 1).
    frozen: {
      initial: 'warmingUp',
      states: {
        warmingUp: {
          invoke: {
            src: 'warmUp',
            input: ({ context: c }) => ({
              seeds: c.seeds!,
              model: c.model!,
              acceptance: c.assessment!.acceptance,
            }),
            onDone: {
              target: 'producing',
              actions: assign({ chains: ({ event }) => event.output.chains }),
            },
            onError: { ...failed, target: '#campaign.failed' },
          },
        },
        producing: {
          invoke: {
            src: 'produce',
            input: ({ context: c }) => ({
              chains: c.chains!,
              model: c.model!,
              acceptance: c.assessment!.acceptance,
            }),
            onDone: {
              target: 'reweighting',
              actions: assign({ production: ({ event }) => event.output.production }),
            },
            onError: { ...failed, target: '#campaign.failed' },
          },
        },
        reweighting: {
          invoke: {
            src: 'reweight',
            input: ({ context: c }) => ({ model: c.model! }),
            onDone: {
              target: 'comparing',
              actions: assign({ draws: ({ event }) => event.output.draws }),
            },
            onError: { ...failed, target: '#campaign.failed' },
          },
        },
        comparing: {
          invoke: {
            src: 'baseline',
            input: ({ context: c }) => ({ seeds: c.seeds!, production: c.production! }),
            onDone: {
              target: 'summarising',
              actions: assign({ baseline: ({ event }) => event.output.baseline }),
            },
            onError: { ...failed, target: '#campaign.failed' },
          },
        },
        summarising: {
          invoke: {
            src: 'summarise',
            input: ({ context: c }) => ({
              seeds: c.seeds!,
              model: c.model,
              production: c.production!,
              draws: c.draws,
              baseline: c.baseline!,
              exhausted: c.hasFlow && !isGoodEnough(c),
            }),
            onDone: {
              target: '#campaign.judging',
              actions: assign({ missedChecks: ({ event }) => event.output.missedChecks }),
            },
            onError: { ...failed, target: '#campaign.failed' },
          },
        },
      },
    },
    // The same without a flow: parallel tempering, or local moves alone.
    tempering: {
      initial: 'buildingLadder',
      states: {
        buildingLadder: {
          invoke: {
            src: 'buildLadder',
            input: {},
            onDone: {
              target: 'warmingUp',
              actions: assign({ ladder: ({ event }) => event.output.ladder }),
            },
            onError: { ...failed, target: '#campaign.failed' },
          },
        },
        warmingUp: {
          invoke: {
            src: 'warmUpReplicas',
            input: ({ context: c }) => ({ seeds: c.seeds!, ladder: c.ladder! }),
            onDone: {
              target: 'producing',
              actions: assign({ chains: ({ event }) => event.output.chains }),
            },
            onError: { ...failed, target: '#campaign.failed' },
          },
        },
        producing: {
          invoke: {
            src: 'produceReplicas',
            input: ({ context: c }) => ({ chains: c.chains!, ladder: c.ladder! }),
            onDone: {
              target: '#campaign.frozen.comparing',
              actions: assign({ production: ({ event }) => event.output.production }),
            },
            onError: { ...failed, target: '#campaign.failed' },
          },
        },
      },
    },
    judging: {
      always: [
        { guard: 'isMissed', target: 'missed' },
        { guard: 'isFlowless', target: 'converged' },
        { guard: 'isGoodEnough', target: 'converged' },
        { target: 'exhausted' },
      ],
    },
    converged: { type: 'final' },
    exhausted: { type: 'final' },
    missed: { type: 'final' },
    interrupted: { type: 'final' },
    failed: { type: 'final' },
  },
});

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
