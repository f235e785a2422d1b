/** Five argon atoms, Å, none of which is where symmetry would put it. */
export const argon: readonly number[] = [
  0, 0, 0, 3.9, 0.1, 0, 0.2, 3.8, 0.3, 0.1, 0.2, 4, 3.7, 3.9, 0.5,
];

/** U = Σ 4ε [(σ/r)¹² − (σ/r)⁶] over all pairs, and ∂U/∂x. */
export function lennardJones(x: Float64Array, epsilon: number, sigma: number) {
  const gradient = new Float64Array(x.length);
  let energy = 0;
  for (let i = 0; i < x.length; i += 3) {
    for (let j = 0; j < i; j += 3) {
      const d = [x[i] - x[j], x[i + 1] - x[j + 1], x[i + 2] - x[j + 2]];
      const r2 = d[0] ** 2 + d[1] ** 2 + d[2] ** 2;
      const s6 = (sigma ** 2 / r2) ** 3;
      energy += 4 * epsilon * (s6 * s6 - s6);
      const slope = (-24 * epsilon * (2 * s6 * s6 - s6)) / r2;
      for (let k = 0; k < 3; k++) {
        gradient[i + k] += slope * d[k];
        gradient[j + k] -= slope * d[k];
      }
    }
  }
  return { energy, gradient };
}
