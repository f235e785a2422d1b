import { add, all, div, fma, mul, root, spread, square, sub } from './lanes';
import { angle } from './math';

/**
 * Bonded terms of the chains of one block. `x` and `g` hold coordinates and gradients, [atom][x y z][lane].
 * Lists of atoms hold byte offsets into them; parameters follow each other as T.
 */

/** Adds a force's three components to those of one atom. */
@inline
export function push<T>(g: usize, sx: v128, sy: v128, sz: v128): void {
  v128.store(g, add<T>(v128.load(g), sx));
  v128.store(g, add<T>(v128.load(g, 16), sy), 16);
  v128.store(g, add<T>(v128.load(g, 32), sz), 32);
}

/** Subtracts them. */
@inline
export function draw<T>(g: usize, sx: v128, sy: v128, sz: v128): void {
  v128.store(g, sub<T>(v128.load(g), sx));
  v128.store(g, sub<T>(v128.load(g, 16), sy), 16);
  v128.store(g, sub<T>(v128.load(g, 32), sz), 32);
}

/** Σ ½ k (r − r₀)²; parameters r₀, k. */
export function bonds<T>(count: usize, atoms: usize, p: usize, x: usize, g: usize): v128 {
  let sum = all<T>(0);
  for (const end = atoms + count * 8; atoms < end; atoms += 8) {
    const i = <usize>load<u32>(atoms);
    const j = <usize>load<u32>(atoms, 4);
    const dx = sub<T>(v128.load(x + i), v128.load(x + j));
    const dy = sub<T>(v128.load(x + i, 16), v128.load(x + j, 16));
    const dz = sub<T>(v128.load(x + i, 32), v128.load(x + j, 32));
    const r = root<T>(square<T>(dx, dy, dz));
    const stretch = sub<T>(r, spread<T>(p));
    const slope = mul<T>(spread<T>(p + sizeof<T>()), stretch);
    sum = fma<T>(slope, stretch, sum);
    const s = div<T>(slope, r);
    const sx = mul<T>(s, dx);
    const sy = mul<T>(s, dy);
    const sz = mul<T>(s, dz);
    push<T>(g + i, sx, sy, sz);
    draw<T>(g + j, sx, sy, sz);
    p += 2 * sizeof<T>();
  }
  return mul<T>(all<T>(0.5), sum);
}

/** Σ ½ k (θ − θ₀)²; parameters θ₀, k. On a straight line the angle has no gradient. */
export function angles<T>(count: usize, atoms: usize, p: usize, x: usize, g: usize): v128 {
  const half = all<T>(0.5);
  const one = all<T>(1);
  let sum = all<T>(0);
  for (const end = atoms + count * 12; atoms < end; atoms += 12) {
    const i = <usize>load<u32>(atoms);
    const j = <usize>load<u32>(atoms, 4);
    const k = <usize>load<u32>(atoms, 8);
    const xj = v128.load(x + j);
    const yj = v128.load(x + j, 16);
    const zj = v128.load(x + j, 32);
    const ax = sub<T>(v128.load(x + i), xj);
    const ay = sub<T>(v128.load(x + i, 16), yj);
    const az = sub<T>(v128.load(x + i, 32), zj);
    const bx = sub<T>(v128.load(x + k), xj);
    const by = sub<T>(v128.load(x + k, 16), yj);
    const bz = sub<T>(v128.load(x + k, 32), zj);
    const aa = square<T>(ax, ay, az);
    const bb = square<T>(bx, by, bz);
    const ab = fma<T>(az, bz, fma<T>(ay, by, mul<T>(ax, bx)));
    const cc = square<T>(
      sub<T>(mul<T>(ay, bz), mul<T>(az, by)),
      sub<T>(mul<T>(az, bx), mul<T>(ax, bz)),
      sub<T>(mul<T>(ax, by), mul<T>(ay, bx)),
    );
    const perProduct = div<T>(one, mul<T>(aa, bb));
    const cosine = mul<T>(ab, root<T>(perProduct));
    const size = v128.abs<T>(cosine);
    const near = v128.lt<T>(size, half);
    // (1 − |cos θ|)/2 by the sine, which keeps its digits near 0 and π.
    const complement = div<T>(mul<T>(half, mul<T>(cc, perProduct)), add<T>(one, size));
    const theta = angle<T>(cosine, v128.bitselect(mul<T>(cosine, cosine), complement, near));
    const bend = sub<T>(theta, spread<T>(p));
    const slope = mul<T>(spread<T>(p + sizeof<T>()), bend);
    sum = fma<T>(slope, bend, sum);
    const bent = v128.gt<T>(cc, all<T>(0));
    // |a| |b| sin θ = |a × b|.
    const mixed = v128.and(div<T>(slope, root<T>(cc)), bent);
    const along = mul<T>(mul<T>(mixed, ab), perProduct);
    const perA = mul<T>(along, bb);
    const perB = mul<T>(along, aa);
    const ix = sub<T>(mul<T>(perA, ax), mul<T>(mixed, bx));
    const iy = sub<T>(mul<T>(perA, ay), mul<T>(mixed, by));
    const iz = sub<T>(mul<T>(perA, az), mul<T>(mixed, bz));
    const kx = sub<T>(mul<T>(perB, bx), mul<T>(mixed, ax));
    const ky = sub<T>(mul<T>(perB, by), mul<T>(mixed, ay));
    const kz = sub<T>(mul<T>(perB, bz), mul<T>(mixed, az));
    push<T>(g + i, ix, iy, iz);
    push<T>(g + k, kx, ky, kz);
    draw<T>(g + j, add<T>(ix, kx), add<T>(iy, ky), add<T>(iz, kz));
    p += 2 * sizeof<T>();
  }
  return mul<T>(half, sum);
}

