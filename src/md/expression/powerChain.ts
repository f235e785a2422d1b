/**
 * Products that make the wanted powers of one base, each as [n, i, j] with bⁿ = bⁱ · bʲ.
 *
 * In rising order; a power is made of two that are there already where such are, else of its halves.
 * For 6 and 12 these are b² = b·b, b³ = b²·b, b⁶ = b³·b³, b¹² = b⁶·b⁶: few, not always fewest.
 */
export function powerChain(exponents: readonly number[]): [number, number, number][] {
  const chain: [number, number, number][] = [];
  const made = new Set([1]);

  function make(exponent: number): void {
    if (made.has(exponent)) return;
    let [i, j] = [Math.ceil(exponent / 2), Math.floor(exponent / 2)];
    for (const each of made) {
      if (made.has(exponent - each)) {
        [i, j] = [Math.max(each, exponent - each), Math.min(each, exponent - each)];
        break;
      }
    }
    make(j);
    make(i);
    made.add(exponent);
    chain.push([exponent, i, j]);
  }

  for (const exponent of [...exponents].sort((a, b) => a - b)) make(exponent);
  return chain;
}
