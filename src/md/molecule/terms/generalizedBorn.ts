import { coulombConstant } from '../../../core/units.ts';
import type { GeneralizedBorn } from '../term.ts';
import { bornModels } from './bornModels.ts';
import { descreening, descreeningSlope } from './descreening.ts';
import { effectiveRadii } from './effectiveRadii.ts';
import { periodicEdges } from './minimumImage.ts';
import { neck } from './neck.ts';
import { type PairSearchMethod, pairSearch } from './pairSearch.ts';
import type { TermEvaluator } from './termEvaluator.ts';

/** Radius of the solvent's probe in the surface term, nm. */
const probe = 0.14;

/**
 * A continuum solvent by the generalised Born model.
 *
 *     U = Σᵢ g(Rᵢ) qᵢ²/2 + Σ_{i<j} g(fᵢⱼ) qᵢ qⱼ + Σᵢ 4π s (ρᵢ + 0.14)² (ρᵢ/Rᵢ)⁶
 *     g(f) = −C (1/εₚ − e^(−κf)/εₛ)/f,   f² = r² + Rᵢ Rⱼ e^(−r²/(4 Rᵢ Rⱼ)),   Rᵢ = R(Σⱼ H(rᵢⱼ))
 *
 * With a cutoff r_c only pairs within it descreen, and g has 1/f − 1/r_c for 1/f in pairs, as OpenMM's.
 * Three passes: integrals and radii; energies and ∂U/∂R; ∂U/∂R ∂R/∂x. Excluded pairs take part like others.
 * U is NaN where an effective radius is not positive, which can happen to buried atoms in HCT.
 * Still et al., J. Am. Chem. Soc. 112, 6127, 1990. doi:10.1021/ja00172a038; salt: Srinivasan et al., Theor.
 * Chem. Acc. 101, 426, 1999. doi:10.1007/s002140050460; surface: Schaefer, Bartels & Karplus, J. Mol.
 * Biol. 284, 835, 1998. doi:10.1006/jmbi.1998.2172; models: see `bornModels`.
 * @param box edges, nm, of the system's periodic box, if any.
 */
