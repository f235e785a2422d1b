import type { MolecularSystem } from './molecularSystem.ts';
import type { Term } from './term.ts';
import { cmapTorsions } from './terms/cmapTorsions.ts';
import { generalizedBorn } from './terms/generalizedBorn.ts';
import { harmonicAngles } from './terms/harmonicAngles.ts';
import { harmonicBonds } from './terms/harmonicBonds.ts';
import { nonbonded } from './terms/nonbonded.ts';
import { periodicTorsions } from './terms/periodicTorsions.ts';
import { positionRestraints } from './terms/positionRestraints.ts';
import { ryckaertBellemansTorsions } from './terms/ryckaertBellemansTorsions.ts';
import type { TermEvaluator } from './terms/termEvaluator.ts';

/** The terms of a system that was checked, ready to be evaluated, in the system's order. */
export function termEvaluators({ terms, box }: MolecularSystem): readonly TermEvaluator[] {
  return terms.map((term) => termEvaluator(term, box));
}

function termEvaluator(term: Term, box: MolecularSystem['box']): TermEvaluator {
  switch (term.kind) {
    case 'harmonic-bonds':
    case 'distance-restraints':
      return harmonicBonds(term);
    case 'harmonic-angles':
      return harmonicAngles(term);
    case 'periodic-torsions':
      return periodicTorsions(term);
    case 'ryckaert-bellemans-torsions':
      return ryckaertBellemansTorsions(term);
    case 'cmap-torsions':
      return cmapTorsions(term);
    case 'nonbonded':
      return nonbonded(term, box);
    case 'generalized-born':
      return generalizedBorn(term, box);
    case 'position-restraints':
      return positionRestraints(term);
  }
}
