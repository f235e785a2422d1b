import type { Budget, MethodComparison, MethodName } from '../comparison.ts';

export type Methods = Readonly<Partial<Record<MethodName, MethodComparison>>>;

/** The methods, in the order in which they are run and shown. */
export const methodNames: readonly MethodName[] = ['md', 'tempering', 'reweighting', 'hybrid'];

/** Those of them that were run. */
export function present(methods: Methods): MethodName[] {
  return methodNames.filter((name) => methods[name] !== undefined);
}

/** Median cost to come within the tolerance for good; null where half of the seeds never do. */
export function medianCost(
  methods: Methods,
  method: MethodName,
  unit: Budget['unit'],
): number | null {
  return methods[method]?.mean.costToTolerance[unit].median ?? null;
}

/** The methods that come within the tolerance, the cheapest first. */
export function byCost(methods: Methods, unit: Budget['unit']): MethodName[] {
  const cost = (method: MethodName): number => medianCost(methods, method, unit) ?? Infinity;
  return present(methods)
    .filter((method) => cost(method) < Infinity)
    .sort((a, b) => cost(a) - cost(b));
}

/** A method's median error after a tenth of the budget; null where half of the seeds state none. */
export function statedError(methods: Methods, method: MethodName, tenth: number): number | null {
  const runs = methods[method]?.runs ?? [];
  const withheld = runs.filter((run) => run.withheldVsBudget[tenth]).length;
  if (2 * withheld >= runs.length) return null;
  return methods[method]?.mean.errorVsBudget[tenth].median ?? null;
}

/** The methods that state an error after a tenth of the budget, the smallest first. */
export function byError(methods: Methods, tenth: number): MethodName[] {
  const error = (method: MethodName): number => statedError(methods, method, tenth) ?? Infinity;
  return present(methods)
    .filter((method) => error(method) < Infinity)
    .sort((a, b) => error(a) - error(b));
}
