import { type Batch, batch, concat, rows } from '../../core/batch.ts';
import { expectInteger, expectPositive } from '../../core/expectNumber.ts';
import type { Potential } from '../../core/potential.ts';
import { fold, rootKey } from '../../core/rng.ts';
import { kelvinToKT } from '../../core/units.ts';
import { massPerCoordinate } from '../masses.ts';
import { advice } from './advice.ts';
import { type BarrierEstimate, describeBarrier, estimateBarrier } from './barrier.ts';
import { answers, callContract, difference } from './callContract.ts';
import { checkGradient } from './checkGradient.ts';
import {
  type CheckOptions,
  coordinateNames,
  expectLayout,
  highestFinite,
  nowhereFinite,
  startsOf,
} from './checkOptions.ts';
import { checkPrecision, measureNoise } from './checkPrecision.ts';
import { checkConfined } from './confined.ts';
import { checkContinuity } from './continuity.ts';
import { describeFinite, describeMinima } from './describe.ts';
import { distinctMinima, type FoundMinimum } from './distinctMinima.ts';
import { checkEnergyConservation } from './energyConservation.ts';
import { type Exploration, findBottoms, wanderFrom } from './explore.ts';
import { type Finding, type FindingName, finding, shown } from './finding.ts';
import { EvaluationError, guarded } from './guarded.ts';
import { deviations, scanLines } from './scanLines.ts';
import { measureSpeed } from './speed.ts';
import { highestFrequency } from './stiffness.ts';
import { describeSteps, type SuggestedSteps, suggestSteps } from './suggestSteps.ts';
import { findSymmetries, type Symmetries } from './symmetry.ts';

export type { CheckOptions, CheckProgress } from './checkOptions.ts';

/** Everything that `checkPotential` found out. */
export interface PotentialCheck {
  readonly potential: string;
  readonly dim: number;
  /** k_B T that it was checked at, energy. */
  readonly kT: number;
  /** Whether nothing failed; warnings pass. */
  readonly passed: boolean;
  /** In a fixed order; those that could not be looked at any more are left out. */
  readonly findings: readonly Finding[];
  /** What it means for a run, in sentences. */
  readonly advice: readonly string[];
  /** Distinct minima, lowest first. */
  readonly minima: readonly FoundMinimum[];
  /** Between the two lowest minima. */
  readonly barrier: BarrierEstimate | undefined;
  readonly symmetries: Symmetries;
  readonly steps: SuggestedSteps | undefined;
  /** ω of the fastest motion, 1/time. */
  readonly frequency: number | undefined;
  /** Configurations at kT and at 2 kT, `[P, D]`; empty where exploration was impossible. */
  readonly reached: Batch;
  readonly hot: Batch;
  /** Energy evaluations that the check cost. */
  readonly evaluations: number;
}

const stages = [
  'calls',
  'gradient',
  'minima',
  'exploring',
  'symmetry',
  'continuity',
  'dynamics',
  'barrier',
  'time steps',
  'speed',
] as const;

/**
 * Looks at a potential from all sides: its manners as a function, its gradient, where it is finite, its
 * symmetries, continuity, dynamics, minima and barriers, and the steps that suit it.
 *
 * Every figure is reproducible but the speed. For a user's own tests:
 *
 *     expect(checkPotential(mine).findings.filter(({ status }) => status === 'failed')).toEqual([]);
 *
 * A potential that throws yields the finding `evaluates`, and nothing after it.
 * @throws {ShapeError} where starts or masses do not fit the potential. @throws {RangeError} for options
 *   out of range, and for claims about particles where D numbers make none.
 */
