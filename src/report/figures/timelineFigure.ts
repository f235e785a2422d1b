import * as Plot from '@observablehq/plot';
import { colour } from '../palette.ts';
import { phaseTitle } from '../progressLine.ts';
import type { Timeline } from '../reportData.ts';
import { compose } from './compose.ts';
import { legend } from './legend.ts';
import { FONT_SIZE, panel } from './panel.ts';
import { textWidth } from './textWidth.ts';

/** What the machine did when, and how good its flow was then, on one axis. */
export function timelineFigure(timeline: Timeline, width: number): string {
  const rows = [...new Set(timeline.spans.map(({ phase }) => phase))];
  const end = Math.max(...timeline.spans.map(({ to }) => to), 1e-9);
  const label = timeline.unit === 'seconds' ? 'seconds since the start' : 'energy evaluations';
  const marginLeft = Math.max(...rows.map((name) => textWidth(phaseTitle(name), FONT_SIZE))) + 14;
  const x = { domain: [0, end], label, ticks: width < 480 ? 4 : 8 } as const;
  const spans = panel({
    width,
    marginLeft,
    marginTop: 6,
    height: 46 + rows.length * 22,
    x: timeline.unit === 'seconds' ? x : { ...x, tickFormat: 's' },
    y: { domain: rows, label: null, tickFormat: phaseTitle, tickSize: 0, padding: 0.25 },
    marks: [
      Plot.gridX({ ticks: x.ticks }),
      Plot.barX(timeline.spans, {
        x1: 'from',
        // The shortest phase leaves a mark too.
        x2: ({ from, to }: Timeline['spans'][number]) => Math.max(to, from + end * 0.003),
        y: 'phase',
        fill: ({ phase }: Timeline['spans'][number]) => phaseColour(phase),
      }),
    ],
  });
  const measured = timeline.acceptance.filter(({ kind }) => kind === 'measured');
  const expected = timeline.acceptance.filter(({ kind }) => kind === 'expected');
  const quality = panel({
    width,
    marginLeft,
    height: 170,
    x: timeline.unit === 'seconds' ? x : { ...x, tickFormat: 's' },
    y: { domain: [0, 1], label: 'share', grid: true, ticks: 5 },
    marks: [
      Plot.line(measured, { x: 'at', y: 'value', stroke: colour('hybrid'), strokeWidth: 2 }),
      Plot.line(expected, {
        x: 'at',
        y: 'value',
        stroke: colour('hybrid'),
        strokeDasharray: '3 3',
      }),
      Plot.dot(expected, { x: 'at', y: 'value', fill: colour('hybrid'), r: 4 }),
      Plot.line(timeline.essFraction, {
        x: 'at',
        y: 'value',
        stroke: colour('flow'),
        strokeDasharray: '3 3',
      }),
      Plot.dot(timeline.essFraction, {
        x: 'at',
        y: 'value',
        fill: colour('flow'),
        symbol: 'diamond',
        r: 4.5,
      }),
    ],
  });
  // A run without a flow has phases alone.
  const hasFlow = timeline.acceptance.length + timeline.essFraction.length > 0;
  return compose({
    name: 'timeline',
    title: `Phases of the run${hasFlow ? ', with the quality of the flow' : ''}`,
    description: timeline.spans
      .map(({ phase, from, to }) => `${phaseTitle(phase)} from ${from} to ${to}`)
      .join('; '),
    width,
    legends: [],
    rows: [
      [{ panel: spans, heading: 'Phases' }],
      ...(hasFlow ? [[{ panel: quality, heading: 'Quality of the flow' }]] : []),
    ],
    ...(hasFlow && { closing: qualityLegend(measured.length > 0, width) }),
  });
}

function qualityLegend(isMeasured: boolean, width: number) {
  return legend(
    [
      {
        kind: 'symbol',
        symbol: 'circle',
        label: 'acceptance expected of fresh draws',
        colour: colour('hybrid'),
      },
      ...(isMeasured
        ? [
            {
              kind: 'line',
              label: 'acceptance measured in production',
              colour: colour('hybrid'),
            } as const,
          ]
        : []),
      {
        kind: 'symbol',
        symbol: 'diamond',
        label: 'ESS fraction of fresh draws',
        colour: colour('flow'),
      },
    ],
    width,
  );
}

/** MD, learning, judging, and the phases that count. */
function phaseColour(phase: string): string {
  if (phase === 'seeding' || phase === 'comparing') return colour('md');
  if (phase.startsWith('training')) return colour('flow');
  if (phase === 'assessing' || phase === 'exploring' || phase === 'summarising')
    return colour('muted');
  return colour('hybrid');
}
