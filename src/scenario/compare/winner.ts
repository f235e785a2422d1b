import type { Budget, MethodComparison, MethodName, Winner } from '../comparison.ts';

type Methods = Readonly<Partial<Record<MethodName, MethodComparison>>>;

/** Method names as a sentence has them. */
export const methodTitle: Readonly<Record<MethodName, string>> = {
  md: 'plain MD',
  tempering: 'parallel tempering',
  reweighting: 'the flow alone, reweighted,',
  hybrid: 'the hybrid',
};

/**
 * Who comes within the tolerance first, by the medians over the seeds, in evaluations and in seconds.
 *
 * @param hasReference Whether there is anything to be within a tolerance of.
 */
export function winner(
  methods: Methods,
  budget: Budget,
  tolerance: number,
  hasReference: boolean,
): Winner {
  const inEvaluations = ranking(methods, 'evaluations');
  const inSeconds = ranking(methods, 'seconds');
  const [first] = budget.unit === 'seconds' ? inSeconds : inEvaluations;
  if (first === undefined) {
    const sentence = hasReference
      ? `No method holds ${tolerance} kT to the end of the budget of ${amountOf(budget)} in half of the seeds.`
      : 'Nothing is known to compare with, so no method can be said to be first: give the scenario a reference.';
    return { method: null, methodInSeconds: null, factors: {}, from: null, sentence };
  }
  const { method } = first;
  const factors: Winner['factors'] = Object.fromEntries(
    names(methods)
      .filter((other) => other !== method)
      .map((other) => [
        other,
        {
          evaluations: factor(methods, method, other, 'evaluations'),
          seconds: factor(methods, method, other, 'seconds'),
        },
      ]),
  );
  const from = first.cost;
  const methodInSeconds = inSeconds[0]?.method ?? null;
  return {
    method,
    methodInSeconds,
    factors,
    from,
    sentence: [
      opening(method, from, budget, tolerance),
      ...comparisons(methods, method, factors),
      ...unlessInSeconds(method, methodInSeconds, budget),
      ...before(methods, method, from, budget),
      ...after(methods, method, budget),
    ].join(' '),
  };
}

interface Rank {
  readonly method: MethodName;
  readonly cost: number;
}

/** The methods that come within the tolerance, the cheapest first. */
function ranking(methods: Methods, unit: Budget['unit']): Rank[] {
  return names(methods)
    .flatMap((method) => {
      const cost = medianCost(methods, method, unit);
      return cost === null ? [] : [{ method, cost }];
    })
    .sort((a, b) => a.cost - b.cost);
}

function opening(method: MethodName, from: number, budget: Budget, tolerance: number): string {
  const verdict =
    method === 'hybrid' || method === 'reweighting'
      ? `${capitalised(methodTitle[method])} wins:`
      : `${capitalised(method === 'md' ? 'plain MD' : 'plain tempering')} wins, and a flow is not worth its training here:`;
  return `${verdict} it holds ${tolerance} kT from ${amountOf({ ...budget, amount: from })} on, everything included.`;
}

/** What the others need, the nearest first. */
function comparisons(methods: Methods, method: MethodName, factors: Winner['factors']): string[] {
  return names(methods)
    .filter((other) => other !== method)
    .sort((a, b) => (factors[a]?.evaluations ?? Infinity) - (factors[b]?.evaluations ?? Infinity))
    .map((other) => {
      const own = factors[other];
      return own?.evaluations == null || own.seconds == null
        ? `${capitalised(methodTitle[other])} never gets there within the budget.`
        : `${capitalised(methodTitle[other])} needs ${times(own.evaluations)} as many evaluations and ${times(own.seconds)} as many seconds.`;
    });
}

function unlessInSeconds(
  method: MethodName,
  inSeconds: MethodName | null,
  { unit }: Budget,
): string[] {
  if (inSeconds === null || inSeconds === method || unit === 'seconds') return [];
  return [`In wall-clock seconds ${methodTitle[inSeconds]} is first.`];
}

/** Who is ahead while the winner is not there yet. */
function before(methods: Methods, method: MethodName, from: number, budget: Budget): string[] {
  const tenth = Math.ceil((10 * from) / budget.amount) - 2;
  if (tenth < 0) return [];
  const ahead = nearest(methods, tenth);
  if (ahead === undefined || ahead.name === method) return [];
  const at = amountOf({ ...budget, amount: ((tenth + 1) / 10) * budget.amount });
  return [
    `Below that budget ${methodTitle[ahead.name]} is ahead: at ${at} its error is ${rounded(ahead.error)} kT.`,
  ];
}

/** Who has the smallest error at the end, where it is not the one who was first within the tolerance. */
function after(methods: Methods, method: MethodName, budget: Budget): string[] {
  const best = nearest(methods, 9);
  if (best === undefined || best.name === method) return [];
  // The first tenth from which on its error stays the smaller.
  let tenth = 9;
  while (tenth > 0 && isNearer(methods, best.name, method, tenth - 1)) tenth--;
  const own = methods[method]?.mean.errorVsBudget[9].median ?? null;
  const at = amountOf({ ...budget, amount: ((tenth + 1) / 10) * budget.amount });
  return [
    `From ${at} on ${methodTitle[best.name]} has the smaller error: ${rounded(best.error)} kT at the end, against ${own === null ? 'none' : rounded(own)}.`,
  ];
}

function isNearer(methods: Methods, name: MethodName, than: MethodName, tenth: number): boolean {
  const error = methods[name]?.mean.errorVsBudget[tenth].median ?? Infinity;
  return (
    !isWithheld(methods[name], tenth) &&
    error < (methods[than]?.mean.errorVsBudget[tenth].median ?? Infinity)
  );
}

/** The smallest median error after a tenth of the budget, of the methods that may state one. */
function nearest(
  methods: Methods,
  tenth: number,
): { readonly name: MethodName; readonly error: number } | undefined {
  return names(methods)
    .flatMap((name) => {
      const error = methods[name]?.mean.errorVsBudget[tenth].median ?? null;
      return error === null || isWithheld(methods[name], tenth) ? [] : [{ name, error }];
    })
    .sort((a, b) => a.error - b.error)[0];
}

/** Whether half of the seeds or more would withhold their difference there. */
function isWithheld(method: MethodComparison | undefined, tenth: number): boolean {
  const runs = method?.runs ?? [];
  return 2 * runs.filter((run) => run.withheldVsBudget[tenth]).length >= runs.length;
}

function factor(
  methods: Methods,
  method: MethodName,
  other: MethodName,
  unit: Budget['unit'],
): number | null {
  const own = medianCost(methods, method, unit);
  const theirs = medianCost(methods, other, unit);
  return own === null || theirs === null ? null : theirs / own;
}

function medianCost(methods: Methods, method: MethodName, unit: Budget['unit']): number | null {
  return methods[method]?.mean.costToTolerance[unit].median ?? null;
}

function names(methods: Methods): MethodName[] {
  return (['md', 'tempering', 'reweighting', 'hybrid'] as const).filter(
    (name) => methods[name] !== undefined,
  );
}

/** A budget as people say it: `1.2 million evaluations`, `30 s`. */
export function amountOf({ unit, amount }: Pick<Budget, 'unit' | 'amount'>): string {
  if (unit === 'seconds') return `${rounded(amount)} s`;
  if (amount >= 1e6) return `${rounded(amount / 1e6)} million evaluations`;
  return `${Math.round(amount)} evaluations`;
}

function times(ratio: number): string {
  return `${rounded(ratio)} times`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
