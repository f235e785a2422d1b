import { describe, expect, it } from 'vitest';
import { emptyLedger } from '../../src/core/ledger.ts';
import { fold, normal, rootKey } from '../../src/core/rng.ts';
import { deformation } from '../../src/report/collect/deformation.ts';
import { energyHistograms } from '../../src/report/collect/energyHistograms.ts';
import { evenly } from '../../src/report/collect/evenly.ts';
import { quantile } from '../../src/report/collect/quantile.ts';
import { type TimedEvent, timeline } from '../../src/report/collect/timeline.ts';
import { trainingCurves } from '../../src/report/collect/trainingCurves.ts';
import { weightHistogram } from '../../src/report/collect/weightHistogram.ts';
import { sinhFlow } from '../hybrid/analyticFlow.ts';

const assessment = {
  essFraction: 0.6,
  paretoK: 0.2,
  paretoLimit: 0.7,
  acceptance: 0.7,
  missingStates: [],
};

function booked(evaluations: number) {
  return { ...emptyLedger(), training: evaluations };
}

/** So many seconds into the run. */
function secondsIn(seconds: number): string {
  return new Date(1_700_000_000_000 + 1000 * seconds).toISOString();
}

const events: readonly TimedEvent[] = [
  { type: 'phase', phase: 'seeding', round: 0, time: secondsIn(0) },
  { type: 'ledger', phase: 'seeding', ledger: booked(100), time: secondsIn(4) },
  { type: 'phase', phase: 'trainingByExample', round: 0, time: secondsIn(4) },
  { type: 'ledger', phase: 'trainingByExample', ledger: booked(100), time: secondsIn(10) },
  { type: 'phase', phase: 'assessing', round: 1, time: secondsIn(10) },
  { type: 'assessment', round: 1, assessment, time: secondsIn(11) },
  { type: 'ledger', phase: 'assessing', ledger: booked(150), time: secondsIn(11) },
  { type: 'phase', phase: 'deciding', round: 1, time: secondsIn(11) },
  { type: 'ledger', phase: 'deciding', ledger: booked(150), time: secondsIn(11) },
  { type: 'phase', phase: 'producing', round: 1, time: secondsIn(11) },
  { type: 'ledger', phase: 'producing', ledger: booked(450), time: secondsIn(21) },
  { type: 'phase', phase: 'judging', round: 1, time: secondsIn(21) },
];

describe('timeline', () => {
  it('has a span for every phase in which work was done, and none for a decision', () => {
    const { unit, spans } = timeline(events, []);
    expect(unit).toBe('seconds');
    expect(spans).toEqual([
      { phase: 'seeding', round: 0, from: 0, to: 4, evaluations: 100 },
      { phase: 'trainingByExample', round: 0, from: 4, to: 10, evaluations: 0 },
      { phase: 'assessing', round: 1, from: 10, to: 11, evaluations: 50 },
      { phase: 'producing', round: 1, from: 11, to: 21, evaluations: 300 },
    ]);
  });

  it('runs along energy evaluations where no time was written down', () => {
    const { unit, spans } = timeline(
      events.map(({ time: _, ...event }) => event),
      [],
    );
    expect(unit).toBe('evaluations');
    expect(spans.map(({ from, to }) => [from, to])).toEqual([
      [0, 100],
      [100, 100],
      [100, 150],
      [150, 450],
    ]);
  });

  it('leaves the pause before a resumed phase out', () => {
    const hour = 3600;
    const resumed: TimedEvent[] = [
      ...events.slice(0, 10),
      // Killed in production after 5 s; taken up again an hour later.
      { type: 'phase', phase: 'producing', round: 1, time: secondsIn(16 + hour) },
      { type: 'ledger', phase: 'producing', ledger: booked(450), time: secondsIn(26 + hour) },
    ];
    expect(timeline(resumed, []).spans.at(-1)).toEqual({
      phase: 'producing',
      round: 1,
      from: 11,
      to: 21,
      evaluations: 300,
    });
  });

  it('places what was measured within production, and what was expected where it was judged', () => {
    const { acceptance } = timeline(events, [{ at: 0.25, value: 0.5 }]);
    expect(acceptance).toEqual([
      { at: 11, value: 0.7, kind: 'expected' },
      { at: 13.5, value: 0.5, kind: 'measured' },
    ]);
  });
});

describe('trainingCurves', () => {
  const step = (n: number, example: number | null, skipped = 0): TimedEvent => ({
    type: 'training',
    round: 0,
    step: n,
    example,
    energy: null,
    reactionCoordinate: null,
    heldOut: null,
    gradientNorm: 1,
    skipped,
  });

  it('counts on through the phases, whose own steps begin at 0', () => {
    const curves = trainingCurves([
      { type: 'phase', phase: 'trainingByExample', round: 0 },
      step(0, 3),
      step(9, 2, 1),
      { type: 'phase', phase: 'trainingByEnergy', round: 0 },
      step(0, 1),
      step(4, null, 2),
    ]);
    expect(curves.points).toEqual([
      { step: 0, term: 'example', loss: 3 },
      { step: 9, term: 'example', loss: 2 },
      { step: 10, term: 'example', loss: 1 },
    ]);
    expect(curves.phases.map((phase) => phase.step)).toEqual([0, 10]);
    expect(curves.skipped).toBe(1 + 2);
  });
});

