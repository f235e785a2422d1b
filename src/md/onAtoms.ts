import { type Batch, batch } from '../core/batch.ts';
import { expectInteger } from '../core/expectNumber.ts';
import {
  type EnergyAndGradient,
  energyAndGradientBuffer,
  type Potential,
} from '../core/potential.ts';
import { expectBuffers, expectRows } from './rowPotential.ts';

/** Which atoms of which larger system a potential acts on. */
export interface AtomSelection {
  /** The atoms, in the order in which the potential knows them. */
  readonly atoms: readonly number[];
  /** N of the larger system. */
  readonly particles: number;
  /** Of space; 3 by default. */
  readonly dimensions?: 2 | 3;
}

/**
 * A potential of a few atoms, as a potential of the system they belong to.
 *
 *     U′(x) = U(x of the chosen atoms),   ∂U′/∂x = 0 for all others
 *
 * @throws {RangeError} where an atom is missing, named twice, or their number is not the potential's.
 */
export function onAtoms(potential: Potential, selection: AtomSelection): Potential {
  const { atoms, dimensions = 3 } = selection;
  const particles = expectInteger('particles', selection.particles, 1);
  if (atoms.length * dimensions !== potential.dim) {
    throw new RangeError(
      `onAtoms: ${potential.name} has ${potential.dim} coordinates, ` +
        `${atoms.length} atoms in ${dimensions} dimensions have ${atoms.length * dimensions}`,
    );
  }
  atoms.forEach((atom, i) => {
    if (!Number.isSafeInteger(atom) || atom < 0 || atom >= particles || atoms.indexOf(atom) !== i) {
      throw new RangeError(
        `onAtoms: atoms[${i}] expected an atom of 0 to ${particles - 1} not named before, got ${atom}`,
      );
    }
  });
  const dim = particles * dimensions;
  const chosen = Int32Array.from({ length: potential.dim }, (_, i) => {
    return atoms[Math.floor(i / dimensions)] * dimensions + (i % dimensions);
  });
  const name = `${potential.name} on atoms ${shortened(atoms)}`;
  let few = batch(new Float64Array(0), potential.dim);
  let slopes: EnergyAndGradient = energyAndGradientBuffer(0, potential.dim);

  function gather(x: Batch): Batch {
    if (few.count !== x.count) {
      few = batch(new Float64Array(x.count * potential.dim), potential.dim);
      slopes = energyAndGradientBuffer(x.count, potential.dim);
    }
    for (let b = 0; b < x.count; b++) {
      for (let i = 0; i < chosen.length; i++) {
        few.data[b * chosen.length + i] = x.data[b * dim + chosen[i]];
      }
    }
    return few;
  }

  return {
    name,
    dim,
    units: potential.units,
    evaluationsPerGradient: potential.evaluationsPerGradient,
    energy(x, out) {
      expectRows(name, dim, x);
      return potential.energy(gather(x), out);
    },
    energyAndGradient(x, out = energyAndGradientBuffer(x.count, dim)) {
      expectRows(name, dim, x);
      expectBuffers(name, out, x);
      potential.energyAndGradient(gather(x), slopes);
      out.energy.set(slopes.energy);
      out.gradient.fill(0);
      for (let b = 0; b < x.count; b++) {
        for (let i = 0; i < chosen.length; i++) {
          out.gradient[b * dim + chosen[i]] = slopes.gradient[b * chosen.length + i];
        }
      }
      return out;
    },
    ...(potential.explain && {
      explain: (x: Float64Array) =>
        potential.explain?.(Float64Array.from(chosen, (coordinate) => x[coordinate])),
    }),
  };
}

function shortened(atoms: readonly number[]): string {
  return atoms.length > 8
    ? `${atoms.slice(0, 6).join(', ')}, … (${atoms.length})`
    : atoms.join(', ');
}
