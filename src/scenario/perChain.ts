/** Records in step order made into one series per chain, `[M][n]`. */
export function perChain<T extends Int32Array | Float64Array>(values: T, chains: number): T[] {
  const records = values.length / chains;
  return Array.from({ length: chains }, (_, c) => {
    // Of the same kind and length, to be filled.
    const own = values.slice(0, records) as T;
    for (let r = 0; r < records; r++) own[r] = values[r * chains + c];
    return own;
  });
}
