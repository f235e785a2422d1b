import { metropolisHastings, type Proposer } from '../../src/core/hastings.ts';
import type { Kernel } from '../../src/core/kernel.ts';
import { fold, rootKey } from '../../src/core/rng.ts';
import { flowProposal, flowProposer } from '../../src/hybrid/kernels/flowProposal.ts';
import { ghmc } from '../../src/md/kernels/ghmc.ts';
import { mala } from '../../src/md/kernels/mala.ts';
import { crossChainSpread } from '../contracts/crossChainSpread.ts';
import { quarticTarget } from '../contracts/exactTarget.ts';
import { stationarityScores, worst } from '../contracts/stationarity.ts';
import { plainHastings } from '../core/mutantHastings.ts';
import { sinhFlow } from './analyticFlow.ts';
import { oneSidedFilter, switchOnAccept } from './mutantEnumerations.ts';
import { partitionError, shortChains } from './mutantEstimates.ts';
import {
  altered,
  asymmetry,
  brokenBeyondOne,
  choosing,
  evaluatedBy,
  inTurns,
  learningProposer,
  oneSided,
  regularised,
} from './mutantMoves.ts';

/** What a check measures: the sound variant stays below `passes`, a caught mutant is above `catches`. */
export const checks = {
  // In standard errors; some twelve scores a run exceed 4.5 once in ten thousand runs.
  stationarity: { passes: 4.5, catches: 9 },
  'spread of cross-chain means': { passes: 4.5, catches: 9 },
  'known populations': { passes: 4.5, catches: 9 },
  'known ln Z': { passes: 4.5, catches: 9 },
  antisymmetry: { passes: 1e-10, catches: 1e-9 },
  'exact enumeration': { passes: 1e-12, catches: 0.02 },
} as const;

export interface Trial {
  readonly mutant: MutantName;
  readonly check: keyof typeof checks;
  /** What the check measures with the mistake and without. */
  measure(isMutant: boolean): number | Promise<number>;
}

/** The mistakes that the suite must catch, all of them. */
export const mutantNames = [
  'log-determinant dropped',
  'sign of the log-determinant turned',
  'density of one side in float32',
  'regularised energy in the acceptance',
  'training during production',
  'switch to MD on accept',
  'density taken before the proposal is moved',
  'stale gradient',
  'stale energy',
  'stale log q',
  'no momentum flip on rejection',
  'rejected states not recorded',
  'one-sided invertibility filter',
  'one random number shared by all chains',
  'unconverged starts kept',
  'weights of rejected draws dropped from N',
] as const;
type MutantName = (typeof mutantNames)[number];

const target = quarticTarget();
const { potential, kT } = target;
const flow = sinhFlow([0], [0.9]);
const shiftedFlow = sinhFlow([0.3], [0.9]);
/** Its log q, and how readily its moves are accepted, vary over what a local burst crosses. */
const oneWell = sinhFlow([-1], [0.25]);
const local = (attempts: number): Kernel => mala(potential, { kT, timestep: 0.1, attempts });
const jump = flowProposal(potential, flow, { kT, attempts: 1 });

function stationarity(kernel: Kernel, seed: string, masses?: readonly number[]): number {
  const run = { chains: 4000, bursts: 12, key: fold(rootKey(21), seed) };
  const scores = stationarityScores(
    kernel,
    target,
    masses === undefined ? run : { ...run, masses },
  );
  return Math.abs(worst(scores).z);
}

function accepting(proposer: Proposer): Kernel {
  return metropolisHastings(potential, proposer, { kT, attempts: 1 });
}

