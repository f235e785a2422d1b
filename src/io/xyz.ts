import type { Batch } from '../core/batch.ts';
import { batch } from '../core/batch.ts';
import { ShapeError } from '../core/errors.ts';
import { FormatError } from './formatError.ts';

export interface XyzOptions {
  /** Chemical symbol of each atom, `[ceil(D / 3)]`; `X` for all by default. */
  readonly symbols?: readonly string[];
  /** More `key=value` of one frame's comment line, without spaces in the value: energy, weight, step. */
  readonly properties?: (frame: number) => Readonly<Record<string, number>>;
}

/**
 * Configurations as a multi-frame extended XYZ file, which ASE, OVITO, VMD and MDAnalysis open.
 *
 * Three coordinates make an atom. A model system of any D fills its atoms up with zeros: a point
 * (x, y) is one atom at (x, y, 0), and D = 7 makes three atoms, the last one (x₇, 0, 0). The comment
 * line holds D as `dim=`, so that `readXyz` gives back what was written, digit for digit.
 *
 * @throws {ShapeError} where `symbols` is not one a atom.
 */
export function xyz(frames: Batch, options: XyzOptions = {}): string {
  const { data, count, dim } = frames;
  const atoms = Math.ceil(dim / 3);
  const { symbols = Array.from({ length: atoms }, () => 'X'), properties } = options;
  if (symbols.length !== atoms) {
    throw new ShapeError(`xyz: ${symbols.length} symbols for ${atoms} atoms`);
  }
  return Array.from({ length: count }, (_, b) =>
    xyzFrame(symbols, comment(dim, properties?.(b) ?? {}), (atom, axis) =>
      3 * atom + axis < dim ? `${data[b * dim + 3 * atom + axis]}` : '0',
    ),
  ).join('');
}

/** One frame of an XYZ file: `at` gives a coordinate of an atom, as text. */
export function xyzFrame(
  symbols: readonly string[],
  comment: string,
  at: (atom: number, axis: 0 | 1 | 2) => string,
): string {
  const atoms = symbols.map((symbol, i) => `${symbol} ${at(i, 0)} ${at(i, 1)} ${at(i, 2)}`);
  return `${[symbols.length, comment, ...atoms].join('\n')}\n`;
}

/**
 * The configurations of a multi-frame XYZ file, with `dim` from its comment lines, else 3 an atom.
 * @throws {FormatError} naming the line.
 */
export function readXyz(text: string): Batch {
  const lines = text.split('\n');
  const numbers: number[] = [];
  let dim: number | undefined;
  let line = 0;
  const fail = (what: string): never => {
    throw new FormatError(`xyz: line ${line + 1} ${what}`);
  };
  while (line < lines.length && lines[line].trim() !== '') {
    const atoms = Number(lines[line]);
    if (!Number.isInteger(atoms) || atoms < 1) fail('should be a number of atoms');
    const stated = /(?:^|\s)dim=(\d+)/.exec(lines[line + 1] ?? '')?.[1];
    const frameDim = stated === undefined ? 3 * atoms : Number(stated);
    dim ??= frameDim;
    if (dim !== frameDim || Math.ceil(dim / 3) !== atoms) fail('begins a frame of another size');
    line += 2;
    for (let atom = 0; atom < atoms; atom++, line++) {
      const position = (lines[line] ?? '').trim().split(/\s+/).slice(1, 4).map(Number);
      if (position.length < 3 || position.some(Number.isNaN)) fail('should be an atom: X x y z');
      numbers.push(...position.slice(0, Math.min(3, dim - 3 * atom)));
    }
  }
  if (dim === undefined) throw new FormatError('xyz: no frames');
  return batch(Float64Array.from(numbers), dim);
}

function comment(dim: number, properties: Readonly<Record<string, number>>): string {
  const pairs = Object.entries({ dim, ...properties }).map(([key, value]) => `${key}=${value}`);
  return ['Properties=species:S:1:pos:R:3', ...pairs].join(' ');
}