export function checkPotential(potential: Potential, options: CheckOptions = {}): PotentialCheck {
  const { dim } = potential;
  const reduced = potential.units.energy === 'reduced';
  const kT = expectPositive('kT', options.kT ?? (reduced ? 1 : kelvinToKT(300)));
  const points = expectInteger('points', options.points ?? 48, 2);
  const key = rootKey(options.seed ?? 1);
  const masses = massPerCoordinate(options.masses, dim);
  expectLayout(options, dim);
  const findings: Finding[] = [];
  const wall = { current: guarded(potential), before: 0 };
  const found: Mutable = { minima: [], symmetries: none, exploration: undefined };

  function stage(name: (typeof stages)[number]): void {
    options.onProgress?.({ stage: name, done: stages.indexOf(name) / stages.length });
  }

  try {
    lookAtAll();
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    findings.unshift(finding('evaluates', 'failed', error.message));
  }
  options.onProgress?.({ stage: 'done', done: 1 });
  const nowhere = batch(new Float64Array(0), dim);
  return {
    potential: potential.name,
    dim,
    kT,
    passed: findings.every(({ status }) => status !== 'failed'),
    findings: [...findings].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name)),
    advice: advice(findings, {
      dim,
      evaluationsPerGradient: potential.evaluationsPerGradient,
      minima: found.minima,
      barrierInKT: findings.find(({ name }) => name === 'barrier')?.figures['heightInKT'],
      symmetries: found.symmetries,
      batchedPerSecond:
        findings.find(({ name }) => name === 'speed')?.figures['batchedPerSecond'] ?? Number.NaN,
    }),
    minima: found.minima,
    barrier: found.barrier,
    symmetries: found.symmetries,
    steps: found.steps,
    frequency: found.frequency,
    reached: found.exploration?.reached ?? nowhere,
    hot: found.exploration?.hot ?? nowhere,
    evaluations: wall.before + wall.current.evaluations(),
  };

  function lookAtAll(): void {
    const starts = startsOf(wall.current, options, points, fold(key, 'starts'));
    if (starts.count < 2) {
      findings.push(nowhereFinite(wall.current));
      return;
    }
    wall.current.takeIncidents();

    stage('calls');
    const few = rows(starts, 0, Math.min(6, starts.count));
    const others = rows(starts, starts.count - Math.min(2, starts.count - 1), starts.count);
    const first = answers(potential, few);
    findings.push(...callContract(potential, few, others));
    const isFailed = (name: FindingName): boolean =>
      findings.some((one) => one.name === name && one.status === 'failed');
    if (isFailed('rows independent')) {
      wall.before = wall.current.evaluations();
      wall.current = guarded(potential, { oneByOne: true });
    }
    const safe = wall.current.potential;

    stage('gradient');
    const nameOf = coordinateNames(dim, options.particles);
    const roughness = measureNoise(safe, few, fold(key, 'roughness')).relative;
    const atStarts = checkGradient(safe, few, { kT, noise: roughness, nameOf });
    const gradientHolds = atStarts.status !== 'failed';

    stage('minima');
    const bottoms = findBottoms(safe, starts, { kT, gradientHolds, key: fold(key, 'quench') });
    const onTheWay = wall.current.takeIncidents();

    stage('exploring');
    const { minima } = bottoms;
    if (minima.length === 0) {
      findings.push(atStarts, describeMinima([], bottoms, kT), describeFinite(onTheWay, onTheWay));
      return;
    }
    const exploration = wanderFrom(safe, minima, { kT, points, key: fold(key, 'wander') });
    found.exploration = exploration;
    findings.push(describeFinite(wall.current.takeIncidents(), onTheWay));
    const { reached, hot } = exploration;
    const within = measureNoise(
      safe,
      rows(reached, 0, Math.min(12, reached.count)),
      fold(key, 'noise'),
    );
    // Where chains have left for a plain, noise shows at the starts alone.
    const noise = { ...within, relative: Math.max(within.relative, roughness) };
    const atReached = checkGradient(safe, concat([reached, few]), {
      kT,
      noise: noise.relative,
      nameOf,
    });
    findings.push(gradientHolds || atReached.status === 'failed' ? atReached : atStarts);
    findings.push(checkPrecision(noise, kT));

    stage('symmetry');
    found.symmetries = findSymmetries(safe, rows(hot, 0, Math.min(8, hot.count)), {
      key: fold(key, 'symmetry'),
      layout: options.particles,
      claims: options.claims ?? [],
      noise: noise.relative,
    });
    findings.push(...found.symmetries.findings);
    found.minima = distinctMinima(safe, minima, kT, found.symmetries);
    findings.push(describeMinima(found.minima, bottoms, kT));
    findings.push(
      checkConfined(safe, {
        from: minima[0].x,
        lowest: minima[0].energy,
        width: Math.max(...deviations(hot)),
        kT,
        nameOf,
      }),
    );

    stage('continuity');
    const scans = scanLines(exploration, found, Math.ceil(points / 2), fold(key, 'scan'));
    findings.push(
      ...checkContinuity(safe, {
        kT,
        ...scans,
        ceiling: highestFinite(safe, hot) + 10 * kT,
        noise: noise.relative,
      }),
    );

    stage('dynamics');
    const frequency = highestFrequency(
      safe,
      rows(reached, 0, Math.min(8, reached.count)),
      masses,
      fold(key, 'stiffness'),
    );
    found.frequency = frequency;
    findings.push(
      checkEnergyConservation(safe, {
        starts: reached,
        kT,
        masses,
        frequency,
        key: fold(key, 'nve'),
      }),
    );

    stage('barrier');
    const [lowest, next] = found.minima;
    if (next !== undefined && gradientHolds) {
      const heaviest = masses.reduce((a, b) => Math.max(a, b), 0);
      const curvature = frequency * frequency * heaviest;
      found.barrier = estimateBarrier(safe, lowest.x, next.x, curvature);
      findings.push(describeBarrier(found.barrier, lowest.energy, kT, found.symmetries));
    }

    stage('time steps');
    if (gradientHolds) {
      found.steps = suggestSteps(safe, {
        starts: reached,
        kT,
        masses,
        frequency,
        randomWalk: exploration.stepSize,
        key: fold(key, 'steps'),
      });
      findings.push(describeSteps(found.steps));
    }

    stage('speed');
    const now = options.now ?? (() => performance.now());
    const duration = expectPositive('speedDuration', options.speedDuration ?? 30);
    const copied = batch(reached.data.slice(), dim);
    findings.push(measureSpeed(potential, { points: copied, now, duration }));

    const last = answers(potential, few);
    const memory = findings.findIndex(({ name }) => name === 'without memory');
    if (findings[memory].status === 'passed' && difference(first, last) > 0) {
      findings[memory] = finding(
        'without memory',
        'failed',
        `after ${wall.before + wall.current.evaluations()} evaluations the first configurations have other values ` +
          `(relative difference ${shown(difference(first, last))}): something inside changes as it is used`,
        { relativeDifference: difference(first, last) },
      );
    }
  }
}

interface Mutable {
  minima: readonly FoundMinimum[];
  symmetries: Symmetries;
  exploration: Exploration | undefined;
  barrier?: BarrierEstimate;
  steps?: SuggestedSteps;
  frequency?: number;
}

const none: Symmetries = { layout: undefined, holding: new Set(), groups: [], findings: [] };

/** The order of the report: what makes everything else pointless comes first. */
const order: readonly FindingName[] = [
  'evaluates',
  'argument untouched',
  'results not shared',
  'repeatable',
  'without memory',
  'rows independent',
  'one energy',
  'finite at temperature',
  'gradient',
  'precision',
  'continuous energy',
  'continuous force',
  'smooth force',
  'energy conservation',
  'translation',
  'rotation',
  'permutation',
  'confined',
  'minima',
  'barrier',
  'time step',
  'speed',
];
