import { periodicSplineSlopes } from './periodicSplineSlopes.ts';

/** Values and derivatives of a map at its knots, per knot spacing; entry `i + size * j` as in the map. */
export interface CmapSurface {
  readonly size: number;
  /** S, `[size²]`. */
  readonly value: Float64Array;
  /** ∂S/∂i, `[size²]`. */
  readonly first: Float64Array;
  /** ∂S/∂j, `[size²]`. */
  readonly second: Float64Array;
  /** ∂²S/∂i∂j, `[size²]`. */
  readonly mixed: Float64Array;
}

/** The periodic bicubic spline through a map of `size` × `size` energies. */
export function cmapSurface(size: number, energies: Float64Array): CmapSurface {
  const first = slopesAlong(energies, size, 1, size);
  return {
    size,
    value: energies,
    first,
    second: slopesAlong(energies, size, size, 1),
    mixed: slopesAlong(first, size, size, 1),
  };
}

/**
 * S at the angles φ and ψ, any radians, with ∂S/∂φ and ∂S/∂ψ in `slopes[at]` and `slopes[at + 1]`.
 *
 * On each square of knots S is Hermite's bicubic of the four corners, once continuously differentiable
 * across the edges.
 */
export function evaluateCmap(
  { size, value, first, second, mixed }: CmapSurface,
  phi: number,
  psi: number,
  slopes: Float64Array,
  at: number,
): number {
  const perRadian = size / (2 * Math.PI);
  const u = phi * perRadian;
  const v = psi * perRadian;
  const i = Math.floor(u);
  const j = Math.floor(v);
  let surface = 0;
  let alongU = 0;
  let alongV = 0;
  for (let a = 0; a < 2; a++) {
    for (let b = 0; b < 2; b++) {
      const knot = wrap(i + a, size) + size * wrap(j + b, size);
      // From this corner, towards the opposite one.
      const s = u - i - a;
      const t = v - j - b;
      const hs = height(s);
      const ts = tangent(s);
      const ht = height(t);
      const tt = tangent(t);
      const dhs = heightSlope(s);
      const dts = tangentSlope(s);
      const dht = heightSlope(t);
      const dtt = tangentSlope(t);
      const y = value[knot];
      const yu = first[knot];
      const yv = second[knot];
      const yuv = mixed[knot];
      surface += hs * (ht * y + tt * yv) + ts * (ht * yu + tt * yuv);
      alongU += dhs * (ht * y + tt * yv) + dts * (ht * yu + tt * yuv);
      alongV += hs * (dht * y + dtt * yv) + ts * (dht * yu + dtt * yuv);
    }
  }
  slopes[at] = alongU * perRadian;
  slopes[at + 1] = alongV * perRadian;
  return surface;
}

/** Hermite's basis around a knot, s in [−1, 1]: value 1 and slope 0 at s = 0, nothing at s = ±1. */
function height(s: number): number {
  return 1 + s * s * (2 * Math.abs(s) - 3);
}

function heightSlope(s: number): number {
  return 6 * s * (Math.abs(s) - 1);
}

/** Value 0 and slope 1 at s = 0, nothing at s = ±1. */
function tangent(s: number): number {
  return s * (1 - Math.abs(s)) ** 2;
}

function tangentSlope(s: number): number {
  const left = 1 - Math.abs(s);
  return left * (left - 2 * Math.abs(s));
}

function wrap(i: number, size: number): number {
  return ((i % size) + size) % size;
}

/** Spline slopes of all lines of a map; neighbours on a line are `stride` apart, lines `step`. */
function slopesAlong(map: Float64Array, size: number, stride: number, step: number): Float64Array {
  const slopes = new Float64Array(map.length);
  for (let line = 0; line < size; line++) {
    const values = Float64Array.from({ length: size }, (_, k) => map[line * step + k * stride]);
    periodicSplineSlopes(values).forEach((slope, k) => {
      slopes[line * step + k * stride] = slope;
    });
  }
  return slopes;
}
