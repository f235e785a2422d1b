import { batch } from '../../../core/batch.ts';
import { DivergenceError } from '../../../core/errors.ts';
import { at, fold, type Key } from '../../../core/rng.ts';
import { molecularPotential } from '../molecularPotential.ts';
import type { MolecularSystem } from '../molecularSystem.ts';
import type { Burst, BurstSettings, BurstState } from './burst.ts';
import { isCrowd } from './isCrowd.ts';
import { moleculeArena } from './moleculeModule.ts';
import { packSystem } from './packSystem.ts';
import { simdMolecularPotential } from './simdMolecularPotential.ts';
import { writePlan } from './writePlan.ts';
import type { Width } from './writeSettings.ts';

/** Where and when a chain's energy or gradient stopped being finite. */
interface Divergence {
  readonly chain: number;
  readonly step: number;
  readonly coordinates: Float64Array;
}

/**
 * A burst in WebAssembly: two chains at a time, or four with forces in float32. undefined where the machine has no
 * vector instructions, or the system has a term without a kernel.
 *
 * With forces in float32, energy and gradient of the last positions are evaluated once more in float64: what a
 * burst leaves belongs to its positions to all digits.
 */
export function compiledBurst(
  system: MolecularSystem,
  settings: BurstSettings,
  width: Width,
): Burst | undefined {
  const arena = moleculeArena();
  const packed = packSystem(system);
  const precise = simdMolecularPotential(system);
  if (arena === undefined || precise === undefined || packed.rest.length > 0) return undefined;
  const { module } = arena;
  const dim = 3 * packed.atoms;
  const crowd = isCrowd(packed.atoms);
  const four = width === 'float' && !crowd;
  const lanes = four ? 4 : 2;
  const exact = writePlan(arena, packed, { width: 'double', ...(crowd && { crowd: width }) });
  const plan = four ? writePlan(arena, packed, { width: 'float' }) : exact;

  const block = dim * 16;
  const rows = arena.allot(2 * dim * 8);
  const x = arena.allot((block * lanes) / 2);
  const v = arena.allot((block * lanes) / 2);
  const gradient = arena.allot((block * lanes) / 2);
  const energies = arena.allot(16);
  // Room for what is drawn in pairs with the first and the last coordinate.
  const random = arena.allot(block + 64) + 16;
  const floats = arena.allot(four ? 2 * block : 0);
  const kick = arena.doubles(settings.kick);
  const renew = arena.doubles(settings.renew);
  const keys = arena.allot(8 * settings.steps);
  const memory = new Float64Array(module.memory.buffer);
  const keyWords = new Uint32Array(module.memory.buffer, keys, 2 * settings.steps);
  const { constant } = packed.torsions;
  const plain = molecularPotential(system);

  /** Moves the rows of chains b, b + 1 (or b twice, where it is the last) between host and lanes. */
  function load(data: Float64Array, b: number, count: number, to: number): void {
    for (let part = 0; part < lanes / 2; part++) {
      for (let lane = 0; lane < 2; lane++) {
        const chain = Math.min(b + 2 * part + lane, count - 1);
        memory.set(data.subarray(chain * dim, (chain + 1) * dim), rows / 8 + lane * dim);
      }
      module.gather(rows, dim, to + part * block);
    }
  }

  function store(from: number, data: Float64Array, b: number, count: number): void {
    for (let part = 0; part < lanes / 2; part++) {
      module.scatter(from + part * block, dim, rows);
      for (let lane = 0; lane < 2; lane++) {
        const chain = b + 2 * part + lane;
        const row = rows / 8 + lane * dim;
        if (chain < count) data.set(memory.subarray(row, row + dim), chain * dim);
      }
    }
  }

  function run(state: BurstState, b: number, count: number, first: number): Divergence | undefined {
    const { steps, half, keep } = settings;
    load(state.positions, b, count, x);
    load(state.velocities, b, count, v);
    load(state.gradient, b, count, gradient);
    const watched = 2 ** Math.min(lanes, count - b) - 1;
    const chain = BigInt(first + b);
    const code = four
      ? module.burstOfFour(
          plan,
          exact,
          steps,
          keys,
          chain,
          watched,
          dim,
          x,
          v,
          gradient,
          random,
          kick,
          renew,
          half,
          keep,
          floats,
        )
      : module.burst(
          plan,
          steps,
          keys,
          chain,
          watched,
          dim,
          x,
          v,
          gradient,
          random,
          kick,
          renew,
          half,
          keep,
          energies,
          Number(width === 'float'),
        );
    store(x, state.positions, b, count);
    store(v, state.velocities, b, count);
    store(gradient, state.gradient, b, count);
    if (width === 'double') {
      for (let lane = 0; lane < 2 && b + lane < count; lane++) {
        state.energy[b + lane] = memory[energies / 8 + lane] + constant;
      }
    }
    if (code === 0) return undefined;
    const lane = Math.log2((code % 2 ** lanes) & -(code % 2 ** lanes));
    const row = (b + lane) * dim;
    return {
      chain: b + lane,
      step: Math.floor(code / 2 ** lanes),
      coordinates: state.positions.slice(row, row + dim),
    };
  }

  return (state, key, first) => {
    const count = state.energy.length;
    writeKeys(key, settings.steps, keyWords);
    let worst: Divergence | undefined;
    for (let b = 0; b < count; b += lanes) {
      const found = run(state, b, count, first);
      if (found !== undefined && (worst === undefined || found.step < worst.step)) worst = found;
    }
    if (worst !== undefined) throw divergenceError(worst, first);
    if (width === 'float') precise.energyAndGradient(batch(state.positions, dim), state);
  };

  function divergenceError({ chain, step, coordinates }: Divergence, first: number): Error {
    const { energy, gradient: slope } = plain.energyAndGradient(batch(coordinates, dim));
    const coordinate = slope.findIndex((each) => !Number.isFinite(each));
    const term =
      plain.explain?.(coordinates) ??
      (width === 'float' ? 'finite in float64, but not in float32' : undefined);
    return new DivergenceError({
      potential: plain.name,
      chain: first + chain,
      step,
      energy: energy[0],
      coordinates,
      term,
      ...(coordinate >= 0 && { gradient: { coordinate, value: slope[coordinate] } }),
    });
  }
}

/** The two words of the key of each step's noise. */
function writeKeys(key: Key, steps: number, words: Uint32Array): void {
  for (let step = 0; step < steps; step++) {
    const { lo, hi } = fold(at(key, step), 'noise');
    words[2 * step] = lo;
    words[2 * step + 1] = hi;
  }
}
