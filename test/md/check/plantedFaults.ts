import type { Batch } from '../../../src/core/batch.ts';
import { energyAndGradientBuffer, type Potential } from '../../../src/core/potential.ts';
import type { CheckOptions } from '../../../src/md/check/checkPotential.ts';
import type { FindingName } from '../../../src/md/check/finding.ts';
import { definePotential } from '../../../src/md/definePotential.ts';
import { doubleWell } from '../../../src/md/potentials/doubleWell.ts';
import { lennardJones, pairs } from './pairs.ts';

/** A potential with one fault, and the finding that must name it. */
export interface PlantedFault {
  readonly make: () => Potential;
  readonly named: FindingName;
  readonly as: 'failed' | 'warned';
  /** What the message must say. */
  readonly saying: RegExp;
  readonly options?: CheckOptions;
}

type Gradient = (x: Float64Array, out: Float64Array) => void;

/** Two wells along x, a spring along y that both share: the sound surface that faults are planted in. */
const energy = ([x, y]: Float64Array): number => (x * x - 2) ** 2 + (y - 0.3 * x) ** 2;
const gradient: Gradient = ([x, y], out) => {
  out[0] = 4 * x * (x * x - 2) - 0.6 * (y - 0.3 * x);
  out[1] = 2 * (y - 0.3 * x);
};

function withGradient(name: string, change: Gradient): Potential {
  return definePotential({
    name,
    dim: 2,
    energy,
    gradient(x, out) {
      gradient(x, out);
      change(x, out);
    },
  });
}

const scaledBy =
  (factor: number): Gradient =>
  (_, out) => {
    out[0] *= factor;
    out[1] *= factor;
  };

/** A sound potential whose calls are tampered with. */
function tampered(change: Partial<Pick<Potential, 'energy' | 'energyAndGradient'>>): Potential {
  return { ...doubleWell(), ...change };
}

const sound = doubleWell();

function counting(from: number): Potential {
  let calls = 0;
  return tampered({
    energy: (x, out) => sound.energy(x, out),
    energyAndGradient(x, out) {
      calls += x.count;
      const result = sound.energyAndGradient(x, out);
      if (calls > from) for (let b = 0; b < x.count; b++) result.energy[b] += 1e-9 * calls;
      return result;
    },
  });
}

/** Answers with the energy of the row before it mixed in. */
function leakingRows(): Potential {
  const leak = (values: Float64Array): Float64Array => {
    for (let b = values.length - 1; b > 0; b--) values[b] += 0.01 * Math.tanh(values[b - 1]);
    return values;
  };
  return tampered({
    energy: (x, out) => leak(sound.energy(x, out)),
    energyAndGradient(x, out) {
      const result = sound.energyAndGradient(x, out);
      leak(result.energy);
      return result;
    },
  });
}

/** Keeps a reference point from call to call, as a neighbour list that is not renewed. */
function stale(): Potential {
  let last = 0;
  const shift = (x: Batch, values: Float64Array): Float64Array => {
    const kept = last;
    if (Math.abs(x.data[0] - kept) > 0.5) last = x.data[0];
    for (let b = 0; b < x.count; b++) values[b] += 0.01 * kept;
    return values;
  };
  return tampered({
    energy: (x, out) => shift(x, sound.energy(x, out)),
    energyAndGradient(x, out) {
      const result = sound.energyAndGradient(x, out);
      shift(x, result.energy);
      return result;
    },
  });
}

const cutoff = 1.8;
const atCutoff = lennardJones(cutoff);

