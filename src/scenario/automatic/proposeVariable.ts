import { type CollectiveVariable, linear } from '../../core/collectiveVariable.ts';
import { principalDirection, slowestDirection } from './directions.ts';
import type { BasinSample } from './sampleBasin.ts';

/** A linear collective variable that tells basins apart. */
export interface ProposedVariable {
  readonly variable: CollectiveVariable;
  readonly coefficients: readonly number[];
  /** `PCA` or `TICA`. */
  readonly method: string;
  /** Share of frames that the best thresholds put into the wrong basin. */
  readonly mistaken: number;
  /** s of every frame, basin by basin. */
  readonly values: readonly Float64Array[];
}

/** PCA is good enough where no more frames than this are mistaken: everyone knows it. */
const goodEnough = 0.005;
/** A component that is smaller than this share of the largest is left out of the formula. */
const small = 0.1;

/** The first principal component where it tells the basins apart, else that of TICA, if it does better. */
export function proposeVariable(samples: readonly BasinSample[]): ProposedVariable {
  const pca = along('PCA', principalDirection(samples), samples);
  if (pca.mistaken <= goodEnough) return pca;
  const tica = along('TICA', slowestDirection(samples), samples);
  return tica.mistaken < pca.mistaken ? tica : pca;
}

function along(
  method: string,
  direction: Float64Array,
  samples: readonly BasinSample[],
): ProposedVariable {
  const largest = direction.reduce((a, v) => Math.max(a, Math.abs(v)), 0);
  const coefficients = Array.from(direction, (v) =>
    Math.abs(v) < small * largest ? 0 : Number((v / largest).toPrecision(3)),
  );
  const used = coefficients.flatMap((c, i) => (c === 0 ? [] : [i]));
  const name = used.length === 1 ? `x${used[0]}` : 's';
  const variable = linear(name, coefficients);
  const values = samples.map(({ x }) => variable.value(x));
  return { variable, coefficients, method, values, mistaken: mistakenShare(values) };
}

/** The share of frames on the wrong side of the thresholds halfway between neighbouring means. */
function mistakenShare(values: readonly Float64Array[]): number {
  const means = values.map((own) => own.reduce((a, v) => a + v, 0) / own.length);
  let wrong = 0;
  let total = 0;
  values.forEach((own, k) => {
    for (const value of own) {
      const nearest = means.reduce(
        (best, mean, j) => (Math.abs(value - mean) < Math.abs(value - means[best]) ? j : best),
        0,
      );
      if (nearest !== k) wrong++;
      total++;
    }
  });
  return wrong / total;
}
