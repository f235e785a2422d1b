import * as Plot from '@observablehq/plot';
import { colour } from '../palette.ts';
import type { LossTerm, TrainingCurves } from '../reportData.ts';
import { compose } from './compose.ts';
import { legend } from './legend.ts';
import { panel } from './panel.ts';

const terms: readonly {
  readonly term: LossTerm;
  readonly title: string;
  readonly colour: string;
}[] = [
  { term: 'example', title: 'By example, J_ML', colour: colour('hybrid') },
  { term: 'heldOut', title: 'Held-out frames, −log q', colour: colour('state3') },
  { term: 'energy', title: 'By energy, J_KL', colour: colour('flow') },
  { term: 'reactionCoordinate', title: 'Reaction coordinate, J_RC', colour: colour('md') },
];

/** Each loss on a scale of its own over all training steps: their levels cannot be compared. */
export function lossFigure(training: TrainingCurves, width: number): string {
  const narrow = width < 480;
  const present = terms.filter(
    // Two points make no curve.
    ({ term }) => training.points.filter((point) => point.term === term).length > 2,
  );
  const each = narrow ? width : (width - 12) / 2;
  const last = Math.max(...training.points.map((point) => point.step), 1);
  const starts = training.phases.slice(1).map(({ step }) => step);
  const cells = present.map(({ term, title, colour: stroke }) => {
    const own = training.points.filter((point) => point.term === term);
    const range = body(own.map((point) => point.loss));
    // Clipped, but not from afar: a first loss of 10⁹ is no place on a picture.
    const above = 2 * range[1] - range[0];
    const shown = own.map((point) => ({ ...point, loss: Math.min(point.loss, above) }));
    const few = own.length < 30;
    return {
      heading: title,
      panel: panel({
        width: each,
        height: 190,
        x: { domain: [0, last], label: 'training step', ticks: 4 },
        y: { domain: range, label: 'loss', grid: true, ticks: 5, ...shortNumbers(range) },
        marks: [
          Plot.ruleX(starts, { stroke: colour('muted'), strokeDasharray: '2 3' }),
          Plot.dot(shown, {
            x: 'step',
            y: 'loss',
            fill: stroke,
            r: few ? 2.5 : 1.1,
            fillOpacity: few ? 1 : 0.4,
            clip: true,
          }),
          ...training.phases.map(({ step }, p) =>
            Plot.line(
              shown.filter(
                (point) =>
                  point.step >= step && point.step < (training.phases[p + 1]?.step ?? Infinity),
              ),
              // A running median, so that single bad batches do not hide the course.
              Plot.windowY(
                { k: few ? 1 : 9, reduce: 'median', anchor: 'middle' },
                { x: 'step', y: 'loss', stroke, strokeWidth: 1.8, clip: true },
              ),
            ),
          ),
        ],
      }),
    };
  });
  const rows = narrow
    ? cells.map((cell) => [cell])
    : Array.from({ length: Math.ceil(cells.length / 2) }, (_, r) => cells.slice(2 * r, 2 * r + 2));
  return compose({
    name: 'losses',
    title: 'Losses during training',
    description: present
      .map(({ term, title }) => {
        const own = training.points.filter((point) => point.term === term);
        return `${title}: from ${own[0].loss} to ${own[own.length - 1].loss}`;
      })
      .join('; '),
    width,
    legends: [
      legend(
        starts.length === 0
          ? []
          : [
              {
                kind: 'line',
                label: 'a new training phase begins',
                colour: colour('muted'),
                dash: '2 3',
                thick: 1,
              },
            ],
        width,
      ),
    ],
    rows,
  });
}

/** The range of all but the largest losses: the first steps by energy can be 10⁶ times the last. */
function body(losses: readonly number[]): [number, number] {
  const sorted = [...losses].sort((a, b) => a - b);
  const low = sorted[0];
  const high = sorted[Math.floor((sorted.length - 1) * 0.95)];
  const room = Math.max((high - low) * 0.08, 1e-6 * Math.max(1, Math.abs(high)));
  return [low - room, high + room];
}

/** Thousands as `12k` where digits would not fit beside the axis. */
function shortNumbers([low, high]: readonly [number, number]): { tickFormat?: string } {
  return Math.max(Math.abs(low), Math.abs(high)) >= 10_000 ? { tickFormat: '~s' } : {};
}
