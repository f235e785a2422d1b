import { type Batch, batch, rows } from '../../core/batch.ts';
import { ErgoflowError, ShapeError } from '../../core/errors.ts';
import type { Bijector } from '../bijector.ts';
import type { FlowDensity, MappedBatch } from '../density.ts';
import { flowDensity } from '../flowDensity.ts';
import type { FlowModel } from '../model.ts';
import { type BatchPiece, batchPieces } from './batchPieces.ts';
import {
  type DensityCalls,
  type DensityPrograms,
  densityPrograms,
  type Precision,
} from './densityPrograms.ts';
import { placedBits, takenBits, withResidents } from './residents.ts';
import type { GraphRuntime, Resident } from './runtime.ts';

/** A density that holds memory of the runtime. */
export interface CompiledDensity extends FlowDensity {
  /** Frees the weights in the runtime's memory at once rather than when they are collected. */
  dispose(): void;
}

/** A compiled flow does not compute what the plain one does; the plain one must be used. */
export class CompiledDensityError extends ErgoflowError {
  override name = 'CompiledDensityError' as const;
}

/**
 * The density of a model, evaluated by TensorFlow graphs made from the bijector's tensor code with
 * every real number in float64.
 *
 * It agrees with `flowDensity` to rounding (1e-10 relative is tested; 1e-13 is usual), and `sample`
 * draws the same latent points. The first rows of the first call of each kind are checked against
 * `flowDensity`: a bijector whose tensor code holds numbers rounded to float32, or that differs from
 * its `exact`, throws `CompiledDensityError`. Graphs are made for a few numbers of rows and shared by
 * all models of one architecture, so a density of retrained weights costs nothing to make.
 *
 * With the two threads that are the default, the bits of a row are those it has in any other batch:
 * graphs stay below the sizes at which TensorFlow sums in another order (`steadyRows`).
 *
 * @param precision `float32` is for comparisons and pilots, never for a decision (design rule 8); it
 *   is not checked.
 */
export function compiledDensity(
  model: FlowModel,
  runtime: GraphRuntime,
  precision: Precision = 'float64',
): CompiledDensity {
  const { bijector, priorVariance } = model;
  const { name, dim } = bijector;
  const programs = programsOf(bijector, runtime, precision);
  const { layout } = programs;
  const vector = layout.join(model.weights);
  const weights =
    precision === 'float32'
      ? runtime.place(vector, [layout.length])
      : placedBits(runtime, Float64Array.from(vector), [layout.length]);
  // What every method holds on to: as long as one can be called, the weights must stay.
  const held = { weights };
  abandoned.register(held, [weights], held);
  const isDirect = bijector.logDensity !== undefined && priorVariance === 1;
  const unchecked = new Set<Kind>(precision === 'float64' ? KINDS : []);

  function evaluate(
    kind: keyof DensityCalls,
    count: number,
    widths: readonly number[],
    feed: (piece: BatchPiece) => readonly Resident[],
  ): Float64Array[] {
    const pieces = batchPieces(count, programs.largest, programs.smallest);
    const evaluatePiece = (piece: BatchPiece): Float64Array[] => {
      const call = programs.call(kind, piece.size);
      return takenBits(withResidents(feed(piece), (fed) => call([held.weights, ...fed])));
    };
    if (pieces.length === 1 && pieces[0].size === count) return evaluatePiece(pieces[0]);
    const outputs = widths.map((width) => new Float64Array(count * width));
    for (const piece of pieces) {
      const results = evaluatePiece(piece);
      outputs.forEach((output, i) => {
        output.set(results[i].subarray(0, piece.rows * widths[i]), piece.from * widths[i]);
      });
    }
    return outputs;
  }

  /** Compares the first results of a kind with those of the plain density, once. */
  function check(kind: Kind, found: readonly Float64Array[], expect: Expect): void {
    if (!unchecked.has(kind) || found[0].length === 0) return;
    // Its own copy of the weights: the caller's may have changed since.
    const expected = expect(flowDensity({ ...model, weights: layout.split(vector) }));
    expected.forEach((values, i) => {
      const worst = values.findIndex((value, j) => !isClose(found[i][j], value));
      if (worst === -1) return;
      throw new CompiledDensityError(
        `the compiled ${kind} of ${name} gives ${found[i][worst]} where ${values[worst]} is right`,
      );
    });
    unchecked.delete(kind);
  }

  function feedRows(x: Batch): (piece: BatchPiece) => Resident {
    if (x.dim !== dim) {
      throw new ShapeError(`flow ${name} maps ${dim} coordinates, got rows of ${x.dim}`);
    }
    return (piece) => placedBits(runtime, paddedRows(x, piece), [piece.size, dim]);
  }

  const feedVariance = (): Resident => placedBits(runtime, Float64Array.of(priorVariance), []);

  function through(kind: 'forward' | 'inverse', x: Batch): MappedBatch {
    const feed = feedRows(x);
    const found = evaluate(kind, x.count, [dim, 1], (piece) => [feed(piece)]);
    check(kind, found, (oracle) => {
      const { value, logDet } = oracle[kind](firstRows(x));
      return [value.data, logDet];
    });
    const [value, logDet] = found;
    return { value: batch(value, dim), logDet };
  }

  return {
    name,
    dim,
    priorVariance,
    sample(count, key) {
      const found = evaluate('sample', count, [dim, dim, 1], ({ from }) => [
        feedVariance(),
        runtime.place(Int32Array.of(key.lo, key.hi), [1, 2]),
        // Two numbers come from a block, and pieces begin at even rows.
        runtime.place(words64([(from * dim) / 2, 0]), [2, 2]),
      ]);
      check('sample', found, (oracle) => {
        const { z, x, logProb } = oracle.sample(Math.min(count, CHECKED_ROWS), key);
        return [z.data, x.data, logProb];
      });
      const [z, x, logProb] = found;
      return { z: batch(z, dim), x: batch(x, dim), logProb };
    },
    logProb(x) {
      const feed = feedRows(x);
      const found = isDirect
        ? evaluate('logDensity', x.count, [1], (piece) => [feed(piece)])
        : evaluate('logProb', x.count, [1], (piece) => [feedVariance(), feed(piece)]);
      check('logProb', found, (oracle) => [oracle.logProb(firstRows(x))]);
      return found[0];
    },
    forward: (z) => through('forward', z),
    inverse: (x) => through('inverse', x),
    dispose() {
      if (abandoned.unregister(held)) weights.dispose();
    },
  };
}