export function generalizedBorn(
  term: GeneralizedBorn,
  box: readonly [number, number, number] | undefined,
  method?: PairSearchMethod,
): TermEvaluator {
  const { charge, radius, surfaceTension, inverseDebyeLength: kappa, cutoff } = term;
  const { offset, neckScale } = bornModels[term.model];
  const atoms = charge.length;
  const range = {
    cutoff: cutoff?.distance ?? Infinity,
    box: cutoff?.periodic === true ? box : undefined,
  };
  const { edge, inverse } = periodicEdges(range.box);
  const search = pairSearch(atoms, range, method);
  const partners = new Int32Array(atoms);
  const farthest = range.cutoff * range.cutoff;
  const shift = 1 / range.cutoff;

  const reduced = radius.map((each) => each - offset);
  const descreened = term.screen.map((each, i) => each * reduced[i]);
  const necks = neckScale === 0 ? undefined : neck(radius);
  const perSolute = 1 / term.soluteDielectric;
  const perSolvent = 1 / term.solventDielectric;
  const effective = effectiveRadii(term);
  const integral = new Float64Array(atoms);
  /** ∂U/∂R, then ∂U/∂I. */
  const pull = new Float64Array(atoms);
  const d = new Float64Array(3);

  /** Sets `d` to the nearest image of atom `i` as seen from `j`, and returns its square. */
  function separate(x: Float64Array, offset: number, i: number, j: number): number {
    const at = offset + 3 * i;
    const to = offset + 3 * j;
    for (let k = 0; k < 3; k++) {
      const difference = x[at + k] - x[to + k];
      d[k] = difference - edge[k] * Math.round(difference * inverse[k]);
    }
    return d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
  }

  /** Adds `slope`, which is ∂U/∂r over r, along `d`. */
  function push(gradient: Float64Array, offset: number, i: number, j: number, slope: number): void {
    const at = offset + 3 * i;
    const to = offset + 3 * j;
    for (let k = 0; k < 3; k++) {
      gradient[at + k] += slope * d[k];
      gradient[to + k] -= slope * d[k];
    }
  }

  function integrate(x: Float64Array, start: number): void {
    integral.fill(0);
    for (let i = 0; i < atoms; i++) {
      const count = search.partners(i, partners);
      for (let p = 0; p < count; p++) {
        const j = partners[p];
        const square = separate(x, start, i, j);
        if (square > farthest) continue;
        const r = Math.sqrt(square);
        integral[i] += descreening(r, reduced[i], descreened[j]);
        integral[j] += descreening(r, reduced[j], descreened[i]);
        if (necks === undefined) continue;
        integral[i] += neckScale * necks.value(i, j, r);
        integral[j] += neckScale * necks.value(j, i, r);
      }
    }
    effective.update(integral);
  }

  function selfEnergies(): number {
    const { radius: born } = effective;
    let energy = 0;
    for (let i = 0; i < atoms; i++) {
      // A negative radius would give a finite energy without a meaning.
      if (!(born[i] > 0)) return Number.NaN;
      const screened = perSolvent * Math.exp(-kappa * born[i]);
      const charges = -0.5 * coulombConstant * charge[i] * charge[i];
      const factor = perSolute - screened;
      energy += (charges * factor) / born[i];
      pull[i] = (charges * (kappa * screened - factor / born[i])) / born[i];
      if (surfaceTension === 0) continue;
      const area = 4 * Math.PI * (radius[i] + probe) ** 2 * (radius[i] / born[i]) ** 6;
      energy += surfaceTension * area;
      pull[i] -= (6 * surfaceTension * area) / born[i];
    }
    return energy;
  }

  function pairEnergies(x: Float64Array, start: number, gradient: Float64Array): number {
    const { radius: born } = effective;
    let energy = 0;
    for (let i = 0; i < atoms; i++) {
      const count = search.partners(i, partners);
      for (let p = 0; p < count; p++) {
        const j = partners[p];
        const square = separate(x, start, i, j);
        if (square > farthest) continue;
        const product = born[i] * born[j];
        const quarter = square / (4 * product);
        const gauss = Math.exp(-quarter);
        const f = Math.sqrt(square + product * gauss);
        const screened = perSolvent * Math.exp(-kappa * f);
        const charges = -coulombConstant * charge[i] * charge[j];
        const factor = perSolute - screened;
        const beyond = 1 / f - shift;
        energy += charges * factor * beyond;
        // ∂U/∂f over f, for ∂f²/∂r = r (2 − e/2) and ∂f²/∂(RᵢRⱼ) = e (1 + r²/4RᵢRⱼ).
        const slope = (charges * (kappa * screened * beyond - factor / (f * f))) / f;
        push(gradient, start, i, j, slope * (1 - 0.25 * gauss));
        const perProduct = 0.5 * slope * gauss * (1 + quarter);
        pull[i] += perProduct * born[j];
        pull[j] += perProduct * born[i];
      }
    }
    return energy;
  }

  function chainRule(x: Float64Array, start: number, gradient: Float64Array): void {
    for (let i = 0; i < atoms; i++) pull[i] *= effective.slope[i];
    for (let i = 0; i < atoms; i++) {
      const count = search.partners(i, partners);
      for (let p = 0; p < count; p++) {
        const j = partners[p];
        const square = separate(x, start, i, j);
        if (square > farthest || square === 0) continue;
        const r = Math.sqrt(square);
        let slope =
          pull[i] * descreeningSlope(r, reduced[i], descreened[j]) +
          pull[j] * descreeningSlope(r, reduced[j], descreened[i]);
        if (necks !== undefined) {
          slope += neckScale * (pull[i] * necks.slope(i, j, r) + pull[j] * necks.slope(j, i, r));
        }
        push(gradient, start, i, j, slope / r);
      }
    }
  }

  return {
    kind: term.kind,
    evaluate(x, start, gradient) {
      search.place(x, start);
      integrate(x, start);
      const energy = selfEnergies() + pairEnergies(x, start, gradient);
      chainRule(x, start, gradient);
      return energy;
    },
    findNonFinite(x) {
      search.place(x, 0);
      integrate(x, 0);
      const atom = effective.radius.findIndex((each) => !(Number.isFinite(each) && each > 0));
      if (atom < 0) return undefined;
      return {
        part: 'effective Born radius',
        atoms: [atom],
        found: `${effective.radius[atom]} nm of the integral ${integral[atom]} / nm`,
      };
    },
  };
}
