import type { Batch } from '../core/batch.ts';
import { autoregressive } from '../flow/autoregressive.ts';
import type { Bijector } from '../flow/bijector.ts';
import { chain } from '../flow/chain.ts';
import { nicer } from '../flow/nicer.ts';
import { realNVP } from '../flow/realNVP.ts';
import { splineCouplings } from '../flow/splineCouplings.ts';
import { standardise } from '../flow/standardise.ts';
import { whiten } from '../flow/whiten.ts';
import type { FlowSpec } from './plan.ts';

/** The untrained flow, with its whitening taken from `data`. Whitening sits next to the configurations. */
export function buildFlow(spec: FlowSpec, data: Batch): Bijector {
  const own = unwhitened(spec, data.dim);
  if (spec.whiten === false) return own;
  return chain([own, spec.whiten === 'each' ? standardise(data, spec.directions) : whiten(data)]);
}

function unwhitened(spec: FlowSpec, dim: number): Bijector {
  const { kind, blocks, hidden, conditioner, bins, reach, components } = spec;
  switch (kind) {
    case 'realnvp':
      return realNVP({ dim, blocks, hidden, conditioner });
    case 'nicer':
      return nicer({ dim, blocks, hidden });
    case 'spline':
      return splineCouplings({ dim, blocks, hidden, bins, reach });
    case 'autoregressive':
      return autoregressive({ dim, hidden, components });
  }
}
