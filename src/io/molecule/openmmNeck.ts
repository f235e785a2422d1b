import { neck } from '../../md/molecule/terms/neck.ts';
import { failAt, list, type OpenmmContext, real, whole } from './openmmElement.ts';
import type { XmlElement } from './xmlTree.ts';

/**
 * Checks the tables of neck integrals that a CustomGBForce carries against the published ones, for the
 * radii that its particles have: their last parameter is the index of their radius.
 *
 * @param radius intrinsic radii, nm, `[N]`. @param column of the index among the parameters, from 1.
 * @throws {MoleculeFileError} where a table says anything else.
 */
export function checkNeckTables(
  context: OpenmmContext,
  force: XmlElement,
  radius: Float64Array,
  column: number,
): void {
  const distances = table(context, force, 'getd0');
  const heights = table(context, force, 'getm0');
  const { size } = distances;
  if (heights.size !== size) {
    failAt(context, force, 'CustomGBForce has getd0 and getm0 of different sizes');
  }
  const radiusOf = new Map<number, number>();
  for (const [i, atom] of list(context, force, 'Particles').entries()) {
    const index = whole(context, atom, `param${column}`, 0, size - 1);
    if ((radiusOf.get(index) ?? radius[i]) !== radius[i]) {
      failAt(context, atom, `has another radius than others of radindex ${index}`);
    }
    radiusOf.set(index, radius[i]);
  }
  for (const [own, ownRadius] of radiusOf) {
    for (const [other, otherRadius] of radiusOf) {
      const published = neck(Float64Array.of(ownRadius, otherRadius));
      const entry = own + size * other;
      // The integral is its height where its distance is, and nowhere else.
      const height = published.value(0, 1, distances.values[entry]);
      if (!(Math.abs(height - heights.values[entry]) <= 1e-6 * heights.values[entry])) {
        failAt(
          context,
          force,
          `CustomGBForce has other tables of neck integrals than the published ones, for radii of ${ownRadius} and ` +
            `${otherRadius} nm; name the model with --solvent to put ours in its place`,
        );
      }
    }
  }
}

function table(
  context: OpenmmContext,
  force: XmlElement,
  name: string,
): { readonly size: number; readonly values: Float64Array } {
  const found = list(context, force, 'Functions').find((f) => f.attributes['name'] === name);
  if (found === undefined) return failAt(context, force, `CustomGBForce has no table ${name}`);
  const size = whole(context, found, 'xsize', 1, 21 * 21);
  const entries = list(context, found, 'Values');
  if (whole(context, found, 'ysize', 1, 21 * 21) !== size || entries.length !== size * size) {
    failAt(
      context,
      found,
      `CustomGBForce has ${entries.length} entries in ${name}, of ${size} radii`,
    );
  }
  return { size, values: Float64Array.from(entries, (entry) => real(context, entry, 'v')) };
}
