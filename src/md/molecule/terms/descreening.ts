/**
 * How much of the solvent around an atom of radius a another atom, a sphere of radius s at distance r,
 * displaces: the integral of 1/4πR⁴ over the part of that sphere that is outside of the atom, 1/nm.
 *
 *     H = ½ [1/L − 1/U + ¼ (r − s²/r)(1/U² − 1/L²) + ln(L/U)/2r] + [1/a − 1/L where a < s − r]
 *     U = r + s,   L = max(a, |r − s|);   H = 0 where U ≤ a
 *
 * The last part, an atom wholly inside of the other's sphere, occurs only in overlapping configurations;
 * OpenMM's GBSAOBCForce has it, its custom forces for the other models leave it out. `s` may be negative, as
 * GBn2's is for sulfur: H then jumps at r = a − s, as OpenMM's does. Amber's programs have a series there.
 * Hawkins, Cramer & Truhlar, J. Phys. Chem. 100, 19824, 1996. doi:10.1021/jp961710n
 */
export function descreening(r: number, a: number, s: number): number {
  const upper = r + s;
  if (upper <= a) return 0;
  // Concentric, the limit r → 0.
  if (r === 0) return 1 / a - 1 / s;
  const lower = Math.max(a, Math.abs(r - s));
  const l = 1 / lower;
  const u = 1 / upper;
  const half =
    0.5 * (l - u + 0.25 * (r - (s * s) / r) * (u * u - l * l) + (0.5 * Math.log(u / l)) / r);
  return a < s - r ? half + 1 / a - l : half;
}

/**
 * ∂H/∂r; zero at r = 0.
 *
 *     ∂H/∂r = ⅛ (1 + s²/r²)(1/U² − 1/L²) + ln(U/L)/4r²
 *
 * What U and L add by their own change cancels.
 */
export function descreeningSlope(r: number, a: number, s: number): number {
  const upper = r + s;
  if (upper <= a || r === 0) return 0;
  const l = 1 / Math.max(a, Math.abs(r - s));
  const u = 1 / upper;
  const perSquare = 1 / (r * r);
  return 0.125 * (1 + s * s * perSquare) * (u * u - l * l) + 0.25 * Math.log(l / u) * perSquare;
}
