import { batch } from '../../../core/batch.ts';
import { DivergenceError } from '../../../core/errors.ts';
import { at, fold, type Key } from '../../../core/rng.ts';
import type { MolecularSystem } from '../molecularSystem.ts';
import { plainMolecularPotential } from '../plainMolecularPotential.ts';
import type { Burst, BurstSettings, BurstState } from './burst.ts';
import type { LaneLayout } from './laneLayout.ts';
import { type MoleculeModule, moleculeArena } from './moleculeModule.ts';
import { packSystem } from './packSystem.ts';
import { type BurstLayout, stepBlock } from './stepBlock.ts';
import { writePlan } from './writePlan.ts';
import type { Width } from './writeSettings.ts';

/** A burst in WebAssembly, with what threads need to run it too. */
export interface CompiledBurst {
  readonly burst: Burst;
  readonly layout: BurstLayout;
  /** Its memory, with the tables of the system, is what other instances of the module begin with. */
  readonly module: MoleculeModule;
  /** Does nothing where all codes of blocks, as of `stepBlock`, are 0. @throws {DivergenceError} */
  expectFinite(state: BurstState, codes: ArrayLike<number>, first: number): void;
}

/**
 * Bursts of two chains at a time, or of four with forces in float32. undefined where the machine has no
 * vector instructions, or the system has a term without a kernel.
 */
export function compiledBurst(
  system: MolecularSystem,
  settings: BurstSettings,
  width: Width,
  lanesHold: LaneLayout,
): CompiledBurst | undefined {
  const arena = moleculeArena();
  const packed = packSystem(system);
  if (arena === undefined || packed.rest.length > 0) return undefined;
  const { module } = arena;
  const dim = 3 * packed.atoms;
  const single = width === 'float';
  const crowd = lanesHold === 'atoms';
  const four = single && !crowd;
  const exact = writePlan(arena, packed, { width: 'double', ...(crowd && { crowd: 'double' }) });
  const block = dim * (four ? 32 : 16);
  const layout: BurstLayout = {
    dim,
    steps: settings.steps,
    lanes: four ? 4 : 2,
    single,
    half: settings.half,
    keep: settings.keep,
    constant: packed.torsions.constant,
    plan: single
      ? writePlan(arena, packed, crowd ? { width: 'double', crowd: 'float' } : { width: 'float' })
      : exact,
    exact,
    rows: arena.allot(16 * dim),
    x: arena.allot(block),
    v: arena.allot(block),
    gradient: arena.allot(block),
    energies: arena.allot(16),
    // Room for what is drawn in pairs with the first and the last coordinate.
    random: arena.allot(16 * dim + 64) + 16,
    floats: arena.allot(four ? 32 * dim : 0),
    kick: arena.doubles(settings.kick),
    renew: arena.doubles(settings.renew),
    keys: arena.allot(8 * settings.steps),
  };
  const memory = new Float64Array(module.memory.buffer);
  const keys = new Uint32Array(module.memory.buffer, layout.keys, 2 * settings.steps);
  const plain = plainMolecularPotential(system);

  function expectFinite(state: BurstState, codes: ArrayLike<number>, first: number): void {
    const { lanes } = layout;
    let step = Infinity;
    let chain = 0;
    for (let n = 0; n < codes.length; n++) {
      const failed = Math.floor(codes[n] / 2 ** lanes);
      if (codes[n] === 0 || failed >= step) continue;
      step = failed;
      const bits = codes[n] % 2 ** lanes;
      chain = n * lanes + Math.log2(bits & -bits);
    }
    if (step === Infinity) return;
    const coordinates = state.positions.slice(chain * dim, (chain + 1) * dim);
    const { energy, gradient } = plain.energyAndGradient(batch(coordinates, dim));
    const coordinate = gradient.findIndex((each) => !Number.isFinite(each));
    throw new DivergenceError({
      potential: plain.name,
      chain: first + chain,
      step,
      energy: energy[0],
      coordinates,
      term:
        plain.explain?.(coordinates) ?? (single ? 'finite in float64, not in float32' : undefined),
      ...(coordinate >= 0 && { gradient: { coordinate, value: gradient[coordinate] } }),
    });
  }

  return {
    layout,
    module,
    expectFinite,
    burst(state, key, first) {
      writeStepKeys(key, keys);
      const codes: number[] = [];
      for (let b = 0; b < state.energy.length; b += layout.lanes) {
        codes.push(stepBlock(module, memory, layout, state, b, first));
      }
      expectFinite(state, codes, first);
    },
  };
}

/** The two words of the key of each step's noise, `[2 × steps]`. */
export function writeStepKeys(key: Key, words: Uint32Array): void {
  for (let step = 0; 2 * step < words.length; step++) {
    const { lo, hi } = fold(at(key, step), 'noise');
    words[2 * step] = lo;
    words[2 * step + 1] = hi;
  }
}
