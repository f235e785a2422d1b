/** At most `most` of the indices 0 … `count` − 1, evenly spread, first and last included. */
export function evenly(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i);
  if (most < 2) return most === 1 ? [0] : [];
  return Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1)));
}
