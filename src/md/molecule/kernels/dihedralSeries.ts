import type { Term } from '../term.ts';

/** Torsions as Fourier series, one for each four atoms. */
export interface DihedralSeries {
  /** Sum of what does not depend on the angles, kJ/mol. */
  readonly constant: number;
  readonly quadruples: readonly {
    readonly atoms: readonly number[];
    /** a₁ b₁ a₂ b₂ …, kJ/mol. */
    readonly coefficients: readonly number[];
  }[];
}

/**
 * Periodic and Ryckaert–Bellemans torsions as U = c + Σ over four atoms of Σₙ (aₙ cos nφ + bₙ sin nφ).
 *
 *     k (1 + cos(nφ − φ₀)) = k + k cos φ₀ cos nφ + k sin φ₀ sin nφ
 *
 * Powers of cos(φ − π) = −cos φ are written in cosines of multiples. Several torsions of the same four atoms
 * share their geometry, and no angle, sine or cosine needs to be computed.
 */
export function dihedralSeries(terms: readonly Term[]): DihedralSeries {
  let constant = 0;
  const found = new Map<string, { atoms: number[]; coefficients: number[] }>();

  function seriesOf(atoms: Int32Array, k: number, orders: number): number[] {
    const four = Array.from(atoms.subarray(4 * k, 4 * k + 4));
    const key = four.join();
    let series = found.get(key);
    if (series === undefined) {
      series = { atoms: four, coefficients: [] };
      found.set(key, series);
    }
    while (series.coefficients.length < 2 * orders) series.coefficients.push(0);
    return series.coefficients;
  }

  for (const term of terms) {
    if (term.kind === 'periodic-torsions') {
      term.forceConstant.forEach((k, t) => {
        const n = term.periodicity[t];
        const phase = term.phase[t];
        constant += n === 0 ? k * (1 + Math.cos(phase)) : k;
        if (n === 0 || k === 0) return;
        const coefficients = seriesOf(term.atoms, t, Math.abs(n));
        coefficients[2 * Math.abs(n) - 2] += k * Math.cos(phase);
        coefficients[2 * Math.abs(n) - 1] += k * Math.sign(n) * Math.sin(phase);
      });
    } else if (term.kind === 'ryckaert-bellemans-torsions') {
      for (let t = 0; 6 * t < term.coefficients.length; t++) {
        const [c0, c1, c2, c3, c4, c5] = term.coefficients.subarray(6 * t, 6 * t + 6);
        constant += c0 + c2 / 2 + (3 * c4) / 8;
        const coefficients = seriesOf(term.atoms, t, 5);
        coefficients[0] -= c1 + (3 * c3) / 4 + (5 * c5) / 8;
        coefficients[2] += (c2 + c4) / 2;
        coefficients[4] -= c3 / 4 + (5 * c5) / 16;
        coefficients[6] += c4 / 8;
        coefficients[8] -= c5 / 16;
      }
    }
  }
  return { constant, quadruples: [...found.values()] };
}
