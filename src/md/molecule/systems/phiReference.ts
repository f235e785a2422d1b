// Made by scripts/alanine-dipeptide-reference.mjs, seeds 1 and 2, 5000 cycles. Do not edit.

/** F(φ) of alanine dipeptide, ff99SB-ILDN in OBC2 at 300 K; kT, bins of 10° from −180°. */
export const phiReference = {
  temperature: 300,
  /** F(φ ≥ 0) − F(φ < 0). */
  difference: { value: 3.839, standardError: 0.0257 },
  // biome-ignore format: made by a script
  freeEnergy: [
    4.4782, 2.3602, 1.1721, 0.7221, 0.7249, 0.8691, 0.917, 0.7339, 0.3799, 0.0555, 0, 0.4665,
    1.4939, 3.1626, 5.2815, 7.5968, 9.6528, 10.9485, 11.0228, 9.7028, 7.5311, 5.2794, 3.579,
    2.8489, 3.3347, 5.1573, 8.1929, 12.1107, 16.3017, 19.8833, 22.1759, Infinity, 19.7555,
    15.5736, 11.4131, 7.5817,
  ],
  // biome-ignore format: made by a script
  standardError: [
    0.0192, 0.0177, 0.0168, 0.0141, 0.012, 0.009, 0.0068, 0.0072, 0.008, 0.0077, 0.0081,
    0.0082, 0.0086, 0.0099, 0.0129, 0.0134, 0.0147, 0.0148, 0.0176, 0.0227, 0.0245, 0.0243,
    0.0254, 0.0247, 0.025, 0.0252, 0.0262, 0.0256, 0.0498, 0.2532, 0.7059, NaN, 0.2345,
    0.0366, 0.0188, 0.019,
  ],
  evaluations: 222724992,
  /** From one side to the other. */
  crossings: 188271,
} as const;
