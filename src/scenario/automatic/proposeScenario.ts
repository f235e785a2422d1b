import { boltzmannReference } from '../../analysis/quadrature.ts';
import { ErgoflowError } from '../../core/errors.ts';
import { booked, emptyLedger, totalEvaluations } from '../../core/ledger.ts';
import type { Potential } from '../../core/potential.ts';
import { at, fold, rootKey } from '../../core/rng.ts';
import { kelvinToKT } from '../../core/units.ts';
import { stateLabels } from '../../hybrid/labels.ts';
import {
  type CheckProgress,
  checkPotential,
  type PotentialCheck,
} from '../../md/check/checkPotential.ts';
import { defineScenario } from '../defineScenario.ts';
import type { Scenario } from '../scenario.ts';
import { toPlan } from '../toPlan.ts';
import { joinMinima } from './basins.ts';
import type { Choices } from './choices.ts';
import { toScenario } from './choices.ts';
import { proposeSettings } from './proposeSettings.ts';
import { proposeStates } from './proposeStates.ts';
import { proposeVariable } from './proposeVariable.ts';
import { quadratureBox } from './quadratureBox.ts';
import { sampleBasin } from './sampleBasin.ts';

/** What `proposeScenario` may be told about a potential; everything has a default. */
export interface ProposeOptions {
  /** K, or kT itself in reduced units; 300 K or 1 where left out. */
  readonly temperature?: number;
  /** Of the search and of the run; 1 by default. */
  readonly seed?: number;
  readonly onProgress?: (progress: CheckProgress) => void;
}

/** What came of looking at a bare potential: a scenario, or why there is none. */
export type ScenarioProposal =
  | {
      readonly kind: 'proposed';
      readonly scenario: Scenario;
      /** The same in numbers and words, for `scenarioText`. */
      readonly choices: Choices;
      readonly check: PotentialCheck;
      /** Energy evaluations that the search cost; no run books them. */
      readonly evaluations: number;
    }
  | {
      readonly kind: 'refused';
      /** Why, and what to do about it: one sentence each. */
      readonly reasons: readonly string[];
      /** Undefined where the number of coordinates alone forbids a run. */
      readonly check: PotentialCheck | undefined;
    };

/** A linear variable that mistakes more frames than this tells no states apart. */
const tolerable = 0.05;
/** More coordinates than the default flow has ever learned. */
const largest = 100;

/**
 * Makes a scenario of nothing but a potential.
 *
 * `checkPotential` finds minima; those joined by low barriers become basins; short exact runs in each
 * give frames; PCA or TICA of these a collective variable; its passes the states; time steps and
 * settings come from the check. Every choice is in `choices`, and nothing else makes the scenario, so
 * that the file written from them repeats it.
 */
