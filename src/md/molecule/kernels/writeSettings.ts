import type { MoleculeArena } from './moleculeModule.ts';
import type { PackedBorn } from './packBorn.ts';

/** Width of the numbers in a table. */
export type Width = 'double' | 'float';

/** The settings of a Born term, with what the kernels branch on behind them. */
export function writeSettings(
  arena: MoleculeArena,
  { settings, rescaled }: PackedBorn,
  width: Width,
): number {
  const address = arena.allot(32);
  const { buffer } = arena.module.memory;
  if (width === 'double') new Float64Array(buffer, address, 3).set(settings);
  else new Float32Array(buffer, address, 3).set(settings);
  const flags = address + 3 * (width === 'double' ? 8 : 4);
  new Uint32Array(buffer, flags, 2).set([Number(rescaled), Number(settings[2] !== 0)]);
  return address;
}
