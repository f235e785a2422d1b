import { ErgoflowError } from '../../core/errors.ts';
import { type Ledger, totalEvaluations } from '../../core/ledger.ts';
import type { Potential } from '../../core/potential.ts';
import type { Budget } from '../comparison.ts';

/** The budget ended before the work did. */
export class BudgetSpentError extends ErgoflowError {
  override name = 'BudgetSpentError' as const;

  constructor({ unit, amount }: Pick<Budget, 'unit' | 'amount'>) {
    super(`the budget of ${amount} ${unit} is spent`);
  }
}

/** What one run of a method has spent, and whether it may go on. */
export interface Meter {
  /** Energy evaluations of the whole run so far. */
  evaluations(): number;
  /** Wall-clock seconds of the whole run so far. */
  seconds(): number;
  /** Whether `evaluations` more may be begun: a budget in seconds asks only whether it has ended. */
  allows(evaluations: number): boolean;
  /** The share of what was left when the meter was made that is spent by now, in [0, 1]; 0 without a budget. */
  share(): number;
}

/**
 * Reads a run's cost off its ledger and off the clock.
 *
 * The clock decides only where the budget is in seconds (design rule 12); elsewhere it is written down.
 * @param budget Undefined for none. @param secondsBefore Spent on this run before the meter was made.
 */
export function meter(
  budget: Pick<Budget, 'unit' | 'amount'> | undefined,
  ledger: Ledger,
  secondsBefore = 0,
): Meter {
  const since = performance.now() / 1000 - secondsBefore;
  const evaluations = (): number => totalEvaluations(ledger);
  const seconds = (): number => performance.now() / 1000 - since;
  const spent = (): number => (budget?.unit === 'seconds' ? seconds() : evaluations());
  const begun = spent();
  return {
    evaluations,
    seconds,
    share: () =>
      budget === undefined || budget.amount <= begun
        ? 0
        : Math.min(1, (spent() - begun) / (budget.amount - begun)),
    allows(more) {
      if (budget === undefined) return true;
      return budget.unit === 'evaluations'
        ? evaluations() + more <= budget.amount
        : seconds() < budget.amount;
    },
  };
}

/**
 * `potential`, which refuses to be evaluated once the budget is spent.
 *
 * It goes inside `booked`: the batch that is refused has been booked already, and stays so.
 * @throws {BudgetSpentError} from its methods.
 */
export function limited(
  potential: Potential,
  own: Meter,
  budget: Pick<Budget, 'unit' | 'amount'> | undefined,
): Potential {
  if (budget === undefined) return potential;
  const check = (): void => {
    if (!own.allows(0)) throw new BudgetSpentError(budget);
  };
  return {
    ...potential,
    energy(x, out) {
      check();
      return potential.energy(x, out);
    },
    energyAndGradient(x, out) {
      check();
      return potential.energyAndGradient(x, out);
    },
  };
}