export function proposeScenario(given: Potential, options: ProposeOptions = {}): ScenarioProposal {
  const tooFewOrMany = unfitDimension(given.dim);
  if (tooFewOrMany !== undefined) {
    return { kind: 'refused', reasons: [tooFewOrMany], check: undefined };
  }
  const isReduced = given.units.energy === 'reduced';
  const temperature = options.temperature ?? (isReduced ? 1 : 300);
  const kT = isReduced ? temperature : kelvinToKT(temperature);
  const seed = options.seed ?? 1;
  const key = fold(rootKey(seed), 'automatic');
  const check = checkPotential(given, {
    kT,
    seed,
    points: 64,
    speedDuration: 5,
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  const reasons = obstacles(check);
  const { steps, frequency } = check;
  if (reasons.length > 0 || steps === undefined || frequency === undefined) {
    return { kind: 'refused', reasons, check };
  }

  const ledger = emptyLedger();
  const potential = booked(given, ledger, 'diagnostics');
  const found = joinMinima(potential, check.minima, kT, frequency * frequency);
  if (found.basins.length < 2) {
    return {
      kind: 'refused',
      check,
      reasons: [
        `${check.minima.length} minima were found, and no barrier between them is higher than 3 kT: plain MD will do. ` +
          'Write a scenario where you want states all the same',
      ],
    };
  }
  const samples = found.basins.map((basin, k) =>
    sampleBasin(potential, basin, {
      kT,
      timestep: steps.mala,
      basins: found.basins,
      key: at(fold(key, 'sample'), k),
    }),
  );
  const proposed = proposeVariable(samples);
  const { states, mistaken } = proposeStates(found, proposed);
  if (states.length < 2 || mistaken > tolerable) {
    return {
      kind: 'refused',
      check,
      reasons: [
        `${found.basins.length} basins were found, but no linear variable tells them apart (the best, by ` +
          `${proposed.method}, mistakes ${(100 * mistaken).toFixed(1)} % of frames): write a scenario with ` +
          'a collective variable that knows the system, such as a distance or an angle',
      ],
    };
  }
  const along = proposed.values.flatMap((own) => [...own]);
  const [low, high] = [Math.min(...along), Math.max(...along)];
  const margin = 0.15 * (high - low);
  const draft: Choices = {
    potential: given.name,
    units: given.units.energy,
    temperature,
    seed,
    states,
    variable: {
      name: proposed.variable.name,
      coefficients: proposed.coefficients,
      method: proposed.method,
      mistaken,
      min: Number((low - margin).toPrecision(3)),
      max: Number((high + margin).toPrecision(3)),
    },
    settings: proposeSettings(given.dim, steps, frequency),
    box: undefined,
    notes: notesOn(check, found.basins.length, states.length),
  };
  const box = quadratureBox(
    potential,
    [check.hot, ...samples.map(({ x }) => x)],
    check.minima[0].energy,
    kT,
  );
  const choices = box === undefined ? draft : withBox(given, draft, box);
  return {
    kind: 'proposed',
    choices,
    scenario: defineScenario(toScenario(choices, given)),
    check,
    evaluations: check.evaluations + totalEvaluations(ledger),
  };
}

/** Why the default flow has no use for this many coordinates, if so. */
function unfitDimension(dim: number): string | undefined {
  if (dim < 2) {
    return (
      'the flow couples coordinates and needs two of them: add a harmonic one that does not touch the first, ' +
      'such as y² / 2'
    );
  }
  if (dim > largest) {
    return `${dim} coordinates are more than the default flow learns (${largest}): write a scenario with a flow for them`;
  }
  return undefined;
}

/** What forbids a run, whatever states there are. */
function obstacles(check: PotentialCheck): string[] {
  const reasons = check.findings
    .filter(({ status }) => status === 'failed')
    .map(({ name, message }) => `${name}: ${message}`);
  if (reasons.length > 0) return reasons;
  if (check.symmetries.holding.has('translation')) {
    reasons.push(
      'U does not change when everything is moved together, so that nothing can be normalised: add a weak ' +
        'harmonic potential to the centre of mass',
    );
  }
  if (check.minima.length < 2) {
    reasons.push(
      'only one minimum was found, and free-energy differences are between states: write a scenario with starts ' +
        'in both, if there are two',
    );
  }
  return reasons;
}

function notesOn(check: PotentialCheck, basins: number, states: number): string[] {
  return [
    ...check.findings
      .filter(({ status }) => status === 'warned')
      .map(({ name, message }) => `${name}: ${message}`),
    ...(states < basins
      ? [`${basins} basins make ${states} states, as some overlap along the variable`]
      : []),
  ];
}

/** `choices` with an exact reference, where the integral over the box succeeds. */
function withBox(
  potential: Potential,
  choices: Choices,
  box: NonNullable<Choices['box']>,
): Choices {
  const plan = toPlan(toScenario(choices, potential));
  try {
    boltzmannReference(
      potential,
      { box, kT: plan.kT },
      (x) => stateLabels(plan.states, x),
      plan.states.length,
    );
    return { ...choices, box };
  } catch (error) {
    if (!(error instanceof ErgoflowError)) throw error;
    return {
      ...choices,
      notes: [...choices.notes, `no exact reference: ${error.message}`],
    };
  }
}
