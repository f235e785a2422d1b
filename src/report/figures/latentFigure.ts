import * as Plot from '@observablehq/plot';
import { colour } from '../palette.ts';
import type { LatentCloud, Point } from '../reportData.ts';
import { coordinateLabel } from './axisLabel.ts';
import { compose } from './compose.ts';
import { legend } from './legend.ts';
import { panel, squareHeight } from './panel.ts';
import { noStateLook, stateLook } from './symbols.ts';

/** Shares of a two-dimensional Gaussian inside the circles. */
const shares = [0.5, 0.95] as const;

const latentUnits = { length: 'reduced', energy: 'reduced' } as const;

/** MD frames of every state, mapped to latent space, over the Gaussian that they should fill. */
export function latentFigure(cloud: LatentCloud, states: readonly string[], width: number): string {
  const side = Math.min(width, 420);
  const radii = shares.map((share) => Math.sqrt(-2 * Math.log(1 - share) * cloud.priorVariance));
  const farthest = cloud.points
    .map(({ x, y }) => Math.max(Math.abs(x), Math.abs(y)))
    .sort((a, b) => a - b);
  const most = farthest[Math.floor(farthest.length * 0.995)] ?? 0;
  const reach = Math.max(radii[1] * 1.25, most * 1.05);
  const present = states
    .map((name, index) => ({ name, index, ...stateLook(index) }))
    .filter(({ index }) => cloud.points.some(({ state }) => state === index));
  const seen = cloud.points.filter(({ x, y }) => Math.max(Math.abs(x), Math.abs(y)) <= reach);
  const stray = seen.filter(({ state }) => state < 0);
  const drawn = panel({
    width: side,
    height: squareHeight(side),
    x: { domain: [-reach, reach], label: coordinateLabel(cloud.axes[0], latentUnits, 'z') },
    y: { domain: [-reach, reach], label: coordinateLabel(cloud.axes[1], latentUnits, 'z') },
    marks: [
      ...radii.map((radius, i) =>
        Plot.line(circle(radius), {
          stroke: colour('ink'),
          strokeWidth: 1.2,
          ...(i === 0 ? { strokeDasharray: '5 3' } : {}),
        }),
      ),
      Plot.dot(stray, { x: 'x', y: 'y', r: 1.5, fill: noStateLook.colour }),
      ...present.map(({ index, symbol, colour: stroke }) =>
        Plot.dot(
          seen.filter(({ state }) => state === index),
          { x: 'x', y: 'y', symbol, r: 2.6, stroke, strokeOpacity: 0.85 },
        ),
      ),
    ],
  });
  return compose({
    name: 'latent',
    title: 'Molecular-dynamics frames in latent space',
    description: `Held-out frames of ${states.join(', ')} on two latent axes, with the circles that hold 50 and 95 per cent of the prior.`,
    width,
    legends: [
      legend(
        [
          ...present.map(
            ({ name, symbol, colour: own }) =>
              ({ kind: 'symbol', label: name, colour: own, symbol, hollow: true }) as const,
          ),
          ...(stray.length > 0
            ? [{ kind: 'symbol', label: 'in no state', ...noStateLook } as const]
            : []),
          {
            kind: 'line',
            label: '50 % of the prior',
            colour: colour('ink'),
            dash: '5 3',
            thick: 1.2,
          },
          { kind: 'line', label: '95 %', colour: colour('ink'), thick: 1.2 },
        ],
        width,
      ),
    ],
    rows: [[{ panel: drawn }]],
  });
}

function circle(radius: number): Point[] {
  return Array.from({ length: 121 }, (_, i) => {
    const angle = (2 * Math.PI * i) / 120;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}
