import { atomName } from './atomName.ts';
import type { MolecularSystem } from './molecularSystem.ts';
import type { TermEvaluator } from './terms/termEvaluator.ts';

/**
 * In words, what is not finite at the configuration `x`, `[D]`: a coordinate, or a term of which atoms;
 * undefined where all is.
 *
 *     nonbonded: pair ALA 2 CB, ALA 2 CA (atoms 10, 8) has energy Infinity at r = 0
 */
export function explainNonFinite(
  { topology, terms }: Pick<MolecularSystem, 'topology' | 'terms'>,
  evaluators: readonly TermEvaluator[],
  x: Float64Array,
): string | undefined {
  const lost = x.findIndex((coordinate) => !Number.isFinite(coordinate));
  if (lost >= 0) {
    const atom = Math.floor(lost / 3);
    return `${'xyz'[lost % 3]} of ${atomName(topology, atom)} (atom ${atom}) is ${x[lost]}`;
  }
  const gradient = new Float64Array(x.length);
  for (const [t, term] of evaluators.entries()) {
    gradient.fill(0);
    const energy = term.evaluate(x, 0, gradient);
    const slope = gradient.findIndex((each) => !Number.isFinite(each));
    if (Number.isFinite(energy) && slope < 0) continue;
    const found = term.findNonFinite(x);
    if (found !== undefined) {
      const names = found.atoms.map((atom) => atomName(topology, atom)).join(', ');
      const numbers = `atom${found.atoms.length > 1 ? 's' : ''} ${found.atoms.join(', ')}`;
      return `${terms[t].kind}: ${found.part} ${names} (${numbers}) has ${found.found}`;
    }
    if (slope < 0) return `${terms[t].kind}: energy ${energy}`;
    const atom = Math.floor(slope / 3);
    return `${terms[t].kind}: gradient ${gradient[slope]} on ${atomName(topology, atom)} (atom ${atom})`;
  }
  return undefined;
}
