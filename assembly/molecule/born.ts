import { draw, push } from './bonded';
import { ATOM, add, all, div, fma, LANES, mul, root, spread, square, sub } from './lanes';
import { artanhRatio, exp, logQuotient } from './math';

/**
 * Nonbonded and generalised Born energies of the chains of one block, every pair once: what
 * `src/md/molecule/terms/generalizedBorn.ts` computes, where the formulas stand.
 *
 * `perAtom` has BORN parameters of each atom as T: ρ̃, S ρ̃, √C q, 1/ρ, α, β, γ, surface factor
 * 4π s (ρ + 0.14)² ρ⁶, 1/ρ̃, max(34.1 (S ρ̃)², 4 ρ̃²). `perPair` has A, B, C qq of each pair i < j, zero where excluded. `scratch` has room for
 * FOUR vectors a pair and FOUR an atom.
 */
export const BORN: usize = 10;
const FOUR: usize = 64;

/** Settings of a model: 1/εₚ, 1/εₛ, κ. */
const SALT: usize = 2;

/**
 * The descreening integral of an atom of radius a by a sphere s at r, and its slope over r into `slope`;
 * room for two vectors at `at`.
 */
@inline
export function descreen<T>(
  r: v128,
  perR: v128,
  a: v128,
  perA: v128,
  s: v128,
  slope: usize,
  at: usize,
): v128 {
  const upper = add<T>(r, s);
  const near = v128.abs<T>(sub<T>(r, s));
  const lower = v128.pmax<T>(near, a);
  const quarter = mul<T>(all<T>(0.25), logQuotient<T>(lower, upper, at));
  const logarithm = mul<T>(quarter, perR);
  const l = v128.load(at);
  const u = v128.load(at, 16);
  const squares = mul<T>(all<T>(0.125), sub<T>(mul<T>(u, u), mul<T>(l, l)));
  const depth = mul<T>(mul<T>(s, s), perR);
  const outside = v128.gt<T>(upper, a);
  // ⅛ (1 + s²/r²)(1/U² − 1/L²) − ¼ ln(L/U)/r², over r.
  const slopes = sub<T>(mul<T>(squares, fma<T>(depth, perR, all<T>(1))), mul<T>(logarithm, perR));
  v128.store(slope, v128.and(mul<T>(slopes, perR), outside));
  const integral = add<T>(
    fma<T>(all<T>(0.5), sub<T>(l, u), logarithm),
    mul<T>(squares, sub<T>(r, depth)),
  );
  // An atom inside of the other's sphere.
  const inside = v128.and(sub<T>(perA, l), v128.lt<T>(a, sub<T>(s, r)));
  return v128.and(add<T>(integral, inside), outside);
}

/**
 * `descreen` for r² = rr of at least 34 s² and (a + s)², where L = r − s and U = r + s:
 *
 *     H = s/2 [1/(r² − s²) − A/r²],   H′/r = s/2 [A/r⁴ − (1 + z)/(r² − s²)²],   z = s²/r²,  A = artanh(√z)/√z
 */
@inline
export function descreenFar<T>(rr: v128, perSquare: v128, s: v128, slope: usize): v128 {
  const ss = mul<T>(s, s);
  const half = mul<T>(all<T>(0.5), s);
  const inverse = div<T>(all<T>(1), sub<T>(rr, ss));
  const z = mul<T>(ss, perSquare);
  const ratio = mul<T>(artanhRatio<T>(z), perSquare);
  const squares = mul<T>(add<T>(all<T>(1), z), mul<T>(inverse, inverse));
  v128.store(slope, mul<T>(half, sub<T>(mul<T>(ratio, perSquare), squares)));
  return mul<T>(half, sub<T>(inverse, ratio));
}

