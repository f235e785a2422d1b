import type { Comparison } from '../scenario/comparison.ts';
import { comparisonMethods, errorFigure } from './figures/errorFigure.ts';
import { methodDotsFigure } from './figures/methodDotsFigure.ts';
import type { PageFigure } from './reportFigures.ts';

/** The figures of a comparison; those on errors only where a reference is known. */
export function compareFigures(comparison: Comparison): PageFigure[] {
  const methods = comparisonMethods(comparison);
  const { tolerance, seeds } = comparison;
  const figures: PageFigure[] = [];
  if (comparison.reference !== null) {
    figures.push(
      {
        name: 'error',
        title: 'Error against budget',
        caption:
          'The sooner a line falls below the dashed one, and stays there, the better the method; ' +
          `lines are medians over ${seeds.length} seeds, bands reach from the best to the worst, and a method has no line while it trains.`,
        draw: (width) => errorFigure(comparison, width),
      },
      {
        name: 'cost',
        title: `What ${tolerance} kT costs`,
        caption:
          'Further left is cheaper: what each method had spent, training included, when its error fell below the tolerance for good; dots are seeds, bars medians, and words stand where half of the seeds never got there.',
        draw: (width) =>
          methodDotsFigure(
            {
              name: 'cost',
              title: `Cost to reach ${tolerance} kT`,
              quantities: (['evaluations', 'seconds'] as const).map((unit) => ({
                heading: unit === 'evaluations' ? 'In energy evaluations' : 'In seconds',
                axis: unit === 'evaluations' ? 'energy evaluations' : 'seconds',
                rows: methods.map(([method, { runs, mean }]) => ({
                  method,
                  values: runs.map((run) => run.costToTolerance?.[unit] ?? null),
                  median: mean.costToTolerance[unit].median,
                  otherwise: 'not reached',
                })),
              })),
            },
            width,
          ),
      },
    );
  }
  figures.push({
    name: 'efficiency',
    title: 'Effective samples',
    caption:
      'Further right is better: independent samples for the price of one evaluation and of one second, everything before them included; words stand where half of the seeds have no figure.',
    draw: (width) =>
      methodDotsFigure(
        {
          name: 'efficiency',
          title: 'Effective samples per evaluation and per second',
          quantities: (['essPerEvaluation', 'essPerSecond'] as const).map((quantity) => ({
            heading: quantity === 'essPerEvaluation' ? 'Per energy evaluation' : 'Per second',
            axis: 'effective samples',
            rows: methods.map(([method, { runs, mean }]) => ({
              method,
              values: runs.map((run) => run[quantity]),
              median: mean[quantity].median,
              otherwise: 'withheld',
            })),
          })),
        },
        width,
      ),
  });
  return figures;
}