type Kind = Exclude<keyof DensityCalls, 'logDensity'>;

type Expect = (oracle: FlowDensity) => readonly Float64Array[];

const KINDS: readonly Kind[] = ['forward', 'inverse', 'logProb', 'sample'];

const CHECKED_ROWS = 4;

/** Native memory is freed with the object that stands for it, if nobody did it before. */
const abandoned = new FinalizationRegistry((held: readonly { dispose(): void }[]) => {
  for (const each of held) each.dispose();
});

/** Programs in use or recently used, by precision and architecture. */
const known = new WeakMap<GraphRuntime, Map<string, WeakRef<DensityPrograms>>>();

/** Keeps the programs of the last few architectures for the next model of theirs. */
const recent: DensityPrograms[] = [];
const RECENT = 4;

function programsOf(
  bijector: Bijector,
  runtime: GraphRuntime,
  precision: Precision,
): DensityPrograms {
  const ofRuntime = known.get(runtime) ?? new Map<string, WeakRef<DensityPrograms>>();
  known.set(runtime, ofRuntime);
  const key = `${precision} ${JSON.stringify(bijector.architecture)}`;
  let programs = ofRuntime.get(key)?.deref();
  if (programs === undefined) {
    programs = densityPrograms(bijector, runtime, precision);
    ofRuntime.set(key, new WeakRef(programs));
    abandoned.register(programs, programs.sessions);
  }
  const place = recent.indexOf(programs);
  if (place !== -1) recent.splice(place, 1);
  recent.push(programs);
  if (recent.length > RECENT) recent.shift();
  return programs;
}

/** The rows of a piece; what is missing to its size repeats the last one. */
function paddedRows(x: Batch, { from, rows: filled, size }: BatchPiece): Float64Array {
  const data = x.data.subarray(from * x.dim, (from + filled) * x.dim);
  if (filled === size) return data;
  const padded = new Float64Array(size * x.dim);
  padded.set(data);
  const last = data.subarray((filled - 1) * x.dim);
  for (let b = filled; b < size; b++) padded.set(last, b * x.dim);
  return padded;
}

function firstRows(x: Batch): Batch {
  return rows(x, 0, Math.min(x.count, CHECKED_ROWS));
}

/** Integers as 64-bit words, the lower half first. */
function words64(values: readonly number[]): Int32Array {
  return Int32Array.from(values.flatMap((value) => [value | 0, Math.floor(value / 2 ** 32) | 0]));
}

/** Further apart than rounding, nearer than a constant that lost its digits to float32. */
function isClose(found: number, expected: number): boolean {
  return (
    Object.is(found, expected) || Math.abs(found - expected) <= 2e-9 * (1 + Math.abs(expected))
  );
}
