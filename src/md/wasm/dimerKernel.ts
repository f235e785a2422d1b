import type { Batch } from '../../core/batch.ts';
import type { EnergyAndGradient } from '../../core/potential.ts';
import { reserve, type SimdModule, simdModule } from '../../core/simdModule.ts';
import dimerBase64 from './particleDimer.wasm.ts';

/** What `assembly/particleDimer.ts` exports; addresses are in bytes. */
interface DimerModule extends SimdModule {
  evaluate(
    x: number,
    count: number,
    particles: number,
    parameters: number,
    scratch: number,
    energy: number,
    gradient: number,
  ): void;
}

/** Rows evaluated together: an even number, few enough to stay in the first caches. */
const BLOCK = 64;
/** Bytes for the parameters, at the start of the memory. */
const PARAMETERS = 256;

let shared: DimerModule | undefined | 'untried' = 'untried';

/**
 * U and ∂U/∂x of all rows of `x` by the SIMD kernel; undefined where the machine has no vector
 * instructions. `parameters` are those of `packed`.
 */
export function dimerKernel(
  particles: number,
  parameters: Float64Array,
): ((x: Batch, out: EnergyAndGradient) => void) | undefined {
  if (shared === 'untried') shared = simdModule<DimerModule>(dimerBase64);
  const module = shared;
  if (module === undefined) return undefined;
  const dim = 2 * particles;
  const scratch = PARAMETERS;
  const rows = scratch + 64 * particles;
  const gradients = rows + BLOCK * dim * 8;
  const energies = gradients + BLOCK * dim * 8;
  reserve(module, energies + BLOCK * 8);
  let memory = new Float64Array(module.memory.buffer);

  return (x, out) => {
    // Another dimer may have enlarged the memory, and its parameters stand where ours go.
    if (memory.buffer !== module.memory.buffer) memory = new Float64Array(module.memory.buffer);
    memory.set(parameters);
    for (let first = 0; first < x.count; first += BLOCK) {
      const count = Math.min(BLOCK, x.count - first);
      const from = first * dim;
      const length = count * dim;
      memory.set(x.data.subarray(from, from + length), rows / 8);
      // The lanes come in pairs; whatever stands in the row behind an odd one is evaluated and left.
      module.evaluate(rows, count + (count % 2), particles, 0, scratch, energies, gradients);
      out.energy.set(memory.subarray(energies / 8, energies / 8 + count), first);
      out.gradient.set(memory.subarray(gradients / 8, gradients / 8 + length), from);
    }
  };
}
