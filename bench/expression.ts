import { batch } from '../src/core/batch.ts';
import { energyAndGradientBuffer, type Potential } from '../src/core/potential.ts';
import { normal, rootKey } from '../src/core/rng.ts';
import { definePairPotential } from '../src/md/particles/definePairPotential.ts';
import { handWrittenLennardJones } from '../test/md/particles/handWrittenLennardJones.ts';

// A Lennard-Jones cluster of 13 from a formula against the same by hand: node bench/run.mjs expression.ts
const particles = 13;
const chains = 64;
const expression = '4*epsilon*((sigma/r)^12 - (sigma/r)^6)';
const common = { name: 'lj13', particles, expression };
const mixing = '; sigma=0.5*(sigma1+sigma2); epsilon=sqrt(epsilon1*epsilon2)';
const different = Array.from({ length: particles }, (_, i) => 1 + 0.01 * i);

const contenders: Readonly<Record<string, Potential>> = {
  'by hand': handWrittenLennardJones(particles),
  formula: definePairPotential({ ...common, parameters: { epsilon: 1, sigma: 1 } }),
  'formula, parameters per particle': definePairPotential({
    ...common,
    expression: expression + mixing,
    perParticle: { sigma: different, epsilon: different },
  }),
  'functions, with derivative': definePairPotential({
    name: 'lj13',
    particles,
    energy: (r) => 4 * (r ** -12 - r ** -6),
    derivative: (r) => 24 * (r ** -7 - 2 * r ** -13),
  }),
};

const x = batch(
  normal(rootKey(1), chains * 3 * particles).map((value) => 2 * value),
  3 * particles,
);
const out = energyAndGradientBuffer(chains, x.dim);

/** Nanoseconds of one configuration, energy and gradient. */
function cost(potential: Potential, seconds: number): number {
  const start = performance.now();
  let rounds = 0;
  while (performance.now() - start < 1000 * seconds) {
    for (let i = 0; i < 5; i++) potential.energyAndGradient(x, out);
    rounds += 5;
  }
  return ((performance.now() - start) * 1e6) / (rounds * chains);
}

// Side by side in turn, the fastest of many short rounds each: what others do on the machine only slows.
const names = Object.keys(contenders);
for (const name of names) cost(contenders[name], 0.3);
const rounds = Array.from({ length: 40 }, () => names.map((name) => cost(contenders[name], 0.02)));
const best = names.map((_, i) => Math.min(...rounds.map((round) => round[i])));
names.forEach((name, i) => {
  const nanoseconds = best[i].toFixed(0).padStart(6);
  console.log(`${name.padEnd(34)} ${nanoseconds} ns  ${(best[0] / best[i]).toFixed(2)} ×`);
});
