// Draws docs/images/restored-ergodicity.png: a flow that knows one of two wells, alone and in the hybrid.
// The claim itself is tested in test/hybrid/ergodicity.test.ts. Run: node scripts/restored-ergodicity.mjs
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti';

const jiti = createJiti(import.meta.url);
const load = (path) => jiti.import(fileURLToPath(new URL(`../${path}`, import.meta.url)));
const { chainProfile, profileRows, reweightedProfile } = await load('src/analysis/profile.ts');
const { reweightedFreeEnergies, chainFreeEnergies } = await load('src/analysis/freeEnergy.ts');
const { essConsistency } = await load('src/analysis/essConsistency.ts');
const { paretoTail } = await load('src/analysis/paretoTail.ts');
const { referenceProfile } = await load('src/analysis/quadrature.ts');
const { withholdWeighted } = await load('src/analysis/weightQuality.ts');
const { startChains } = await load('src/core/kernel.ts');
const { fold, rootKey } = await load('src/core/rng.ts');
const { linear } = await load('src/core/collectiveVariable.ts');
const { drawWeights } = await load('src/hybrid/drawWeights.ts');
const { flowProposal } = await load('src/hybrid/kernels/flowProposal.ts');
const { recordSchedule } = await load('src/hybrid/recordSchedule.ts');
const { mala } = await load('src/md/kernels/mala.ts');
const { doubleWell } = await load('src/md/potentials/doubleWell.ts');
const { profileFigure } = await load('src/report/figures/profileFigure.ts');
const { withFixedColours } = await load('src/report/palette.ts');
const { loadPngRenderer } = await load('src/report/pngRenderer.ts');
const { affineFlow } = await load('test/hybrid/analyticFlow.ts');

const kT = 0.7;
const potential = doubleWell({ a4: 1, a2: 2, a1: 0.4, dim: 1 });
const flow = affineFlow(0.95, 0.3);
const key = rootKey(1);
const pace = () => Promise.resolve();
const [min, max] = [-1.8, 1.8];
const edges = Float64Array.from({ length: 37 }, (_, i) => min + ((max - min) * i) / 36);
const variable = linear('x', [1]);
const side = (x) => (x < 0 ? 0 : 1);

const draws = await drawWeights({
  flow,
  potential,
  kT,
  count: 20_000,
  key: fold(key, 'draws'),
  pace,
  onBlock() {},
});

const chains = 100;
const kernels = [
  mala(potential, { kT, timestep: 0.1, attempts: 10 }),
  flowProposal(potential, flow, { kT, attempts: 1 }),
];
const run = { kernels, pace, onStep() {} };
const starts = { data: new Float64Array(chains).fill(1), count: chains, dim: 1 };
const warm = { state: startChains(potential, starts), key: fold(key, 'warm-up') };
const { last } = await recordSchedule({ ...run, ...warm, steps: 200, keep: false });
const steps = 2000;
const production = { state: last, key: fold(key, 'production'), steps, keep: true };
const { positions } = await recordSchedule({ ...run, ...production });
const walks = Array.from({ length: chains }, (_, c) =>
  Float64Array.from({ length: steps }, (_unused, n) => positions[n * chains + c]),
);

const points = (profile) =>
  profileRows(profile).map(({ center, freeEnergy, standardError }) => ({
    at: center,
    freeEnergy: freeEnergy ?? null,
    standardError: standardError ?? null,
  }));
const exact = referenceProfile(potential, { box: [[-3.2, 3.2]], kT }, variable, edges);
const figure = profileFigure(
  {
    coordinate: 'x',
    min,
    max,
    curves: [
      {
        source: 'exact',
        points: Array.from(exact, (freeEnergy, k) => ({
          at: (edges[k] + edges[k + 1]) / 2,
          freeEnergy,
          standardError: 0,
        })),
      },
      {
        source: 'hybrid',
        points: points(
          chainProfile(
            walks.map((values) => ({ values })),
            edges,
          ),
        ),
      },
      {
        source: 'reweighted',
        points: points(reweightedProfile(draws.x.data, draws.logWeights, edges)),
      },
    ],
  },
  760,
);
const renderer = await loadPngRenderer();
if ('missing' in renderer) throw new Error(renderer.missing);
const target = new URL('../docs/images/restored-ergodicity.png', import.meta.url);
writeFileSync(target, renderer.render(withFixedColours(figure)));

const scored = walks.map((walk) => {
  const batch = { data: walk, count: walk.length, dim: 1 };
  const logProb = flow.logProb(batch);
  return potential.energy(batch).map((u, n) => -u / kT - logProb[n]);
});
const labels = Int32Array.from(draws.x.data, side);
const named = ['left', 'right'].map((name, s) => ({
  name,
  draws: labels.reduce((count, label) => count + (label === s ? 1 : 0), 0),
}));
const { k } = paretoTail(draws.logWeights);
const shown = ([one]) =>
  one === undefined ? 'none' : `${one.value.toFixed(3)} ± ${one.standardError.toFixed(3)}`;
console.log(`exact F(right) − F(left): ${leftToRight().toFixed(4)} kT`);
console.log(`flow alone: ${shown(reweightedFreeEnergies(labels, draws.logWeights, 2))} kT`);
const evidence = { paretoK: k, draws: draws.x.count, states: named };
for (const [name, seen] of [
  ['by its own weights', evidence],
  [
    'by what the hybrid has seen',
    { ...evidence, paretoK: 0, consistency: essConsistency(draws.logWeights, scored) },
  ],
]) {
  console.log(`  withheld ${name}: ${withholdWeighted(seen)?.reason ?? 'no'}`);
}
console.log(
  `hybrid: ${shown(
    chainFreeEnergies(
      walks.map((walk) => ({ labels: Int32Array.from(walk, side) })),
      2,
    ),
  )} kT`,
);

function leftToRight() {
  const halves = Float64Array.of(-3.2, 0, 3.2);
  const [left, right] = referenceProfile(potential, { box: [[-3.2, 3.2]], kT }, variable, halves);
  return right - left;
}