/** Integrals of all atoms, and the slopes of pairs; nonbonded slopes and energy as well. */
function integrate<T>(
  atoms: usize,
  perAtom: usize,
  perPair: usize,
  x: usize,
  ofAtoms: usize,
  ofPairs: usize,
  at: usize,
): v128 {
  const one = all<T>(1);
  const six = all<T>(6);
  const end = atoms * ATOM;
  let sum = all<T>(0);
  for (let i: usize = 0, ai = perAtom, oi = ofAtoms; i < end; i += ATOM) {
    const xi = v128.load(x + i);
    const yi = v128.load(x + i, 16);
    const zi = v128.load(x + i, 32);
    const radius = spread<T>(ai);
    const sphere = spread<T>(ai + sizeof<T>());
    const perRadius = spread<T>(ai + 8 * sizeof<T>());
    const far = spread<T>(ai + 9 * sizeof<T>());
    let integral = v128.load(oi);
    let oj = oi + FOUR;
    let aj = ai + BORN * sizeof<T>();
    for (let j = i + ATOM; j < end; j += ATOM) {
      const dx = sub<T>(xi, v128.load(x + j));
      const dy = sub<T>(yi, v128.load(x + j, 16));
      const dz = sub<T>(zi, v128.load(x + j, 32));
      const rr = square<T>(dx, dy, dz);
      const perSquare = div<T>(one, rr);
      const perR = root<T>(perSquare);
      v128.store(ofPairs, rr);

      const cube = mul<T>(mul<T>(perSquare, perSquare), perSquare);
      const attraction = mul<T>(spread<T>(perPair + sizeof<T>()), cube);
      const repulsion = mul<T>(mul<T>(spread<T>(perPair), cube), cube);
      const charges = mul<T>(spread<T>(perPair + 2 * sizeof<T>()), perR);
      const both = sub<T>(repulsion, attraction);
      sum = add<T>(sum, add<T>(both, charges));
      v128.store(
        ofPairs,
        mul<T>(perSquare, add<T>(mul<T>(six, add<T>(both, repulsion)), charges)),
        16,
      );

      const near = v128.lt<T>(rr, v128.pmax<T>(far, spread<T>(aj + 9 * sizeof<T>())));
      const other = spread<T>(aj + sizeof<T>());
      let own = descreenFar<T>(rr, perSquare, other, ofPairs + 32);
      let theirs = descreenFar<T>(rr, perSquare, sphere, ofPairs + 48);
      if (v128.any_true(near)) {
        // Each lane keeps its own formula, whatever the others need: no chain may see another.
        const r = mul<T>(rr, perR);
        const ownNear = descreen<T>(r, perR, radius, perRadius, other, at + 32, at);
        const perOther = spread<T>(aj + 8 * sizeof<T>());
        const theirsNear = descreen<T>(r, perR, spread<T>(aj), perOther, sphere, at + 48, at);
        own = v128.bitselect(ownNear, own, near);
        theirs = v128.bitselect(theirsNear, theirs, near);
        v128.store(ofPairs, v128.bitselect(v128.load(at, 32), v128.load(ofPairs, 32), near), 32);
        v128.store(ofPairs, v128.bitselect(v128.load(at, 48), v128.load(ofPairs, 48), near), 48);
      }
      integral = add<T>(integral, own);
      v128.store(oj, add<T>(v128.load(oj), theirs));
      perPair += 3 * sizeof<T>();
      ofPairs += FOUR;
      oj += FOUR;
      aj += BORN * sizeof<T>();
    }
    v128.store(oi, integral);
    ai += BORN * sizeof<T>();
    oi += FOUR;
  }
  return sum;
}

/**
 * Radii of integrals; self and surface energies. An atom's four vectors are I, R, 1/R and ∂U/∂R on return,
 * I being replaced by ∂R/∂I.
 */
