import type { Budget, MethodName, Winner } from '../comparison.ts';
import { byError, type Methods, present, statedError } from './ranking.ts';

/** Method names as a sentence has them. */
export const methodTitle: Readonly<Record<MethodName, string>> = {
  md: 'plain MD',
  tempering: 'parallel tempering',
  reweighting: 'the flow alone, reweighted,',
  hybrid: 'the hybrid',
};

/** The answer to "is it worth it?" for a person: who wins, by what factors, and at which budgets. */
export function winnerSentence(
  methods: Methods,
  figures: Omit<Winner, 'sentence'>,
  budget: Budget,
  tolerance: number,
  hasReference: boolean,
): string {
  const { method, from } = figures;
  if (!hasReference) {
    return 'Nothing is known to compare with, so no method can be said to be first: give the scenario a reference.';
  }
  if (method === null || from === null) {
    return `No method holds ${tolerance} kT to the end of the budget of ${amountOf(budget)} in most of the seeds.`;
  }
  return [
    `${opening(methods, method)} ${tolerance} kT from ${amountOf({ ...budget, amount: from })} on, everything included.`,
    ...others(methods, figures.factors),
    ...inSeconds(figures, budget),
    ...before(methods, method, from, budget),
    ...after(methods, method, budget),
  ].join(' ');
}

function opening(methods: Methods, method: MethodName): string {
  const name = capitalised(methodTitle[method]);
  if (present(methods).length === 1) return `${name} holds`;
  const hasFlow = methods.hybrid !== undefined || methods.reweighting !== undefined;
  const isFlow = method === 'hybrid' || method === 'reweighting';
  return isFlow || !hasFlow
    ? `${name} wins: it holds`
    : `${name.replace('Parallel', 'Plain')} wins, and a flow is not worth its training for this: it holds`;
}

/** What the others need, the nearest first. */
function others(methods: Methods, factors: Winner['factors']): string[] {
  return present(methods)
    .filter((other) => factors[other] !== undefined)
    .sort((a, b) => (factors[a]?.evaluations ?? Infinity) - (factors[b]?.evaluations ?? Infinity))
    .map((other) => {
      const evaluations = factors[other]?.evaluations ?? null;
      const seconds = factors[other]?.seconds ?? null;
      return evaluations === null || seconds === null
        ? `${capitalised(methodTitle[other])} does not get there within the budget.`
        : `${capitalised(methodTitle[other])} needs ${rounded(evaluations)} times as many evaluations and ${rounded(seconds)} times as many seconds.`;
    });
}

function inSeconds(
  { method, methodInSeconds }: Omit<Winner, 'sentence'>,
  { unit }: Budget,
): string[] {
  if (unit === 'seconds' || methodInSeconds === null || methodInSeconds === method) return [];
  return [`In wall-clock seconds ${methodTitle[methodInSeconds]} is first.`];
}

/** Who is ahead in the last tenth of the budget that ends before the winner arrives. */
function before(methods: Methods, method: MethodName, from: number, budget: Budget): string[] {
  const tenth = Math.ceil((10 * from) / budget.amount) - 2;
  if (tenth < 0) return [];
  const [ahead] = byError(methods, tenth);
  if (ahead === undefined || ahead === method) return [];
  return [
    `Below that ${methodTitle[ahead]} is ahead: at ${tenthOf(budget, tenth)} its error is ${shownError(methods, ahead, tenth)}.`,
  ];
}

/** Who has the smallest error at the end, and from where on, if it is not the winner. */
function after(methods: Methods, method: MethodName, budget: Budget): string[] {
  const [best] = byError(methods, 9);
  if (best === undefined || best === method) return [];
  const isNearer = (tenth: number): boolean =>
    (statedError(methods, best, tenth) ?? Infinity) <
    (statedError(methods, method, tenth) ?? Infinity);
  let tenth = 9;
  while (tenth > 0 && isNearer(tenth - 1)) tenth--;
  return [
    `From ${tenthOf(budget, tenth)} on ${methodTitle[best]} has the smaller error: at the end ${shownError(methods, best, 9)}, against ${shownError(methods, method, 9)}.`,
  ];
}

/** A budget as people say it: `1.2 million evaluations`, `30 s`. */
export function amountOf({ unit, amount }: Pick<Budget, 'unit' | 'amount'>): string {
  if (unit === 'seconds') return `${rounded(amount)} s`;
  if (amount >= 1e6) return `${rounded(amount / 1e6)} million evaluations`;
  return `${Math.round(amount)} evaluations`;
}

function tenthOf(budget: Budget, tenth: number): string {
  return amountOf({ ...budget, amount: ((tenth + 1) / 10) * budget.amount });
}

function shownError(methods: Methods, method: MethodName, tenth: number): string {
  const error = statedError(methods, method, tenth);
  return error === null ? 'withheld' : `${rounded(error)} kT`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
