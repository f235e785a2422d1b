import { fold, normal, rootKey, uniform } from '../../src/core/rng.ts';
import type { LossTerm, ReportData } from '../../src/report/reportData.ts';

const key = fold(rootKey(5), 'report data');

/** `base` with as many points, steps and moves as a page ever holds: what a long run's report weighs. */
export function fullData(base: ReportData): ReportData {
  const cloud = normal(fold(key, 'cloud'), 1400);
  const jumps = normal(fold(key, 'jumps'), 280);
  const losses = uniform(fold(key, 'losses'), 1600);
  const terms: readonly LossTerm[] = ['example', 'energy', 'reactionCoordinate', 'heldOut'];
  return {
    ...base,
    latent: {
      axes: [0, 1],
      priorVariance: 1,
      points: Array.from({ length: 700 }, (_, i) => ({
        x: cloud[2 * i],
        y: cloud[2 * i + 1],
        state: (i % 3) - 1,
      })),
    },
    walks: base.result.states.map(({ name }, s) => ({
      state: name,
      points: Array.from(
        { length: 150 },
        (_, i) => [(s === 0 ? -1.4 : 1.4) + 0.2 * cloud[i], cloud[i + 200]] as const,
      ),
    })),
    jumps: {
      accepted: Array.from({ length: 50 }, (_, i) => ({
        from: [-1.4 + 0.2 * jumps[i], jumps[i + 50]] as const,
        to: [(i % 2 === 0 ? 1.4 : -1.4) + 0.2 * jumps[i + 100], jumps[i + 150]] as const,
        crosses: i % 2 === 0,
      })),
      rejected: Array.from({ length: 20 }, (_, i) => [jumps[i + 200], jumps[i + 220]] as const),
    },
    training: {
      points: terms.flatMap((term, t) =>
        Array.from({ length: 400 }, (_, i) => ({
          step: 10 * i,
          term,
          // A start 10⁹ times too high, as training by energy may have.
          loss: (i === 0 ? 1e9 : 3 * Math.exp(-i / 80)) + 0.3 * losses[400 * t + i],
        })),
      ),
      phases: [
        { step: 0, phase: 'trainingByExample', round: 0 },
        { step: 1500, phase: 'trainingByEnergy', round: 0 },
        { step: 3000, phase: 'trainingByExample', round: 1 },
      ],
      skipped: 2,
    },
    decisions: ['5 flow moves a sweep: set by the test'],
    warnings: ['exploring never visited "right" (x >= 0); its seeds are kept for training'],
  };
}
