import { coulombConstant } from '../../../core/units.ts';
import type { Nonbonded } from '../term.ts';
import { dispersionCorrection } from './dispersionCorrection.ts';
import { exclusions } from './exclusions.ts';
import { periodicEdges } from './minimumImage.ts';
import { evaluateExceptions } from './nonbondedExceptions.ts';
import { type PairSearchMethod, pairSearch } from './pairSearch.ts';
import { reactionField } from './reactionField.ts';
import { switchSlope, switchValue } from './switching.ts';
import type { NonFinite, TermEvaluator } from './termEvaluator.ts';

/**
 * Lennard-Jones and Coulomb energies of all pairs of atoms, with exceptions.
 *
 *     U = Σ S(r) 4ε ((σ/r)¹² − (σ/r)⁶) + C qᵢ qⱼ (1/r + k r² − c),   σ = (σᵢ + σⱼ)/2,  ε = √(εᵢ εⱼ)
 *
 * S, k and c are those of `switching` and `reactionField`; without a cutoff S = 1 and k = c = 0. Beyond the
 * cutoff a pair adds nothing. Conventions are OpenMM's: excluded pairs feel no reaction field either.
 * Where two atoms that interact coincide U is +∞.
 * @param box edges, nm, of the system's periodic box, if any.
 */
export function nonbonded(
  term: Nonbonded,
  box: readonly [number, number, number] | undefined,
  method?: PairSearchMethod,
): TermEvaluator {
  const { kind, charge, sigma, epsilon, exceptions, cutoff } = term;
  const atoms = charge.length;
  const range = {
    cutoff: cutoff?.distance ?? Infinity,
    box: cutoff?.periodic === true ? box : undefined,
  };
  const { edge, inverse } = periodicEdges(range.box);
  const search = pairSearch(atoms, range, method);
  const excluded = exclusions(atoms, exceptions.atoms);
  const partners = new Int32Array(atoms);
  const rootEpsilon = epsilon.map(Math.sqrt);

  const farthest = range.cutoff * range.cutoff;
  const switchFrom = cutoff?.switchDistance ?? Infinity;
  const switchWidth = range.cutoff - switchFrom;
  const field = cutoff && reactionField(cutoff.distance, cutoff.reactionFieldDielectric);
  const quadratic = field?.quadratic ?? 0;
  const shift = field?.shift ?? 0;
  const tail =
    cutoff?.dispersionCorrection === true && range.box !== undefined
      ? dispersionCorrection(term, cutoff.distance, cutoff.switchDistance) /
        (range.box[0] * range.box[1] * range.box[2])
      : 0;

  /** Atom `i` with the first `count` of `partners`. */
  function row(
    x: Float64Array,
    offset: number,
    i: number,
    count: number,
    gradient: Float64Array,
  ): number {
    const at = offset + 3 * i;
    const ownCharge = coulombConstant * charge[i];
    let energy = 0;
    for (let p = 0; p < count; p++) {
      const j = partners[p];
      if (excluded.mark[j] === i) continue;
      const to = offset + 3 * j;
      let dx = x[at] - x[to];
      let dy = x[at + 1] - x[to + 1];
      let dz = x[at + 2] - x[to + 2];
      dx -= edge[0] * Math.round(dx * inverse[0]);
      dy -= edge[1] * Math.round(dy * inverse[1]);
      dz -= edge[2] * Math.round(dz * inverse[2]);
      const square = dx * dx + dy * dy + dz * dz;
      if (square > farthest) continue;
      const depth = 4 * rootEpsilon[i] * rootEpsilon[j];
      const charges = ownCharge * charge[j];
      if (depth === 0 && charges === 0) continue;
      if (square === 0) {
        energy += Infinity;
        continue;
      }

      const perSquare = 1 / square;
      const perDistance = Math.sqrt(perSquare);
      const width = 0.5 * (sigma[i] + sigma[j]);
      const reduced = width * width * perSquare;
      const six = reduced * reduced * reduced;
      let lennardJones = depth * six * (six - 1);
      // Slopes are ∂U/∂r over r.
      let slope = -depth * six * (12 * six - 6) * perSquare;
      const r = square * perDistance;
      if (r > switchFrom) {
        const t = (r - switchFrom) / switchWidth;
        const keep = switchValue(t);
        slope = slope * keep + (lennardJones * switchSlope(t) * perDistance) / switchWidth;
        lennardJones *= keep;
      }
      energy += lennardJones + charges * (perDistance + quadratic * square - shift);
      slope += charges * (2 * quadratic - perDistance * perSquare);
      gradient[at] += slope * dx;
      gradient[at + 1] += slope * dy;
      gradient[at + 2] += slope * dz;
      gradient[to] -= slope * dx;
      gradient[to + 1] -= slope * dy;
      gradient[to + 2] -= slope * dz;
    }
    return energy;
  }

  return {
    kind,
    evaluate(x, offset, gradient) {
      search.place(x, offset);
      let energy = tail;
      for (let i = 0; i < atoms; i++) {
        excluded.markPartners(i);
        energy += row(x, offset, i, search.partners(i, partners), gradient);
      }
      return energy + evaluateExceptions(exceptions, x, offset, gradient);
    },
    findNonFinite(x) {
      const gradient = new Float64Array(x.length);
      for (let i = 0; i < atoms; i++) {
        excluded.markPartners(i);
        for (let j = i + 1; j < atoms; j++) {
          partners[0] = j;
          const energy = row(x, 0, i, 1, gradient);
          if (!Number.isFinite(energy)) return pair('pair', i, j, energy, x);
        }
      }
      const { atoms: pairs, chargeProduct, sigma, epsilon } = exceptions;
      for (let k = 0; k < chargeProduct.length; k++) {
        const one = {
          atoms: pairs.subarray(2 * k, 2 * k + 2),
          chargeProduct: chargeProduct.subarray(k, k + 1),
          sigma: sigma.subarray(k, k + 1),
          epsilon: epsilon.subarray(k, k + 1),
        };
        const energy = evaluateExceptions(one, x, 0, gradient);
        if (!Number.isFinite(energy)) {
          return pair('exception', pairs[2 * k], pairs[2 * k + 1], energy, x);
        }
      }
      return undefined;
    },
  };
}

function pair(part: string, i: number, j: number, energy: number, x: Float64Array): NonFinite {
  const r = Math.hypot(
    x[3 * i] - x[3 * j],
    x[3 * i + 1] - x[3 * j + 1],
    x[3 * i + 2] - x[3 * j + 2],
  );
  return { part, atoms: [i, j], found: `energy ${energy} at r = ${r}` };
}
