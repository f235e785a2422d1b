import { ShapeError } from '../../core/errors.ts';
import {
  type EnergyAndGradient,
  energyAndGradientBuffer,
  type Potential,
} from '../../core/potential.ts';
import { evaluateRow } from '../particleDimer/evaluateRow.ts';
import { dimerParameters, type ParticleDimerOptions, packed } from '../particleDimer/parameters.ts';
import { expectBuffers } from '../rowPotential.ts';
import { dimerKernel } from '../wasm/dimerKernel.ts';

export type { ParticleDimerOptions } from '../particleDimer/parameters.ts';

/**
 * A bistable dimer in a box of repulsive particles in the plane; reduced units, 76 coordinates.
 *
 *     U = k [(x₁ + x₂)² + y₁² + y₂²] + s u − a u² + b u⁴            u = 2 (d − d₀), d = |r₁ − r₂|
 *       + ε Σ_{i<j} (rm / rᵢⱼ)¹²                                    all pairs but the dimer's
 *       + w Σ_c [max(0, −c − h)² + max(0, c − h)²]                  all coordinates c
 *
 * A configuration is x₁ y₁ x₂ y₂ … with the dimer first; there are no images and no cutoff. The bond
 * alone is stationary at d = 0.9312 (−17.881), 1.5200 (+0.040) and 2.0487 (−13.409). Where two particles
 * coincide U is +∞. Two rows share a vector of WebAssembly SIMD; a row's result does not depend on its
 * neighbour, and on a machine without such vectors it is the same to the last bit.
 * Noé, Olsson, Köhler & Wu, Science 365, eaaw1147, 2019, constants as in the code released with it (see
 * `dimerParameters` for where the print differs).
 * @throws {RangeError} naming a parameter that is out of range.
 */
export function particleDimer(options: ParticleDimerOptions = {}): Potential {
  const parameters = dimerParameters(options);
  const numbers = packed(parameters);
  const particles = 2 + parameters.solvent;
  const dim = 2 * particles;
  const { solvent, slope, epsilon, rm, quadratic, quartic, middle, anchor, halfBox, wall } =
    parameters;
  const name =
    `particle-dimer(solvent=${solvent}, slope=${slope}, epsilon=${epsilon}, rm=${rm}, ` +
    `quadratic=${quadratic}, quartic=${quartic}, middle=${middle}, anchor=${anchor}, ` +
    `halfBox=${halfBox}, wall=${wall})`;
  const evaluate = dimerKernel(particles, numbers) ?? rowByRow(particles, numbers);
  let scratch = energyAndGradientBuffer(0, dim);

  function expectParticles(xDim: number): void {
    if (xDim === dim) return;
    throw new ShapeError(
      `particle-dimer: expected rows of ${dim} coordinates, ${particles} particles in the plane, ` +
        `got rows of ${xDim}${xDim % 2 === 0 ? `, ${xDim / 2} particles` : ''}`,
    );
  }

  return {
    name,
    dim,
    units: { length: 'reduced', energy: 'reduced' },
    evaluationsPerGradient: 1,
    energy(x, out = new Float64Array(x.count)) {
      expectParticles(x.dim);
      // The distances are most of the work, and one code path gives the same bits.
      if (scratch.energy.length !== x.count) scratch = energyAndGradientBuffer(x.count, dim);
      expectBuffers('particle-dimer', { energy: out, gradient: scratch.gradient }, x);
      evaluate(x, { energy: out, gradient: scratch.gradient });
      return out;
    },
    energyAndGradient(x, out = energyAndGradientBuffer(x.count, dim)) {
      expectParticles(x.dim);
      expectBuffers('particle-dimer', out, x);
      evaluate(x, out);
      return out;
    },
  };
}

function rowByRow(
  particles: number,
  numbers: Float64Array,
): (x: { readonly data: Float64Array; readonly count: number }, out: EnergyAndGradient) => void {
  return (x, { energy, gradient }) => {
    for (let b = 0; b < x.count; b++) {
      energy[b] = evaluateRow(x.data, 2 * b * particles, particles, numbers, gradient);
    }
  };
}
