// Umbrella sampling of the particle dimer at kT = 1, and the profile that it gives, as a TypeScript file:
//
//     node scripts/particle-dimer-reference.mjs [--records n] [--out file]
//
// The figures of the checked-in file need some minutes of one core; the same seed and the same number of
// records give the same bytes on the same machine.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { umbrellaProfile } from 'ergoflow/analysis';
import {
  booked,
  dimerDistance,
  emptyLedger,
  fold,
  particleDimer,
  rootKey,
  totalEvaluations,
  umbrellaSampling,
} from 'ergoflow/md';
import {
  kT,
  localMoves,
  windowStarts,
  referenceWindows as windows,
} from './dimer/umbrellaWindows.mjs';

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    records: { type: 'string', default: '1500' },
    out: { type: 'string', default: 'src/md/particleDimer/umbrellaReference.ts' },
  },
  allowPositionals: true,
});

const chains = 16;
const burnIn = 400;
const stride = 12;
const axis = { min: 0.8, max: 2.3, bins: 60 };
const seed = Number(options.seed);
const records = Number(options.records);
const potential = particleDimer();

const ledger = emptyLedger();
const begun = process.cpuUsage();
const samples = umbrellaSampling({
  potential: booked(potential, ledger, 'diagnostics'),
  variable: dimerDistance,
  windows,
  local: localMoves,
  starts: windowStarts(potential, windows, chains),
  burnIn,
  records,
  stride,
  key: fold(rootKey(seed), 'umbrella'),
  onRecord: (done) => {
    if (done % 100 === 0) process.stderr.write(`${done} of ${records} records\n`);
  },
});
const sampling = process.cpuUsage(begun);
const key = fold(rootKey(seed), 'bootstrap');
const found = umbrellaProfile(samples, { ...axis, kT, key });

/** The chains that began with one arrangement of the solvent alone. */
function half(from) {
  const values = samples.values.map((own) => own.slice(from, from + chains / 2));
  return umbrellaProfile({ windows, values }, { ...axis, kT, key, replicates: 50 }).difference(1.5);
}

const difference = found.difference(1.5);
const neighbours = found.overlap.slice(1).map((row, i) => row[i]);
process.stderr.write(
  `${[
    `F(d >= 1.5) - F(d < 1.5) = ${difference.value.toFixed(4)} ± ${difference.standardError.toFixed(4)}`,
    ...[0, chains / 2].map((from, i) => {
      const { value, standardError } = half(from);
      return `solvent of the ${i === 0 ? 'closed' : 'open'} dimer: ${value.toFixed(4)} ± ${standardError.toFixed(4)}`;
    }),
    `largest split R-hat ${Math.max(...found.rhat).toFixed(4)}`,
    `smallest overlap of neighbours ${Math.min(...neighbours).toFixed(3)}; weak: ${found.weakLinks.join('; ') || 'none'}`,
    `acceptance ${Math.min(...samples.acceptance).toFixed(3)} to ${Math.max(...samples.acceptance).toFixed(3)}`,
    `largest standard error of the profile ${Math.max(...found.profile.standardError).toFixed(4)}`,
    `${totalEvaluations(ledger)} evaluations, ${((sampling.user + sampling.system) / 1e6).toFixed(0)} s of processor`,
  ].join('\n')}\n`,
);

const rounded = (values) => Array.from(values, (value) => Number(value.toFixed(4)));
const lines = (values) =>
  rounded(values)
    .map((value) => `${value}`)
    .join(', ')
    .replace(/(.{1,92})(?:, |$)/g, '    $1,\n');
writeFileSync(
  options.out,
  `// Made by scripts/particle-dimer-reference.mjs --seed ${seed} --records ${records}. Do not edit.

import type { DimerReference } from './dimerReference.ts';

export const umbrellaReference: DimerReference = {
  kT: ${kT},
  difference: { value: ${difference.value.toFixed(4)}, standardError: ${difference.standardError.toFixed(4)} },
  min: ${axis.min},
  max: ${axis.max},
  // biome-ignore format: made by a script
  freeEnergy: [
${lines(found.profile.freeEnergy)}  ],
  // biome-ignore format: made by a script
  standardError: [
${lines(found.profile.standardError)}  ],
  evaluations: ${totalEvaluations(ledger)},
  chains: ${chains},
  windows: ${windows.length},
};
`,
);