export function radii<T>(
  atoms: usize,
  perAtom: usize,
  settings: usize,
  row: usize,
  rescaled: bool,
): v128 {
  const one = all<T>(1);
  const half = all<T>(0.5);
  const perSolute = spread<T>(settings);
  const perSolvent = spread<T>(settings + sizeof<T>());
  const kappa = spread<T>(settings + SALT * sizeof<T>());
  let sum = all<T>(0);
  for (const end = row + atoms * FOUR; row < end; row += FOUR) {
    const reduced = spread<T>(perAtom);
    const integral = v128.load(row);
    let perRadius = spread<T>(perAtom + 8 * sizeof<T>());
    let slope = one;
    if (rescaled) {
      const perIntrinsic = spread<T>(perAtom + 3 * sizeof<T>());
      const alpha = spread<T>(perAtom + 4 * sizeof<T>());
      const beta = spread<T>(perAtom + 5 * sizeof<T>());
      const gamma = spread<T>(perAtom + 6 * sizeof<T>());
      const psi = mul<T>(integral, reduced);
      const y = mul<T>(psi, sub<T>(alpha, mul<T>(psi, sub<T>(beta, mul<T>(psi, gamma)))));
      const e = exp<T>(mul<T>(all<T>(-2), v128.abs<T>(y)));
      const perSum = div<T>(one, add<T>(one, e));
      const size = mul<T>(sub<T>(one, e), perSum);
      const bound = v128.bitselect(v128.neg<T>(size), size, v128.lt<T>(y, all<T>(0)));
      perRadius = sub<T>(perRadius, mul<T>(bound, perIntrinsic));
      // 1 − tanh² y = 4e/(1 + e)².
      const steep = mul<T>(mul<T>(all<T>(4), e), mul<T>(perSum, perSum));
      const inner = sub<T>(
        alpha,
        mul<T>(psi, sub<T>(add<T>(beta, beta), mul<T>(mul<T>(all<T>(3), gamma), psi))),
      );
      slope = mul<T>(mul<T>(steep, inner), mul<T>(reduced, perIntrinsic));
    } else {
      perRadius = sub<T>(perRadius, integral);
    }
    const radius = div<T>(one, perRadius);
    v128.store(row, mul<T>(slope, mul<T>(radius, radius)));
    v128.store(row, radius, 16);
    v128.store(row, perRadius, 32);

    const charge = spread<T>(perAtom + 2 * sizeof<T>());
    const charges = mul<T>(mul<T>(half, charge), charge);
    const screened = mul<T>(perSolvent, exp<T>(v128.neg<T>(mul<T>(kappa, radius))));
    const factor = sub<T>(perSolute, screened);
    const cube = mul<T>(mul<T>(perRadius, perRadius), perRadius);
    const surface = mul<T>(spread<T>(perAtom + 7 * sizeof<T>()), mul<T>(cube, cube));
    const self = mul<T>(mul<T>(charges, factor), perRadius);
    sum = add<T>(sum, sub<T>(surface, self));
    const pull = sub<T>(
      sub<T>(self, mul<T>(all<T>(6), surface)),
      mul<T>(mul<T>(charges, kappa), screened),
    );
    v128.store(row, mul<T>(pull, perRadius), 48);
    perAtom += BORN * sizeof<T>();
  }
  return sum;
}

/**
 * Still's energy of a pair whose charges' product is `charges`; its −∂U/∂r over r goes to `at`, its ∂U over the
 * product of the radii to `at + 16`.
 */
@inline
export function still<T>(
  rr: v128,
  product: v128,
  perProduct: v128,
  charges: v128,
  settings: usize,
  salt: bool,
  at: usize,
): v128 {
  const quarter = mul<T>(mul<T>(all<T>(0.25), rr), perProduct);
  const gauss = exp<T>(v128.neg<T>(quarter));
  const ff = fma<T>(product, gauss, rr);
  const perSquare = div<T>(all<T>(1), ff);
  const perF = root<T>(perSquare);
  let factor = sub<T>(spread<T>(settings), spread<T>(settings + sizeof<T>()));
  let change = all<T>(0);
  if (salt) {
    const kappa = spread<T>(settings + SALT * sizeof<T>());
    const screened = mul<T>(
      spread<T>(settings + sizeof<T>()),
      exp<T>(v128.neg<T>(mul<T>(kappa, mul<T>(ff, perF)))),
    );
    factor = sub<T>(spread<T>(settings), screened);
    change = mul<T>(mul<T>(kappa, screened), perF);
  }
  const energy = mul<T>(mul<T>(charges, factor), perF);
  // ∂U/∂f over f.
  let slope = mul<T>(energy, perSquare);
  if (salt) slope = sub<T>(slope, mul<T>(mul<T>(charges, change), perF));
  const bell = mul<T>(all<T>(0.25), gauss);
  v128.store(at, mul<T>(slope, sub<T>(bell, all<T>(1))));
  v128.store(at, mul<T>(mul<T>(add<T>(bell, bell), slope), add<T>(all<T>(1), quarter)), 16);
  return v128.neg<T>(energy);
}

