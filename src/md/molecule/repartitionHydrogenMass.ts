import type { MolecularSystem } from './molecularSystem.ts';

/**
 * The system with heavier hydrogens: each hydrogen bonded to a heavy atom takes `mass`, and what it gained
 * is taken from that atom, so that the molecule weighs what it did.
 *
 * This is the way to longer time steps here. Constraints on bonds to hydrogen, which others use, are not
 * supported: they change the density that is sampled (by a determinant of the constrained metric) and leave
 * a manifold that neither a flow nor a Metropolis test on Cartesian coordinates knows. Masses appear in no
 * configurational average, so repartitioning changes nothing that is measured. Without it 1 fs is the step
 * to take (the fastest period, of O–H, is 9 fs); with `mass` 3 it is about 2 fs, up to 4 fs where bonds to
 * hydrogen are also softened or sampling is Metropolised. Water is repartitioned as well.
 * Hopkins, Le Grand, Walker, Roitberg, J. Chem. Theory Comput. 11, 1864, 2015. doi:10.1021/ct5010406
 *
 * @param mass amu; 3 or 4 are usual.
 * @throws {RangeError} where an atom would be left without mass, or `mass` is not a positive number.
 */
export function repartitionHydrogenMass(system: MolecularSystem, mass: number): MolecularSystem {
  if (!(Number.isFinite(mass) && mass > 0)) {
    throw new RangeError(`"mass" expected a positive number, got ${mass}`);
  }
  const { atoms, bonds } = system.topology;
  const masses = system.masses.slice();
  const moved = new Set<number>();
  for (const [i, j] of bonds) {
    const [hydrogen, heavy] = atoms[i].element === 'H' ? [i, j] : [j, i];
    if (atoms[hydrogen].element !== 'H' || atoms[heavy].element === 'H') continue;
    // A hydrogen between two heavy atoms takes its mass from the first alone.
    if (moved.has(hydrogen)) continue;
    moved.add(hydrogen);
    masses[heavy] -= mass - masses[hydrogen];
    masses[hydrogen] = mass;
    if (!(masses[heavy] > 0)) {
      throw new RangeError(
        `"mass" ${mass} leaves atom ${heavy + 1} (${atoms[heavy].name}) without mass; 3 is usual`,
      );
    }
  }
  return { ...system, masses };
}
