import * as Plot from '@observablehq/plot';
import { colour } from '../palette.ts';
import type { ProfileData, Trace } from '../reportData.ts';
import { rightAngles, variableLabel } from './axisLabel.ts';
import { compose } from './compose.ts';
import { legend } from './legend.ts';
import { panel } from './panel.ts';

/**
 * The coordinate along one chain of each kind: what MD takes long for, the flow does in a step.
 * @param chain What the chain of the run is called.
 */
export function traceFigure(
  trace: Trace,
  axis: Pick<ProfileData, 'coordinate' | 'isAngle' | 'min' | 'max'>,
  width: number,
  chain = 'hybrid chain',
): string {
  const coordinate = variableLabel({ ...axis, name: axis.coordinate });
  const height = width < 480 ? 190 : 200;
  const draw = (points: Trace['hybrid'], stroke: string, label: string) =>
    panel({
      width,
      height,
      x: { label },
      y: {
        domain: [axis.min, axis.max],
        label: coordinate,
        ...(axis.isAngle ? { ticks: rightAngles(axis.min, axis.max) } : {}),
      },
      marks: [
        Plot.line(within(points, axis), {
          x: 'step',
          y: 'value',
          stroke,
          strokeWidth: 0.8,
          strokeOpacity: 0.6,
          clip: true,
        }),
        Plot.dot(within(points, axis), { x: 'step', y: 'value', fill: stroke, r: 1.4, clip: true }),
      ],
    });
  const rows = [
    [
      {
        panel: draw(trace.hybrid, colour('hybrid'), 'recorded step'),
        heading: chain.charAt(0).toUpperCase() + chain.slice(1),
      },
    ],
  ];
  if (trace.md.length > 0) {
    rows.push([
      { panel: draw(trace.md, colour('md'), 'frame'), heading: 'Molecular dynamics (seeding)' },
    ]);
  }
  return compose({
    name: 'trace',
    title: `${coordinate} along one chain`,
    description: `${coordinate} at ${trace.hybrid.length} recorded steps of one chain (${chain}) and at ${trace.md.length} frames of an MD chain.`,
    width,
    legends: [legend([], width)],
    rows,
  });
}

/** Values on the axis; a gap where there is none. */
function within(
  points: Trace['hybrid'],
  { min, max }: Pick<ProfileData, 'min' | 'max'>,
): { step: number; value: number }[] {
  return points.map(({ step, value }) => ({
    step,
    value: value >= min && value <= max ? value : Number.NaN,
  }));
}