/**
 * Σ over the dihedral angles of Σₙ (aₙ cos nφ + bₙ sin nφ), n = 1 … m; parameters a₁ b₁ a₂ b₂ …, and m
 * after the four atoms. Cosines and sines of nφ come from those of φ, and those from the vectors.
 * Gradient: Blondel & Karplus, J. Comput. Chem. 17, 1132, 1996.
 */
export function torsions<T>(count: usize, atoms: usize, p: usize, x: usize, g: usize): v128 {
  const one = all<T>(1);
  let sum = all<T>(0);
  for (const end = atoms + count * 20; atoms < end; atoms += 20) {
    const i = <usize>load<u32>(atoms);
    const j = <usize>load<u32>(atoms, 4);
    const k = <usize>load<u32>(atoms, 8);
    const l = <usize>load<u32>(atoms, 12);
    const orders = load<u32>(atoms, 16);
    const xj = v128.load(x + j);
    const yj = v128.load(x + j, 16);
    const zj = v128.load(x + j, 32);
    const xk = v128.load(x + k);
    const yk = v128.load(x + k, 16);
    const zk = v128.load(x + k, 32);
    const fx = sub<T>(v128.load(x + i), xj);
    const fy = sub<T>(v128.load(x + i, 16), yj);
    const fz = sub<T>(v128.load(x + i, 32), zj);
    const gx = sub<T>(xj, xk);
    const gy = sub<T>(yj, yk);
    const gz = sub<T>(zj, zk);
    const hx = sub<T>(v128.load(x + l), xk);
    const hy = sub<T>(v128.load(x + l, 16), yk);
    const hz = sub<T>(v128.load(x + l, 32), zk);
    const ax = sub<T>(mul<T>(fy, gz), mul<T>(fz, gy));
    const ay = sub<T>(mul<T>(fz, gx), mul<T>(fx, gz));
    const az = sub<T>(mul<T>(fx, gy), mul<T>(fy, gx));
    const bx = sub<T>(mul<T>(hy, gz), mul<T>(hz, gy));
    const by = sub<T>(mul<T>(hz, gx), mul<T>(hx, gz));
    const bz = sub<T>(mul<T>(hx, gy), mul<T>(hy, gx));
    const aa = square<T>(ax, ay, az);
    const bb = square<T>(bx, by, bz);
    const gg = square<T>(gx, gy, gz);
    const product = mul<T>(aa, bb);
    // Three atoms on a line have no dihedral angle: the term then pulls at none of them.
    const defined = v128.gt<T>(product, all<T>(0));
    const perProduct = div<T>(one, product);
    const perRoot = root<T>(perProduct);
    const length = root<T>(gg);
    const perLength = div<T>(one, length);
    const cosine = mul<T>(fma<T>(az, bz, fma<T>(ay, by, mul<T>(ax, bx))), perRoot);
    const sine = mul<T>(mul<T>(length, fma<T>(hz, az, fma<T>(hy, ay, mul<T>(hx, ax)))), perRoot);
    let c = one;
    let s = all<T>(0);
    let slope = all<T>(0);
    let n = all<T>(0);
    for (let order: u32 = 0; order < orders; order++) {
      const next = sub<T>(mul<T>(c, cosine), mul<T>(s, sine));
      s = add<T>(mul<T>(s, cosine), mul<T>(c, sine));
      c = next;
      n = add<T>(n, one);
      const a = spread<T>(p);
      const b = spread<T>(p + sizeof<T>());
      sum = add<T>(sum, v128.and(fma<T>(a, c, mul<T>(b, s)), defined));
      slope = fma<T>(n, sub<T>(mul<T>(b, c), mul<T>(a, s)), slope);
      p += 2 * sizeof<T>();
    }
    const u = v128.and(mul<T>(slope, perProduct), defined);
    // ∂φ/∂rᵢ = −|G| A/A², ∂φ/∂rₗ = |G| B/B²; the inner two share (F·G/A²|G|) A − (H·G/B²|G|) B.
    const perA = mul<T>(u, bb);
    const perB = mul<T>(u, aa);
    const wi = mul<T>(length, perA);
    const wl = mul<T>(length, perB);
    const fg = fma<T>(fz, gz, fma<T>(fy, gy, mul<T>(fx, gx)));
    const hg = fma<T>(hz, gz, fma<T>(hy, gy, mul<T>(hx, gx)));
    const wa = mul<T>(mul<T>(fg, perA), perLength);
    const wb = mul<T>(mul<T>(hg, perB), perLength);
    const ix = mul<T>(wi, ax);
    const iy = mul<T>(wi, ay);
    const iz = mul<T>(wi, az);
    const lx = mul<T>(wl, bx);
    const ly = mul<T>(wl, by);
    const lz = mul<T>(wl, bz);
    const tx = sub<T>(mul<T>(wa, ax), mul<T>(wb, bx));
    const ty = sub<T>(mul<T>(wa, ay), mul<T>(wb, by));
    const tz = sub<T>(mul<T>(wa, az), mul<T>(wb, bz));
    draw<T>(g + i, ix, iy, iz);
    push<T>(g + j, add<T>(ix, tx), add<T>(iy, ty), add<T>(iz, tz));
    draw<T>(g + k, add<T>(lx, tx), add<T>(ly, ty), add<T>(lz, tz));
    push<T>(g + l, lx, ly, lz);
  }
  return sum;
}
