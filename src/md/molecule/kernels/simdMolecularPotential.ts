import type { Batch } from '../../../core/batch.ts';
import { row, rows } from '../../../core/batch.ts';
import type { EnergyAndGradient, Potential } from '../../../core/potential.ts';
import { energyAndGradientBuffer } from '../../../core/potential.ts';
import type { MolecularSystem } from '../molecularSystem.ts';
import { plainMolecularPotential } from '../plainMolecularPotential.ts';
import { type LaneLayout, laneLayout } from './laneLayout.ts';
import { moleculeArena } from './moleculeModule.ts';
import { packSystem } from './packSystem.ts';
import { writePlan } from './writePlan.ts';

/**
 * What `plainMolecularPotential` computes, in float64 SIMD: two chains at once, or, for large molecules, the
 * pairs of a chain with two atoms at once. Equal to it but for rounding; undefined where the machine has no vector
 * instructions.
 *
 * Terms without a kernel (CMAP, GBn, cutoffs) are evaluated in TypeScript and added. A
 * configuration whose energy or gradient comes out not finite is evaluated by `plainMolecularPotential`, so that both say
 * the same of it. Row b depends on row b alone.
 * @param lanes what is computed at once; by the number of atoms unless given.
 * @throws {ShapeError} and {RangeError} as `checkSystem` does.
 */
export function simdMolecularPotential(
  system: MolecularSystem,
  lanes: LaneLayout = laneLayout(system.topology.atoms.length),
): Potential | undefined {
  const plain = plainMolecularPotential(system);
  const arena = moleculeArena();
  if (arena === undefined) return undefined;
  const { module } = arena;
  const { dim } = plain;
  const packed = packSystem(system);
  const rest =
    packed.rest.length === 0
      ? undefined
      : plainMolecularPotential({ ...system, terms: packed.rest });
  const plan = writePlan(arena, packed, {
    width: 'double',
    ...(lanes === 'atoms' && { crowd: 'double' }),
  });
  const two = arena.allot(2 * dim * 8);
  const x = arena.allot(dim * 16);
  const gradient = arena.allot(dim * 16);
  const energies = arena.allot(16);
  const memory = new Float64Array(module.memory.buffer);
  const { constant } = packed.torsions;

  function evaluate(positions: Batch, out: EnergyAndGradient): void {
    const { count, data } = positions;
    for (let b = 0; b < count; b += 2) {
      const last = Math.min(b + 1, count - 1);
      memory.set(data.subarray(b * dim, (b + 1) * dim), two / 8);
      memory.set(data.subarray(last * dim, (last + 1) * dim), two / 8 + dim);
      module.gather(two, dim, x);
      module.evaluate(plan, x, gradient, energies);
      module.scatter(gradient, dim, two);
      for (let c = b; c <= last; c++) {
        const from = two / 8 + (c - b) * dim;
        out.energy[c] = memory[energies / 8 + c - b] + constant;
        out.gradient.set(memory.subarray(from, from + dim), c * dim);
      }
    }
    if (rest !== undefined) {
      const added = rest.energyAndGradient(positions);
      for (let b = 0; b < count; b++) out.energy[b] += added.energy[b];
      for (let i = 0; i < count * dim; i++) out.gradient[i] += added.gradient[i];
    }
    for (let b = 0; b < count; b++) {
      let zero = 0 * out.energy[b];
      for (let i = b * dim; i < (b + 1) * dim; i++) zero += 0 * out.gradient[i];
      if (zero === 0) continue;
      const { energy, gradient: slope } = plain.energyAndGradient(rows(positions, b, b + 1));
      out.energy[b] = energy[0];
      row({ data: out.gradient, count, dim }, b).set(slope);
    }
  }

  return {
    ...plain,
    energy(positions, out = new Float64Array(positions.count)) {
      const found = energyAndGradientBuffer(positions.count, dim);
      evaluate(positions, found);
      out.set(found.energy);
      return out;
    },
    energyAndGradient(positions, out = energyAndGradientBuffer(positions.count, dim)) {
      evaluate(positions, out);
      return out;
    },
  };
}
