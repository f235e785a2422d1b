import type { Potential } from '../core/potential.ts';
import type { PotentialCheck } from '../md/check/checkPotential.ts';
import { figureFiles } from './buildReport.ts';
import { landscapeGrid } from './collect/landscapeGrid.ts';
import { checkedCurveFigure } from './figures/checkedCurveFigure.ts';
import { checkedLandscapeFigure } from './figures/checkedLandscapeFigure.ts';

/**
 * A picture of a checked potential of one or two coordinates, with what was reached and where its minima
 * lie: an SVG with fixed colours. Undefined where nothing was reached, or in more dimensions.
 */
export function checkPicture(potential: Potential, check: PotentialCheck): string | undefined {
  const { reached, hot, kT } = check;
  if (reached.count === 0 || potential.dim > 2) return undefined;
  const landscape = landscapeGrid(potential, kT, [reached, hot]);
  const draw =
    landscape === null
      ? (width: number) => checkedCurveFigure(potential, check, width)
      : (width: number) =>
          checkedLandscapeFigure(landscape, check, potential.units, Math.min(width, 560));
  const [{ svg }] = figureFiles(
    [{ name: 'check', title: check.potential, caption: '', draw }],
    undefined,
  );
  return svg;
}
