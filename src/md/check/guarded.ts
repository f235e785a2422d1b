import { type Batch, batch, row } from '../../core/batch.ts';
import { ErgoflowError, formatCoordinates } from '../../core/errors.ts';
import {
  type EnergyAndGradient,
  energyAndGradientBuffer,
  type Potential,
} from '../../core/potential.ts';

/** A potential threw, or returned something else than its arrays. */
export class EvaluationError extends ErgoflowError {
  override name = 'EvaluationError' as const;
}

/** A configuration whose energy or gradient is no number that dynamics can use. */
export interface Incident {
  /** NaN or −∞; or a finite energy, where a component of the gradient is to blame. */
  readonly energy: number;
  /** The first component of the gradient that is not finite, if any. */
  readonly coordinate: number | undefined;
  /** `[D]` */
  readonly x: Float64Array;
}

/** A potential that cannot harm the checks that use it, and that says what it was asked. */
export interface Guarded {
  readonly potential: Potential;
  /** Configurations evaluated so far, central differences included. */
  evaluations(): number;
  /** What was not finite since this was last asked: how often, and the first of it. */
  takeIncidents(): { readonly count: number; readonly first: Incident | undefined };
}

/**
 * `potential` behind a wall: it gets a copy of every argument, and its results are copied at once, so
 * that a fault in one respect does not show as a fault in another.
 *
 * `oneByOne` evaluates row by row, for a potential whose rows depend on each other.
 */
export function guarded(
  potential: Potential,
  options: { readonly oneByOne?: boolean } = {},
): Guarded {
  const { name, dim, units, evaluationsPerGradient } = potential;
  let used = 0;
  let count = 0;
  let first: Incident | undefined;

  function note(x: Float64Array, energy: number, gradient: Float64Array | undefined): void {
    const isLegal = Number.isFinite(energy) || energy === Infinity;
    // Where U is +∞ its slope means nothing.
    const coordinate =
      gradient === undefined || energy === Infinity
        ? -1
        : gradient.findIndex((value) => !Number.isFinite(value));
    if (isLegal && coordinate < 0) return;
    count++;
    first ??= {
      energy,
      coordinate: coordinate < 0 ? undefined : coordinate,
      x: x.slice(),
    };
  }

  function evaluateParts(x: Batch, evaluate: (part: Batch, from: number) => void): void {
    if (options.oneByOne !== true) {
      evaluate(batch(x.data.slice(), dim), 0);
      return;
    }
    for (let b = 0; b < x.count; b++) evaluate(batch(row(x, b).slice(), dim), b);
  }

  return {
    potential: {
      name,
      dim,
      units,
      evaluationsPerGradient,
      energy(x, out = new Float64Array(x.count)) {
        used += x.count;
        evaluateParts(x, (part, from) =>
          out.set(
            called(name, part, () => potential.energy(part)),
            from,
          ),
        );
        for (let b = 0; b < x.count; b++) note(row(x, b), out[b], undefined);
        return out;
      },
      energyAndGradient(x, out: EnergyAndGradient = energyAndGradientBuffer(x.count, dim)) {
        used += x.count * evaluationsPerGradient;
        evaluateParts(x, (part, from) => {
          const { energy, gradient } = called(name, part, () => potential.energyAndGradient(part));
          out.energy.set(energy, from);
          out.gradient.set(gradient, from * dim);
        });
        for (let b = 0; b < x.count; b++) {
          note(row(x, b), out.energy[b], out.gradient.subarray(b * dim, (b + 1) * dim));
        }
        return out;
      },
    },
    evaluations: () => used,
    takeIncidents() {
      const taken = { count, first };
      count = 0;
      first = undefined;
      return taken;
    },
  };
}

/** @throws {EvaluationError} with the configurations, where the potential threw. */
export function called<T>(name: string, x: Batch, evaluate: () => T): T {
  const before = x.count > 0 ? row(x, 0).slice() : new Float64Array(0);
  try {
    return evaluate();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EvaluationError(
      `${name} threw at ${formatCoordinates(before)}${x.count > 1 ? ` and ${x.count - 1} more` : ''}: ${reason}`,
      { cause },
    );
  }
}