/** Still's energies; adds their slopes to those of the pairs, and ∂U/∂R. */
function stills<T>(
  atoms: usize,
  perAtom: usize,
  settings: usize,
  ofAtoms: usize,
  ofPairs: usize,
  at: usize,
  salt: bool,
): v128 {
  const end = ofAtoms + atoms * FOUR;
  let sum = all<T>(0);
  for (let oi = ofAtoms, ai = perAtom; oi < end; oi += FOUR) {
    const radius = v128.load(oi, 16);
    const perRadius = v128.load(oi, 32);
    const charge = spread<T>(ai + 2 * sizeof<T>());
    let pull = v128.load(oi, 48);
    let aj = ai + BORN * sizeof<T>();
    for (let oj = oi + FOUR; oj < end; oj += FOUR) {
      const other = v128.load(oj, 16);
      const energy = still<T>(
        v128.load(ofPairs),
        mul<T>(radius, other),
        mul<T>(perRadius, v128.load(oj, 32)),
        mul<T>(charge, spread<T>(aj + 2 * sizeof<T>())),
        settings,
        salt,
        at,
      );
      sum = add<T>(sum, energy);
      v128.store(ofPairs, add<T>(v128.load(ofPairs, 16), v128.load(at)), 16);
      const perProduct = v128.load(at, 16);
      pull = fma<T>(perProduct, other, pull);
      v128.store(oj, fma<T>(perProduct, radius, v128.load(oj, 48)), 48);
      ofPairs += FOUR;
      aj += BORN * sizeof<T>();
    }
    v128.store(oi, pull, 48);
    ai += BORN * sizeof<T>();
  }
  return sum;
}

/** Adds the gradient of all pairs, nonbonded, direct and through the radii. */
function chainRule<T>(atoms: usize, x: usize, g: usize, ofAtoms: usize, ofPairs: usize): void {
  const end = atoms * ATOM;
  for (let oi = ofAtoms, last = ofAtoms + atoms * FOUR; oi < last; oi += FOUR) {
    v128.store(oi, mul<T>(v128.load(oi), v128.load(oi, 48)), 48);
  }
  for (let i: usize = 0, oi = ofAtoms; i < end; i += ATOM) {
    const xi = v128.load(x + i);
    const yi = v128.load(x + i, 16);
    const zi = v128.load(x + i, 32);
    const pull = v128.load(oi, 48);
    let gx = all<T>(0);
    let gy = gx;
    let gz = gx;
    let oj = oi + FOUR;
    for (let j = i + ATOM; j < end; j += ATOM) {
      let s = sub<T>(v128.load(ofPairs, 16), mul<T>(pull, v128.load(ofPairs, 32)));
      s = sub<T>(s, mul<T>(v128.load(oj, 48), v128.load(ofPairs, 48)));
      const sx = mul<T>(s, sub<T>(xi, v128.load(x + j)));
      const sy = mul<T>(s, sub<T>(yi, v128.load(x + j, 16)));
      const sz = mul<T>(s, sub<T>(zi, v128.load(x + j, 32)));
      gx = add<T>(gx, sx);
      gy = add<T>(gy, sy);
      gz = add<T>(gz, sz);
      push<T>(g + j, sx, sy, sz);
      ofPairs += FOUR;
      oj += FOUR;
    }
    draw<T>(g + i, gx, gy, gz);
    oi += FOUR;
  }
}

export function pairsAndBorn<T>(
  atoms: usize,
  perAtom: usize,
  perPair: usize,
  settings: usize,
  scratch: usize,
  x: usize,
  g: usize,
): v128 {
  const at = scratch;
  const ofAtoms = scratch + 4 * LANES;
  const ofPairs = ofAtoms + atoms * FOUR;
  for (let oi = ofAtoms; oi < ofPairs; oi += FOUR) v128.store(oi, all<T>(0));
  const nonbonded = integrate<T>(atoms, perAtom, perPair, x, ofAtoms, ofPairs, at);
  const rescaled = load<u32>(settings, 3 * sizeof<T>()) !== 0;
  const salt = load<u32>(settings, 3 * sizeof<T>() + 4) !== 0;
  const self = radii<T>(atoms, perAtom, settings, ofAtoms, rescaled);
  const pair = salt
    ? stills<T>(atoms, perAtom, settings, ofAtoms, ofPairs, at, true)
    : stills<T>(atoms, perAtom, settings, ofAtoms, ofPairs, at, false);
  chainRule<T>(atoms, x, g, ofAtoms, ofPairs);
  return add<T>(nonbonded, add<T>(self, pair));
}