/** Every mistake with a check that catches it, and the sound variant that passes the same check. */
export const mutantTrials: readonly Trial[] = [
  {
    mutant: 'log-determinant dropped',
    check: 'stationarity',
    measure: (isMutant) =>
      stationarity(
        accepting(
          altered(flowProposer(flow), ({ y, logForward }) =>
            isMutant
              ? { logForward: new Float64Array(y.count), logReverse: new Float64Array(y.count) }
              : { logForward },
          ),
        ),
        'dropped',
      ),
  },
  {
    mutant: 'sign of the log-determinant turned',
    check: 'stationarity',
    measure: (isMutant) =>
      stationarity(
        accepting(
          altered(flowProposer(flow), ({ y, logForward, logReverse }, { positions }) => {
            if (!isMutant) return {};
            const twice = (x: typeof y): Float64Array => flow.inverse(x).logDet.map((v) => 2 * v);
            const [there, back] = [twice(y), twice(positions)];
            return {
              logForward: logForward.map((log, b) => log - there[b]),
              logReverse: logReverse.map((log, b) => log - back[b]),
              density: undefined,
            };
          }),
        ),
        'turned',
      ),
  },
  {
    mutant: 'density of one side in float32',
    check: 'antisymmetry',
    measure: (isMutant) =>
      asymmetry(
        (told) =>
          altered(flowProposer(told), ({ logForward }) => ({
            logForward: isMutant ? logForward.map(Math.fround) : logForward,
          })),
        flow,
        potential,
        kT,
        rootKey(22),
      ),
  },
  {
    mutant: 'regularised energy in the acceptance',
    check: 'stationarity',
    measure(isMutant) {
      const energy = regularised(potential, kT, isMutant ? -1 : Infinity);
      return stationarity(
        evaluatedBy(energy, flowProposal(energy, flow, { kT, attempts: 1 })),
        'regularised',
      );
    },
  },
  {
    mutant: 'training during production',
    check: 'stationarity',
    measure: (isMutant) =>
      stationarity(accepting(learningProposer(0.9, isMutant ? 0.5 : 0)), 'training'),
  },
  {
    mutant: 'switch to MD on accept',
    check: 'exact enumeration',
    measure: switchOnAccept,
  },
  {
    mutant: 'switch to MD on accept',
    check: 'stationarity',
    measure: (isMutant) =>
      stationarity(
        choosing(
          [flowProposal(potential, oneWell, { kT, attempts: 1 }), local(20)],
          (step, chosen, accepted) => {
            if (!isMutant) return step % 2;
            return chosen === 0 && accepted ? 1 : 0;
          },
        ),
        'switch',
      ),
  },
  {
    mutant: 'density taken before the proposal is moved',
    check: 'stationarity',
    measure: (isMutant) =>
      stationarity(
        accepting(
          isMutant
            ? altered(flowProposer(flow), ({ y }) => ({
                y: { ...y, data: y.data.map((x) => x + 0.3) },
                density: undefined,
              }))
            : flowProposer(shiftedFlow),
        ),
        'moved',
      ),
  },
  {
    mutant: 'stale gradient',
    check: 'stationarity',
    measure: (isMutant) =>
      stationarity(
        inTurns([jump, local(1)], (before, now) =>
          isMutant ? { ...now, gradient: before.gradient } : now,
        ),
        'gradient',
      ),
  },
  {
    mutant: 'stale energy',
    check: 'stationarity',
    measure: (isMutant) =>
      stationarity(
        inTurns([jump, local(1)], (before, now) =>
          isMutant ? { ...now, energy: before.energy } : now,
        ),
        'energy',
      ),
  },
  {
    mutant: 'stale log q',
    check: 'stationarity',
    measure: (isMutant) =>
      stationarity(
        inTurns(
          [flowProposal(potential, oneWell, { kT, attempts: 1 }), local(20)],
          (before, now) => (isMutant ? { ...now, density: now.density ?? before.density } : now),
        ),
        'log q',
      ),
  },
  {
    mutant: 'no momentum flip on rejection',
    check: 'stationarity',
    measure(isMutant) {
      const options = { kT, timestep: 0.6, steps: 1, attempts: 1, persistence: 0.9 };
      const sound = ghmc(potential, options);
      const unflipped: Kernel = {
        ...sound,
        step(state, key) {
          const next = sound.step(state, key);
          const { velocities } = next.state;
          const turned = velocities?.map((v, b) => (next.info.accepted[b] === 0 ? -v : v));
          return { ...next, state: { ...next.state, velocities: turned } };
        },
      };
      return stationarity(isMutant ? unflipped : sound, 'flip', [1]);
    },
  },
  {
    mutant: 'rejected states not recorded',
    check: 'stationarity',
    measure: (isMutant) =>
      stationarity(
        plainHastings(
          potential,
          flowProposer(flow),
          kT,
          isMutant ? 'does not record rejected states' : undefined,
        ),
        'recorded',
      ),
  },
  {
    mutant: 'one-sided invertibility filter',
    check: 'exact enumeration',
    measure: oneSidedFilter,
  },
  {
    mutant: 'one-sided invertibility filter',
    check: 'stationarity',
    measure(isMutant) {
      const broken = brokenBeyondOne(flow);
      return stationarity(
        inTurns([local(1), accepting(isMutant ? oneSided(broken) : flowProposer(broken))]),
        'one-sided',
      );
    },
  },
  {
    mutant: 'one random number shared by all chains',
    check: 'spread of cross-chain means',
    measure: (isMutant) =>
      Math.abs(
        crossChainSpread(
          plainHastings(
            potential,
            flowProposer(flow),
            kT,
            isMutant ? 'throws one coin for all chains' : undefined,
          ),
          target,
          rootKey(23),
        ),
      ),
  },
  {
    mutant: 'unconverged starts kept',
    check: 'known populations',
    measure: (isMutant) => Math.abs(shortChains(isMutant ? 0 : 80, rootKey(24))),
  },
  {
    mutant: 'weights of rejected draws dropped from N',
    check: 'known ln Z',
    measure: async (isMutant) => Math.abs(await partitionError(isMutant, rootKey(25))),
  },
];
