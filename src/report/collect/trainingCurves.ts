import type { RunEvent } from '../../hybrid/events.ts';
import type { LossTerm, TrainingCurves } from '../reportData.ts';
import { evenly } from './evenly.ts';
import { rounded } from './rounded.ts';

const MOST = 400;
const terms = [
  'example',
  'energy',
  'reactionCoordinate',
  'heldOut',
] as const satisfies readonly LossTerm[];

/** The losses of all training phases one after the other, term by term. */
export function trainingCurves(events: readonly RunEvent[]): TrainingCurves {
  const points: TrainingCurves['points'][number][] = [];
  const phases: TrainingCurves['phases'][number][] = [];
  let before = 0;
  let end = 0;
  let skipped = 0;
  let skippedHere = 0;
  for (const event of events) {
    if (event.type === 'phase') {
      if (!event.phase.startsWith('training')) continue;
      // Steps are counted from 0 in each phase.
      before = end;
      skipped += skippedHere;
      skippedHere = 0;
      phases.push({ step: before, phase: event.phase, round: event.round });
    }
    if (event.type !== 'training') continue;
    const step = before + event.step;
    end = Math.max(end, step + 1);
    skippedHere = event.skipped;
    for (const term of terms) {
      const loss = event[term];
      if (loss !== null) points.push({ step, term, loss: rounded(loss) });
    }
  }
  return {
    points: terms.flatMap((term) => {
      const own = points.filter((point) => point.term === term);
      return evenly(own.length, MOST).map((i) => own[i]);
    }),
    phases,
    skipped: skipped + skippedHere,
  };
}
