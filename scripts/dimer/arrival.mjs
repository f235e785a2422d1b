// When a running estimate has arrived: by what it had cost at the first stop from which on it stays right.

/** Costs at which a run is looked at, each `factor` times the last, up to `to`. */
export function stops(from, to, factor) {
  const all = [];
  for (let cost = from; cost <= to; cost *= factor) all.push(Math.round(cost));
  return all;
}

/**
 * The cost of the first point from which on all estimates lie within `tolerance` of `reference`; null
 * where the last one does not. An estimate of null, which could not be made, lies nowhere near.
 */
export function arrival(points, reference, tolerance) {
  let first = points.length;
  while (first > 0) {
    const { difference } = points[first - 1];
    if (difference === null || !(Math.abs(difference - reference) <= tolerance)) break;
    first--;
  }
  return points[first]?.evaluations ?? null;
}

/** The middle one, where a run that never arrives comes last; null where that is the middle. */
export function medianArrival(arrivals) {
  const sorted = arrivals.map((cost) => cost ?? Infinity).sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const both = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  const median = (both[0] + both[1]) / 2;
  return Number.isFinite(median) ? median : null;
}
