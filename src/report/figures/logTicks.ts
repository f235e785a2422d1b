/**
 * Ticks of a logarithmic axis: powers of ten; 1, 2 and 5 times them where there are fewer than three;
 * the first set that gives three in any case.
 */
export function logTicks(low: number, high: number): number[] {
  const finer = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 4, 5, 7]] as const;
  for (const factors of finer) {
    const ticks = within(low, high, factors);
    if (ticks.length >= 3) return ticks;
  }
  return within(low, high, finer[finer.length - 1]);
}

function within(low: number, high: number, factors: readonly number[]): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const ticks: number[] = [];
  for (let exponent = first; exponent <= last; exponent++) {
    for (const factor of factors) {
      // Through text, so that 3·10⁻¹ is 0.3 and not 0.30000000000000004.
      const tick = Number(`${factor}e${exponent}`);
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return ticks;
}