describe('weightHistogram', () => {
  it('counts every draw once, those of weight 0 apart', () => {
    const logWeights = normal(fold(rootKey(3), 'weights'), 5000);
    logWeights.fill(-Infinity, 0, 40);
    const { draws, below, zero } = weightHistogram(logWeights);
    expect(zero).toBe(40);
    expect(draws.reduce((a, b) => a + b, 0) + below + zero).toBe(5000);
  });

  it('shares out a total weight of 1, whatever constant the weights carry', () => {
    const logWeights = normal(fold(rootKey(4), 'weights'), 5000).map((w) => w + 700);
    const { weight } = weightHistogram(logWeights);
    expect(weight.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 2);
  });

  it('puts equal weights on one place, at 0', () => {
    const { edges, draws } = weightHistogram(new Float64Array(100).fill(5));
    const bin = draws.indexOf(100);
    expect(edges[bin]).toBeLessThanOrEqual(0);
    expect(edges[bin + 1]).toBeGreaterThanOrEqual(0);
  });

  it('survives draws that all have weight 0', () => {
    const { draws, zero } = weightHistogram(new Float64Array(7).fill(-Infinity));
    expect(zero).toBe(7);
    expect(draws).toEqual([0]);
  });
});

describe('energyHistograms', () => {
  const energies = normal(fold(rootKey(5), 'energies'), 20_000);

  it('holds every sample on the axis or right of it, or counts it as refused', () => {
    const flow = energies.map((u, i) => (i % 10 === 0 ? Number.NaN : u));
    const logWeights = flow.map((u) => (Number.isNaN(u) ? -Infinity : 0));
    const { edges, series } = energyHistograms(
      { seeds: energies, production: energies, draws: { energies: flow, logWeights } },
      1,
    );
    for (const { density, above, refused } of series) {
      const mass = density.reduce((sum, p, k) => sum + p * (edges[k + 1] - edges[k]), 0);
      expect(mass + above + refused).toBeCloseTo(1, 2);
      expect(above).toBeLessThan(0.01);
    }
    // A refused draw is one of the flow's all the same, but weighs nothing.
    const refused = Object.fromEntries(series.map((one) => [one.source, one.refused]));
    expect(refused['flow']).toBe(0.1);
    expect(refused['reweighted']).toBe(0);
  });

  it('brings draws at twice the temperature onto the chain by their weights', () => {
    // u ~ Exp(mean 2) reweighted to Exp(mean 1): log w = −u + u/2.
    const flow = energies.map((_, i) => -2 * Math.log((i + 0.5) / energies.length));
    const chain = flow.map((u) => u / 2);
    const { series } = energyHistograms(
      {
        seeds: chain,
        production: chain,
        draws: { energies: flow, logWeights: flow.map((u) => -u / 2) },
      },
      1,
    );
    const [reweighted, production] = [series[2].density, series[3].density];
    for (let k = 0; k < 40; k++) expect(reweighted[k]).toBeCloseTo(production[k], 1);
    expect(series[1].density[0]).toBeLessThan(0.6 * production[0]);
  });

  it('weighs the records of a production under a bias', () => {
    const flow = energies.map((_, i) => -2 * Math.log((i + 0.5) / energies.length));
    const logWeights = flow.map((u) => -u / 2);
    const { series } = energyHistograms(
      {
        seeds: flow,
        production: flow,
        productionLogWeights: logWeights,
        draws: { energies: flow, logWeights },
      },
      1,
    );
    expect(series[3].density).toEqual(series[2].density);
    expect(series[3].density).not.toEqual(series[0].density);
  });

  it('divides by kT', () => {
    const samples = {
      seeds: energies,
      production: energies,
      draws: { energies, logWeights: energies },
    };
    const once = energyHistograms(samples, 1);
    const twice = energyHistograms(samples, 2);
    expect(twice.edges[0]).toBeCloseTo(once.edges[0] / 2, 4);
  });
});

describe('deformation', () => {
  it('shows where the flow takes each point, not where it came from', () => {
    const flow = sinhFlow([1, -1], [0.5, 2]);
    const { lines } = deformation(flow) ?? { lines: [] };
    expect(lines.filter(({ kind }) => kind === 'circle').length).toBe(3);
    // The vertical line z₀ = −3 stays vertical under this flow: x₀ = 1 + ½ sinh(−3).
    const vertical = lines.find(({ kind, latent }) => kind === 'vertical' && latent[0][0] === -3);
    for (const [x] of vertical?.image ?? []) expect(x).toBeCloseTo(1 + 0.5 * Math.sinh(-3), 3);
    expect(vertical?.image.length).toBeGreaterThan(50);
  });

  it('is left out of any dimension but two', () => {
    expect(deformation(sinhFlow([0, 0, 0], [1, 1, 1]))).toBeNull();
  });
});

describe('evenly and quantile', () => {
  it('keep the first and the last', () => {
    expect(evenly(1000, 5)).toEqual([0, 250, 500, 749, 999]);
    expect(evenly(3, 5)).toEqual([0, 1, 2]);
    expect(evenly(0, 5)).toEqual([]);
    expect(evenly(9, 1)).toEqual([0]);
  });

  it('interpolate between neighbours', () => {
    expect(quantile([1, 2, 4], 0.5)).toBe(2);
    expect(quantile([1, 2, 4], 0.75)).toBe(3);
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });
});
