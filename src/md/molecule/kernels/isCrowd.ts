/** Molecules of at least as many atoms have their pairs computed with atoms in the lanes. */
const CROWD = 100;

export function isCrowd(atoms: number): boolean {
  return atoms >= CROWD;
}
