import { additiveCouplings } from './additiveCouplings.ts';
import { affineCouplings } from './affineCouplings.ts';
import { autoregressive } from './autoregressive.ts';
import type { Bijector } from './bijector.ts';
import { chain } from './chain.ts';
import { ArchitectureError } from './errors.ts';
import { invert } from './invert.ts';
import { permute } from './permute.ts';
import { scaling } from './scaling.ts';
import { type Settings, settingsOf } from './settings.ts';
import { splineCouplings } from './splineCouplings.ts';
import { whitening } from './whitening.ts';

/** Reads the settings of each kind of bijector and makes it. A new kind is one entry. */
const builders = new Map<string, (settings: Settings) => () => Bijector>([
  [
    'affine-couplings',
    (settings) => {
      const options = {
        ...couplingOptions(settings),
        conditioner: settings.choice('conditioner', ['independent', 'shared']),
      };
      return () => affineCouplings(options);
    },
  ],
  [
    'additive-couplings',
    (settings) => {
      const options = couplingOptions(settings);
      return () => additiveCouplings(options);
    },
  ],
  [
    'spline-couplings',
    (settings) => {
      const options = {
        ...couplingOptions(settings),
        bins: settings.integer('bins', MOST_BINS),
        reach: settings.number('reach'),
      };
      return () => splineCouplings(options);
    },
  ],
  [
    'autoregressive',
    (settings) => {
      const options = {
        dim: settings.integer('dim'),
        hidden: settings.integers('hidden'),
        components: settings.integer('components', MOST_COMPONENTS),
      };
      return () => autoregressive(options);
    },
  ],
  [
    'scaling',
    (settings) => {
      const dim = settings.integer('dim');
      return () => scaling(dim);
    },
  ],
  [
    'permute',
    (settings) => {
      const order = settings.integers('order');
      return () => permute(order);
    },
  ],
  [
    'whitening',
    (settings) => {
      const options = {
        mean: settings.numbers('mean'),
        axes: settings.rows('axes'),
        scales: settings.numbers('scales'),
      };
      return () => whitening(options);
    },
  ],
  [
    'chain',
    (settings) => {
      const parts = settings.bijectors('parts');
      return () => chain(parts);
    },
  ],
  [
    'invert',
    (settings) => {
      const of = settings.bijector('of');
      return () => invert(of);
    },
  ],
]);

/** Every kind of bijector that an architecture can name. */
export const bijectorKinds: readonly string[] = [...builders.keys()];

/** Far more than any flow has, all three. */
const MOST_BLOCKS = 4096;
const MOST_COMPONENTS = 4096;
const MOST_BINS = 4096;

/** Bijectors inside bijectors; deeper ones are a damaged file. */
const DEEPEST = 32;

/**
 * The bijector that an architecture describes, as `Bijector.architecture` gives it and JSON carries it.
 * The weights are not part of it.
 *
 * @throws {ArchitectureError} for an unknown kind, and for a missing, unknown or wrong setting.
 */
export function bijectorFrom(architecture: unknown): Bijector {
  return build(architecture, '', 0);
}

function build(description: unknown, path: string, depth: number): Bijector {
  const kinds = bijectorKinds.join(', ');
  if (!isRecord(description)) {
    throw new ArchitectureError(path, `expected a record with "kind", one of ${kinds}`);
  }
  if (depth > DEEPEST) throw new ArchitectureError(path, `more than ${DEEPEST} levels`);
  const kind = description['kind'];
  const read = typeof kind === 'string' ? builders.get(kind) : undefined;
  if (read === undefined) {
    throw new ArchitectureError(path, `unknown kind ${JSON.stringify(kind)}; known: ${kinds}`);
  }
  const settings = settingsOf(description, path, (inner, at) => build(inner, at, depth + 1));
  const make = read(settings);
  settings.end();
  try {
    return make();
  } catch (cause) {
    throw new ArchitectureError(path, cause instanceof Error ? cause.message : String(cause), {
      cause,
    });
  }
}

function couplingOptions(settings: Settings): {
  dim: number;
  blocks: number;
  hidden: number[];
  split: [number[], number[]] | undefined;
} {
  return {
    dim: settings.integer('dim'),
    blocks: settings.integer('blocks', MOST_BLOCKS),
    hidden: settings.integers('hidden'),
    split: settings.pair('split'),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
