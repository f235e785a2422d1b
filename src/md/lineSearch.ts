/** φ(α) = U(x + α d) and its slope along the search direction. */
export interface LinePoint {
  readonly step: number;
  readonly value: number;
  readonly slope: number;
}

// Nocedal & Wright's constants for quasi-Newton methods.
const sufficientDecrease = 1e-4;
const curvature = 0.9;
const maxEvaluations = 40;

/**
 * A step that satisfies the strong Wolfe conditions, or undefined where none was found.
 *
 *     φ(α) ≤ φ(0) + c₁ α φ′(0)   and   |φ′(α)| ≤ c₂ |φ′(0)|
 *
 * The last point that was evaluated is the one returned. A value that is not finite counts as too high,
 * so the search backs away from it. Near a minimum, where φ changes by less than its rounding error,
 * the slope alone decides.
 * Nocedal & Wright, Numerical Optimization, 2nd ed. 2006, algorithms 3.5 and 3.6.
 */
export function strongWolfe(
  evaluate: (step: number) => LinePoint,
  start: LinePoint,
  firstStep: number,
): LinePoint | undefined {
  const rounding = 8 * Number.EPSILON * Math.abs(start.value);
  const isTooHigh = (point: LinePoint): boolean =>
    !(
      point.value <= start.value + sufficientDecrease * point.step * start.slope + rounding &&
      Number.isFinite(point.slope)
    );
  const isFlat = (point: LinePoint): boolean => Math.abs(point.slope) <= -curvature * start.slope;

  // `low` is the best point so far; a minimum lies between it and `high`, once there is one.
  let low = start;
  let high: LinePoint | undefined;
  let step = firstStep;
  for (let evaluation = 0; evaluation < maxEvaluations; evaluation++) {
    const point = evaluate(step);
    if (isTooHigh(point) || (point.value >= low.value + rounding && low !== start)) {
      high = point;
    } else if (isFlat(point)) {
      return point;
    } else {
      if (high === undefined) {
        if (point.slope >= 0) high = low;
      } else if (point.slope * (high.step - low.step) >= 0) {
        high = low;
      }
      low = point;
    }
    step = high === undefined ? 2 * low.step : between(low, high);
  }
  return undefined;
}

/** The minimum of the cubic through two points, kept away from both; halfway where there is none. */
function between(low: LinePoint, high: LinePoint): number {
  const width = high.step - low.step;
  const halfway = low.step + width / 2;
  if (!Number.isFinite(high.value) || !Number.isFinite(high.slope)) return halfway;
  const d1 = low.slope + high.slope - (3 * (low.value - high.value)) / (low.step - high.step);
  const d2 = Math.sign(width) * Math.sqrt(d1 * d1 - low.slope * high.slope);
  const minimum = high.step - (width * (high.slope + d2 - d1)) / (high.slope - low.slope + 2 * d2);
  const share = (minimum - low.step) / width;
  return share >= 0.1 && share <= 0.9 ? minimum : halfway;
}
