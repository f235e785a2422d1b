import type { Potential } from './potential.ts';

/** What evaluations are spent on (design rule 13). */
export type LedgerAccount = 'seeding' | 'training' | 'flowProposals' | 'localMoves' | 'diagnostics';

/**
 * The running cost of a run. One energy evaluation is U of one configuration, with or without its
 * gradient; gradients are also counted apart. `flowPasses` counts network passes of one configuration.
 */
export interface Ledger extends Record<LedgerAccount, number> {
  gradients: number;
  flowPasses: number;
}

/** A ledger in which nothing is booked yet. */
export function emptyLedger(): Ledger {
  return {
    seeding: 0,
    training: 0,
    flowProposals: 0,
    localMoves: 0,
    diagnostics: 0,
    gradients: 0,
    flowPasses: 0,
  };
}

/** All energy evaluations, whatever they were spent on. */
export function totalEvaluations(ledger: Ledger): number {
  return (
    ledger.seeding + ledger.training + ledger.flowProposals + ledger.localMoves + ledger.diagnostics
  );
}

/** `potential`, with every evaluation booked to `account` of `ledger`. */
export function booked(potential: Potential, ledger: Ledger, account: LedgerAccount): Potential {
  // A finite-difference gradient costs 2D evaluations beside its energy, and none of them is free.
  const perGradient = potential.evaluationsPerGradient;
  return {
    name: potential.name,
    dim: potential.dim,
    units: potential.units,
    evaluationsPerGradient: perGradient,
    energy(x, out) {
      ledger[account] += x.count;
      return potential.energy(x, out);
    },
    energyAndGradient(x, out) {
      ledger[account] += x.count * perGradient;
      ledger.gradients += x.count;
      return potential.energyAndGradient(x, out);
    },
    ...(potential.explain && { explain: potential.explain }),
  };
}
