import { relativeWeights } from '../../analysis/relativeWeights.ts';
import { row } from '../../core/batch.ts';
import type { Plan } from '../../hybrid/plan.ts';
import type { RecordReader } from '../../hybrid/records.ts';
import { energyTerms } from '../../md/molecule/energyTerms.ts';
import type { MolecularSystem } from '../../md/molecule/molecularSystem.ts';
import type { TermEnergies } from '../reportData.ts';
import { evenly } from './evenly.ts';
import { rounded } from './rounded.ts';

/** Pairs of atoms that may be looked at, so that a protein's report takes seconds and no minutes. */
const PAIRS = 5e7;

/**
 * The energy of each term over the records of production, and at the first start of each state, kJ/mol.
 *
 * Over at most a thousand records, evenly spaced; fewer of large molecules. Not booked: it is for the
 * reader alone (design rule 13).
 * @param production `logWeights` where it sampled another energy than the potential's, one a record.
 */
export function termEnergies(
  system: MolecularSystem,
  production: { readonly records: RecordReader; readonly logWeights?: Float64Array | undefined },
  states: Plan['states'],
): TermEnergies {
  const { records, logWeights } = production;
  const evaluate = energyTerms(system);
  const atoms = system.topology.atoms.length;
  const most = Math.round(Math.min(1000, Math.max(20, PAIRS / atoms ** 2)));
  const chosen = evenly(records.count, most);
  const sampled = chosen.map((i) =>
    withTotal(evaluate(row(records.rows(i, i + 1), 0)).map(({ energy }) => energy)),
  );
  const starts = states.map(({ start }) =>
    withTotal(evaluate(row(start, 0)).map(({ energy }) => energy)),
  );
  const [weights] = relativeWeights(
    [chosen.length],
    [logWeights && Float64Array.from(chosen, (i) => logWeights[i])],
  );
  const whole = weights.reduce((a, b) => a + b, 0);
  const average = (values: readonly number[]): number =>
    values.reduce((sum, value, n) => sum + weights[n] * value, 0) / whole;
  const names = [...numbered(system.terms.map(({ kind }) => kind.replaceAll('-', ' '))), 'total'];
  return {
    records: sampled.length,
    of: records.count,
    terms: names.map((name, t) => {
      const values = sampled.map((energies) => energies[t]);
      const mean = average(values);
      const variance = average(values.map((value) => (value - mean) ** 2));
      const unbiased = values.length / (values.length - 1);
      return {
        name,
        mean: rounded(mean, 8),
        deviation: values.length < 2 ? null : rounded(Math.sqrt(variance * unbiased), 8),
        starts: starts.map((energies) => rounded(energies[t], 8)),
      };
    }),
  };
}

function withTotal(energies: readonly number[]): readonly number[] {
  return [...energies, energies.reduce((a, b) => a + b, 0)];
}

/** Names that occur more than once are told apart by a number. */
function numbered(names: readonly string[]): string[] {
  return names.map((name, i) =>
    names.indexOf(name) === names.lastIndexOf(name)
      ? name
      : `${name} ${names.slice(0, i + 1).filter((other) => other === name).length}`,
  );
}