export const plantedFaults: Readonly<Record<string, PlantedFault>> = {
  'the wrong sign': {
    make: () => withGradient('sign', scaledBy(-1)),
    named: 'gradient',
    as: 'failed',
    saying: /sign is turned/,
  },
  'a missing factor of two': {
    make: () => withGradient('half', scaledBy(0.5)),
    named: 'gradient',
    as: 'failed',
    saying: /factor of 2 too small/,
  },
  'other units in the gradient': {
    make: () => withGradient('kcal', scaledBy(4.184)),
    named: 'gradient',
    as: 'failed',
    saying: /kcal and kJ/,
  },
  'a missing term in one coordinate': {
    make: () =>
      withGradient('term', ([x, y], out) => {
        out[0] += 0.6 * (y - 0.3 * x);
      }),
    named: 'gradient',
    as: 'failed',
    saying: /missing or wrong in coordinate 0 only; worst in coordinate 0/,
  },
  'an error of one part in ten thousand': {
    make: () =>
      withGradient('small', (_, out) => {
        out[1] *= 1.0001;
      }),
    named: 'gradient',
    as: 'failed',
    saying: /coordinate 1 only/,
  },
  'a gradient that is never written': {
    make: () => definePotential({ name: 'empty', dim: 2, energy, gradient: () => undefined }),
    named: 'gradient',
    as: 'failed',
    saying: /nothing is written to "out"/,
  },
  'an energy that jumps at a cutoff': {
    make: () => pairs('cut', (r) => (r < cutoff ? lennardJones(r) : { value: 0, slope: 0 })),
    named: 'continuous energy',
    as: 'failed',
    saying: /jumps by 0\.11/,
    options: { kT: 0.3 },
  },
  'a force that jumps at a cutoff': {
    make: () =>
      pairs('shifted', (r) =>
        r < cutoff
          ? { value: lennardJones(r).value - atCutoff.value, slope: lennardJones(r).slope }
          : { value: 0, slope: 0 },
      ),
    named: 'continuous force',
    as: 'warned',
    saying: /the gradient jumps/,
    options: { kT: 0.3 },
  },
  'a kink of the force': {
    make: () =>
      definePotential({
        name: 'wall',
        dim: 2,
        energy: ([x, y]) => 0.5 * x * x + 0.5 * y * y + 2 * Math.max(0, x - 0.4) ** 2,
        gradient([x, y], out) {
          out[0] = x + 4 * Math.max(0, x - 0.4);
          out[1] = y;
        },
      }),
    named: 'smooth force',
    as: 'warned',
    saying: /kink near \(0\.[34]/,
  },
  'a pocket of NaN': {
    make: () =>
      definePotential({
        name: 'pocket',
        dim: 2,
        energy: (x) => energy(x) + 0 * Math.log(Math.hypot(x[0] - 1.2, x[1]) - 0.15),
        gradient,
      }),
    named: 'finite at temperature',
    as: 'failed',
    saying: /U is NaN at \(1\.[0-3]/,
  },
  'a pocket of NaN in the gradient': {
    make: () =>
      withGradient('slope', (x, out) => {
        if (Math.hypot(x[0] - 1.2, x[1]) < 0.15) out[1] = Number.NaN;
      }),
    named: 'finite at temperature',
    as: 'failed',
    saying: /component 1 of the gradient is not finite/,
  },
  'no lower bound': {
    make: () =>
      definePotential({
        name: 'hole',
        dim: 2,
        energy: ([x, y]) => x * x - y ** 4,
        gradient([x, y], out) {
          out[0] = 2 * x;
          out[1] = -4 * y ** 3;
        },
      }),
    named: 'minima',
    as: 'failed',
    saying: /no lower bound/,
  },
  'a coordinate that nothing holds': {
    make: () =>
      definePotential({
        name: 'free',
        dim: 2,
        energy: ([x, y]) => x * x - Math.exp(-y * y),
        gradient([x, y], out) {
          out[0] = 2 * x;
          out[1] = 2 * y * Math.exp(-y * y);
        },
      }),
    named: 'confined',
    as: 'warned',
    saying: /along coordinate 1, 1 kT above/,
  },
  'an argument that is written to': {
    make: () =>
      tampered({
        energyAndGradient(x, out) {
          const result = sound.energyAndGradient(x, out);
          x.data[0] += 1e-3;
          return result;
        },
      }),
    named: 'argument untouched',
    as: 'failed',
    saying: /^energyAndGradient\(x\) wrote to x: coordinate 0 of row 0/,
  },
  'a result array that is used again': {
    make: () => {
      const kept = new Map<number, ReturnType<typeof energyAndGradientBuffer>>();
      return tampered({
        energyAndGradient(x, out) {
          const own = kept.get(x.count) ?? energyAndGradientBuffer(x.count, x.dim);
          kept.set(x.count, own);
          return sound.energyAndGradient(x, out ?? own);
        },
      });
    },
    named: 'results not shared',
    as: 'failed',
    saying: /"gradient" of one call was overwritten by the next/,
  },
  'a result array that is ignored': {
    make: () => tampered({ energyAndGradient: (x) => sound.energyAndGradient(x) }),
    named: 'results not shared',
    as: 'failed',
    saying: /passed in are not the ones returned/,
  },
  'rows that depend on each other': {
    make: leakingRows,
    named: 'rows independent',
    as: 'failed',
    saying: /gives other values than alone/,
  },
  'random noise': {
    make: () => {
      // A generator of its own, as a stochastic force field would have.
      let seed = 1;
      const draw = (): number => {
        seed = (seed * 48_271) % 0x7fff_ffff;
        return seed / 0x7fff_ffff - 0.5;
      };
      return definePotential({
        name: 'noise',
        dim: 2,
        energy: (x) => energy(x) + 1e-6 * draw(),
        gradient,
      });
    },
    named: 'repeatable',
    as: 'failed',
    saying: /other values when asked again at once/,
  },
  'an energy that counts its calls': {
    make: () => counting(0),
    named: 'repeatable',
    as: 'failed',
    saying: /counts its calls/,
  },
  'an energy that drifts once it has been used long': {
    make: () => counting(2000),
    named: 'without memory',
    as: 'failed',
    saying: /changes as it is used/,
  },
  'a list that is not renewed': {
    make: stale,
    named: 'without memory',
    as: 'failed',
    saying: /which configurations were evaluated before/,
  },
  'two energies in one potential': {
    make: () =>
      tampered({
        energy(x, out) {
          const result = sound.energy(x, out);
          for (let b = 0; b < x.count; b++) result[b] += 1e-6;
          return result;
        },
      }),
    named: 'one energy',
    as: 'failed',
    saying: /two surfaces/,
  },
  'single precision inside': {
    make: () =>
      definePotential({
        name: 'float32',
        dim: 2,
        energy: (x) => Math.fround(Math.fround(energy(x))),
        gradient,
      }),
    named: 'precision',
    as: 'warned',
    saying: /single precision \(float32\)/,
  },
  'an energy that is rough': {
    make: () =>
      definePotential({
        name: 'rough',
        dim: 2,
        // The digits of x far behind the point: the same for the same x, and random to all else.
        energy: (x) => energy(x) + 0.5 * (((1e9 * x[0]) % 1) - 0.5),
        gradient,
      }),
    named: 'precision',
    as: 'failed',
    saying: /rough on the smallest scale/,
  },
  'a claim of translation that does not hold': {
    make: () => pairs('held', lennardJones),
    named: 'translation',
    as: 'failed',
    saying: /claimed and does not hold/,
    options: { kT: 0.3, claims: ['translation'], particles: { dimensions: 3 } },
  },
  'a claim of rotation that does not hold': {
    make: () =>
      pairs('field', lennardJones, (x, out) => {
        out[0] += 0.2 * Math.cos(x[0]);
        return 0.2 * Math.sin(x[0]);
      }),
    named: 'rotation',
    as: 'failed',
    saying: /claimed and does not hold/,
    options: { kT: 0.3, claims: ['rotation'], particles: { dimensions: 3 } },
  },
  'a claim of permutation that does not hold': {
    make: () =>
      pairs('tagged', lennardJones, (x, out) => {
        out[0] += 0.2 * x[0];
        return 0.1 * x[0] * x[0];
      }),
    named: 'permutation',
    as: 'failed',
    saying: /exchanging particles 0 and [12]/,
    options: { kT: 0.3, claims: ['permutation'], particles: { dimensions: 3 } },
  },
  'a function that throws': {
    make: () =>
      definePotential({
        name: 'thrower',
        dim: 2,
        energy(x) {
          if (x[0] > 1) throw new Error('no such table entry');
          return energy(x);
        },
      }),
    named: 'evaluates',
    as: 'failed',
    saying: /thrower threw at \(.*no such table entry/,
  },
};
