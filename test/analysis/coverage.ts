import { blockBootstrap } from '../../src/analysis/blockBootstrap.ts';
import { at, fold, type Key, normal } from '../../src/core/rng.ts';
import { autoregressive, replicas } from './series.ts';

/** The share of 95 % intervals that contain the truth. */
export interface Coverage {
  readonly covered: number;
  /** The same for value ± 1.96 standard errors. */
  readonly coveredByNormal: number;
}

/** Of the mean of AR(1) chains, whose truth is 0 and whose autocorrelation time is (1 + ρ)/(1 − ρ). */
export function arCoverage(plan: {
  readonly key: Key;
  readonly count: number;
  readonly chains: number;
  readonly records: number;
  readonly rho: number;
}): Coverage {
  const { key, count, chains, records, rho } = plan;
  return share(
    replicas(fold(key, `ar ${rho} ${records} ${chains}`), count).map((own) => {
      const columns = Array.from({ length: chains }, (_, c) => [
        autoregressive(at(own, c), records, rho),
      ]);
      const found = blockBootstrap(columns, ([m]) => m, own, { replicates: 300 })!;
      return { found, truth: 0 };
    }),
  );
}

/** Of ln ⟨w⟩ for w = e^(σ z), whose truth is σ²/2. */
export function weightCoverage(plan: {
  readonly key: Key;
  readonly count: number;
  readonly draws: number;
  readonly sigma: number;
}): Coverage {
  const { key, count, draws, sigma } = plan;
  return share(
    replicas(fold(key, `weights ${sigma} ${draws}`), count).map((own) => {
      const weights = normal(own, draws).map((z) => Math.exp(sigma * z));
      const options = { autocorrelationTime: 1, replicates: 300 };
      const found = blockBootstrap([[weights]], ([m]) => Math.log(m), own, options)!;
      return { found, truth: sigma ** 2 / 2 };
    }),
  );
}

function share(
  intervals: readonly {
    readonly found: {
      readonly value: number;
      readonly standardError: number;
      readonly interval: readonly [number, number];
    };
    readonly truth: number;
  }[],
): Coverage {
  const inside = intervals.filter(
    ({ found: { interval }, truth }) => interval[0] <= truth && truth <= interval[1],
  );
  const near = intervals.filter(
    ({ found, truth }) => Math.abs(found.value - truth) <= 1.96 * found.standardError,
  );
  return {
    covered: inside.length / intervals.length,
    coveredByNormal: near.length / intervals.length,
  };
}
