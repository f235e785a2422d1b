import { descreen, descreenFar, radii, still } from './born';
import { add, all, div, fma, LANES, mul, root, spread, square, sub, sumOfLanes } from './lanes';

/**
 * All pairs of a large molecule, one chain at a time, with atoms in the lanes: atom i against a group of
 * neighbours in memory. Nonbonded and generalised Born energies as in `born.ts`; the nonbonded exceptions are masked here
 * and computed elsewhere.
 *
 * Arrays have one T an atom, `stride` bytes each, filled up with atoms far away that have no
 * parameters. The first group of atom i also holds atoms up to i: lanes without a pair are masked.
 */
export namespace Crowd {
  /** Atoms, stride of an array in bytes. */
  export const atoms: usize = 0;
  export const stride: usize = 4;
  /** x, y, z, then their gradients. */
  export const place: usize = 8;
  /** σ/2, 2√ε, √C q, ρ̃, S ρ̃, 1/ρ̃, max(34.1 (S ρ̃)², 4 ρ̃²). */
  export const constants: usize = 12;
  /** I, R, 1/R, ∂U/∂R. */
  export const radii: usize = 16;
  /** Address of the first special group of each atom. */
  export const special: usize = 20;
  /** As in `born.ts`: parameters and settings; 0 without a Born term. */
  export const perAtom: usize = 24;
  export const settings: usize = 28;
  /** 64 bytes an atom, and 32. */
  export const scratch: usize = 32;
  /** Slopes of the integrals, two vectors a group. */
  export const slopes: usize = 36;
  /** 1 where there is a nonbonded term. */
  export const nonbonded: usize = 40;
}

/** Bytes of a special group: its place, then the masks of its pairs and of its nonbonded pairs. */
const SPECIAL: usize = 48;

@inline
function word(crowd: usize, offset: usize): usize {
  return <usize>load<u32>(crowd + offset);
}

/** Adds the sum of the lanes to the number at `address`. */
@inline
function accumulate<T>(address: usize, lanes: v128): void {
  store<T>(address, <T>(<f64>load<T>(address) + sumOfLanes<T>(lanes)));
}

/** One atom's integrals with a group, and theirs with it; slopes of both to `slope`. */
@inline
function integrateGroup<T>(
  at: usize,
  stride: usize,
  constants: usize,
  integrals: usize,
  slope: usize,
  mask: v128,
  masked: bool,
  xi: v128,
  yi: v128,
  zi: v128,
  radius: v128,
  perRadius: v128,
  sphere: v128,
  far: v128,
  scratch: usize,
  sum: v128,
): v128 {
  const dx = sub<T>(xi, v128.load(at));
  const dy = sub<T>(yi, v128.load(at + stride));
  const dz = sub<T>(zi, v128.load(at + 2 * stride));
  let rr = square<T>(dx, dy, dz);
  if (masked) rr = v128.bitselect(rr, all<T>(1), mask);
  const perSquare = div<T>(all<T>(1), rr);
  const other = v128.load(constants + 4 * stride);
  const near = v128.lt<T>(rr, v128.pmax<T>(far, v128.load(constants + 6 * stride)));
  let own: v128;
  let theirs: v128;
  if (v128.any_true(near)) {
    const perR = root<T>(perSquare);
    const r = mul<T>(rr, perR);
    own = descreen<T>(r, perR, radius, perRadius, other, slope, scratch);
    theirs = descreen<T>(
      r,
      perR,
      v128.load(constants + 3 * stride),
      v128.load(constants + 5 * stride),
      sphere,
      slope + LANES,
      scratch,
    );
  } else {
    own = descreenFar<T>(rr, perSquare, other, slope);
    theirs = descreenFar<T>(rr, perSquare, sphere, slope + LANES);
  }
  if (masked) {
    own = v128.and(own, mask);
    theirs = v128.and(theirs, mask);
    v128.store(slope, v128.and(v128.load(slope), mask));
    v128.store(slope, v128.and(v128.load(slope, 16), mask), 16);
  }
  v128.store(integrals, add<T>(v128.load(integrals), theirs));
  return add<T>(sum, own);
}

function integrate<T>(crowd: usize): void {
  const atoms = word(crowd, Crowd.atoms);
  const stride = word(crowd, Crowd.stride);
  const place = word(crowd, Crowd.place);
  const constants = word(crowd, Crowd.constants);
  const integrals = word(crowd, Crowd.radii);
  const scratch = word(crowd, Crowd.scratch);
  let slope = word(crowd, Crowd.slopes);
  memory.fill(integrals, 0, stride);
  for (let i: usize = 0; i < atoms; i++) {
    const own = i * sizeof<T>();
    const special = <usize>load<u32>(word(crowd, Crowd.special) + 4 * i);
    const xi = spread<T>(place + own);
    const yi = spread<T>(place + stride + own);
    const zi = spread<T>(place + 2 * stride + own);
    const radius = spread<T>(constants + 3 * stride + own);
    const perRadius = spread<T>(constants + 5 * stride + own);
    const far = spread<T>(constants + 6 * stride + own);
    const sphere = spread<T>(constants + 4 * stride + own);
    let j = <usize>load<u32>(special);
    if (j >= stride) continue;
    let sum = integrateGroup<T>(
      place + j,
      stride,
      constants + j,
      integrals + j,
      slope,
      v128.load(special, 16),
      true,
      xi,
      yi,
      zi,
      radius,
      perRadius,
      sphere,
      far,
      scratch,
      all<T>(0),
    );
    slope += 2 * LANES;
    for (j += LANES; j < stride; j += LANES) {
      sum = integrateGroup<T>(
        place + j,
        stride,
        constants + j,
        integrals + j,
        slope,
        sum,
        false,
        xi,
        yi,
        zi,
        radius,
        perRadius,
        sphere,
        far,
        scratch,
        sum,
      );
      slope += 2 * LANES;
    }
    accumulate<T>(integrals + own, sum);
  }
}

/** Nonbonded and Still's energy of atom i with a group; adds to the group's gradients. */
@inline
function pairGroup<T>(
  at: usize,
  stride: usize,
  constants: usize,
  radii: usize,
  settings: usize,
  scratch: usize,
  special: usize,
  masked: bool,
  nonbonded: bool,
  born: bool,
  salt: bool,
): void {
  const dx = sub<T>(v128.load(scratch), v128.load(at));
  const dy = sub<T>(v128.load(scratch, 16), v128.load(at + stride));
  const dz = sub<T>(v128.load(scratch, 32), v128.load(at + 2 * stride));
  let rr = square<T>(dx, dy, dz);
  if (masked) rr = v128.bitselect(rr, all<T>(1), v128.load(special, 16));
  let s = all<T>(0);
  const charge = mul<T>(v128.load(scratch, 80), v128.load(constants + 2 * stride));
  if (nonbonded) {
    const perSquare = div<T>(all<T>(1), rr);
    const width = add<T>(v128.load(scratch, 48), v128.load(constants));
    const reduced = mul<T>(mul<T>(width, width), perSquare);
    const six = mul<T>(mul<T>(reduced, reduced), reduced);
    const depth = mul<T>(v128.load(scratch, 64), v128.load(constants + stride));
    const attraction = mul<T>(depth, six);
    const repulsion = mul<T>(attraction, six);
    const charges = mul<T>(charge, root<T>(perSquare));
    const both = sub<T>(repulsion, attraction);
    let energy = add<T>(both, charges);
    s = mul<T>(perSquare, add<T>(mul<T>(all<T>(6), add<T>(both, repulsion)), charges));
    if (masked) {
      energy = v128.and(energy, v128.load(special, 32));
      s = v128.and(s, v128.load(special, 32));
    }
    v128.store(scratch, add<T>(v128.load(scratch, 192), energy), 192);
  }
  if (born) {
    const radius = v128.load(scratch, 96);
    const other = v128.load(radii + stride);
    let energy = still<T>(
      rr,
      mul<T>(radius, other),
      mul<T>(v128.load(scratch, 112), v128.load(radii + 2 * stride)),
      charge,
      settings,
      salt,
      scratch + 208,
    );
    let direct = v128.load(scratch, 208);
    let perProduct = v128.load(scratch, 224);
    if (masked) {
      const mask = v128.load(special, 16);
      energy = v128.and(energy, mask);
      direct = v128.and(direct, mask);
      perProduct = v128.and(perProduct, mask);
    }
    s = add<T>(s, direct);
    v128.store(scratch, add<T>(v128.load(scratch, 192), energy), 192);
    v128.store(scratch, fma<T>(perProduct, other, v128.load(scratch, 176)), 176);
    v128.store(radii + 3 * stride, fma<T>(perProduct, radius, v128.load(radii + 3 * stride)));
  }
  pushGroup<T>(at + 3 * stride, stride, scratch, mul<T>(s, dx), mul<T>(s, dy), mul<T>(s, dz));
}

/** Adds a force to the group's gradients and to the sums of atom i. */
@inline
function pushGroup<T>(g: usize, stride: usize, scratch: usize, sx: v128, sy: v128, sz: v128): void {
  v128.store(g, add<T>(v128.load(g), sx));
  v128.store(g + stride, add<T>(v128.load(g + stride), sy));
  v128.store(g + 2 * stride, add<T>(v128.load(g + 2 * stride), sz));
  v128.store(scratch, sub<T>(v128.load(scratch, 128), sx), 128);
  v128.store(scratch, sub<T>(v128.load(scratch, 144), sy), 144);
  v128.store(scratch, sub<T>(v128.load(scratch, 160), sz), 160);
}

/** Spreads the numbers of atom i over the lanes, and clears its sums. */
function begin<T>(crowd: usize, own: usize): void {
  const stride = word(crowd, Crowd.stride);
  const place = word(crowd, Crowd.place) + own;
  const constants = word(crowd, Crowd.constants) + own;
  const radii = word(crowd, Crowd.radii) + own;
  const scratch = word(crowd, Crowd.scratch);
  v128.store(scratch, spread<T>(place));
  v128.store(scratch, spread<T>(place + stride), 16);
  v128.store(scratch, spread<T>(place + 2 * stride), 32);
  v128.store(scratch, spread<T>(constants), 48);
  v128.store(scratch, spread<T>(constants + stride), 64);
  v128.store(scratch, spread<T>(constants + 2 * stride), 80);
  v128.store(scratch, spread<T>(radii + stride), 96);
  v128.store(scratch, spread<T>(radii + 2 * stride), 112);
  memory.fill(scratch + 128, 0, 64);
}

/** Adds the sums of atom i to its gradient. */
function end<T>(crowd: usize, own: usize): void {
  const stride = word(crowd, Crowd.stride);
  const g = word(crowd, Crowd.place) + 3 * stride + own;
  const scratch = word(crowd, Crowd.scratch);
  accumulate<T>(g, v128.load(scratch, 128));
  accumulate<T>(g + stride, v128.load(scratch, 144));
  accumulate<T>(g + 2 * stride, v128.load(scratch, 160));
}

/** Energies of all pairs but the exceptions of the nonbonded term. */
function pairEnergies<T>(crowd: usize, nonbonded: bool, born: bool, salt: bool): f64 {
  const atoms = word(crowd, Crowd.atoms);
  const stride = word(crowd, Crowd.stride);
  const place = word(crowd, Crowd.place);
  const constants = word(crowd, Crowd.constants);
  const radii = word(crowd, Crowd.radii);
  const settings = word(crowd, Crowd.settings);
  const scratch = word(crowd, Crowd.scratch);
  let sum: f64 = 0;
  for (let i: usize = 0; i < atoms; i++) {
    const own = i * sizeof<T>();
    begin<T>(crowd, own);
    v128.store(scratch, all<T>(0), 192);
    let special = <usize>load<u32>(word(crowd, Crowd.special) + 4 * i);
    let j = <usize>load<u32>(special);
    while (j < stride) {
      pairGroup<T>(
        place + j,
        stride,
        constants + j,
        radii + j,
        settings,
        scratch,
        special,
        true,
        nonbonded,
        born,
        salt,
      );
      special += SPECIAL;
      const next = min(<usize>load<u32>(special), stride);
      for (j += LANES; j < next; j += LANES) {
        pairGroup<T>(
          place + j,
          stride,
          constants + j,
          radii + j,
          settings,
          scratch,
          special,
          false,
          nonbonded,
          born,
          salt,
        );
      }
    }
    end<T>(crowd, own);
    accumulate<T>(radii + 3 * stride + own, v128.load(scratch, 176));
    sum += sumOfLanes<T>(v128.load(scratch, 192));
  }
  return sum;
}

/** Effective radii, one atom a vector, of the integrals; returns self and surface energies. */
function effectiveRadii<T>(crowd: usize): f64 {
  const atoms = word(crowd, Crowd.atoms);
  const stride = word(crowd, Crowd.stride);
  const rowOf = word(crowd, Crowd.radii);
  const settings = word(crowd, Crowd.settings);
  const rows = word(crowd, Crowd.scratch) + 256;
  for (let i: usize = 0; i < atoms; i++)
    v128.store(rows + 64 * i, spread<T>(rowOf + i * sizeof<T>()));
  const rescaled = load<u32>(settings, 3 * sizeof<T>()) !== 0;
  const energy = radii<T>(atoms, word(crowd, Crowd.perAtom), settings, rows, rescaled);
  for (let i: usize = 0; i < atoms; i++) {
    const own = rowOf + i * sizeof<T>();
    store<T>(own, load<T>(rows + 64 * i));
    store<T>(own + stride, load<T>(rows + 64 * i, 16));
    store<T>(own + 2 * stride, load<T>(rows + 64 * i, 32));
    store<T>(own + 3 * stride, load<T>(rows + 64 * i, 48));
  }
  return sizeof<T>() === 8 ? f64x2.extract_lane(energy, 0) : <f64>f32x4.extract_lane(energy, 0);
}

/** Adds what positions change by the radii. */
function chainRule<T>(crowd: usize): void {
  const atoms = word(crowd, Crowd.atoms);
  const stride = word(crowd, Crowd.stride);
  const place = word(crowd, Crowd.place);
  const pulls = word(crowd, Crowd.radii) + 3 * stride;
  const scratch = word(crowd, Crowd.scratch);
  let slope = word(crowd, Crowd.slopes);
  const perIntegral = word(crowd, Crowd.radii);
  for (let j: usize = 0; j < stride; j += LANES) {
    v128.store(pulls + j, mul<T>(v128.load(pulls + j), v128.load(perIntegral + j)));
  }
  for (let i: usize = 0; i < atoms; i++) {
    const own = i * sizeof<T>();
    begin<T>(crowd, own);
    const pull = spread<T>(pulls + own);
    const special = <usize>load<u32>(word(crowd, Crowd.special) + 4 * i);
    for (let j = <usize>load<u32>(special); j < stride; j += LANES) {
      const at = place + j;
      const s = v128.neg<T>(
        fma<T>(pull, v128.load(slope), mul<T>(v128.load(pulls + j), v128.load(slope, 16))),
      );
      slope += 2 * LANES;
      const sx = mul<T>(s, sub<T>(v128.load(scratch), v128.load(at)));
      const sy = mul<T>(s, sub<T>(v128.load(scratch, 16), v128.load(at + stride)));
      const sz = mul<T>(s, sub<T>(v128.load(scratch, 32), v128.load(at + 2 * stride)));
      pushGroup<T>(at + 3 * stride, stride, scratch, sx, sy, sz);
    }
    end<T>(crowd, own);
  }
}

/** U of the pairs of the chain in lane `lane` of the block `x`; adds its gradient to that lane of `g`. */
export function evaluateCrowd<T>(crowd: usize, x: usize, g: usize, lane: usize): f64 {
  const atoms = word(crowd, Crowd.atoms);
  const stride = word(crowd, Crowd.stride);
  const place = word(crowd, Crowd.place);
  const slopes = place + 3 * stride;
  x += lane * 8;
  g += lane * 8;
  // Floats are differences from the first atom, so that none of their few digits is spent on the place.
  for (let k: usize = 0; k < 3; k++) {
    const origin = sizeof<T>() === 8 ? 0.0 : load<f64>(x + 16 * k);
    const coordinates = place + k * stride;
    for (let i: usize = 0; i < atoms; i++) {
      store<T>(coordinates + i * sizeof<T>(), <T>(load<f64>(x + 48 * i + 16 * k) - origin));
    }
  }
  memory.fill(slopes, 0, 3 * stride);

  const nonbonded = word(crowd, Crowd.nonbonded) !== 0;
  let energy: f64 = 0;
  if (word(crowd, Crowd.perAtom) === 0) {
    energy = pairEnergies<T>(crowd, true, false, false);
  } else {
    integrate<T>(crowd);
    energy = effectiveRadii<T>(crowd);
    const salt = load<u32>(word(crowd, Crowd.settings), 3 * sizeof<T>() + 4) !== 0;
    if (salt) {
      energy += nonbonded
        ? pairEnergies<T>(crowd, true, true, true)
        : pairEnergies<T>(crowd, false, true, true);
    } else {
      energy += nonbonded
        ? pairEnergies<T>(crowd, true, true, false)
        : pairEnergies<T>(crowd, false, true, false);
    }
    chainRule<T>(crowd);
  }
  for (let k: usize = 0; k < 3; k++) {
    const from = slopes + k * stride;
    for (let i: usize = 0; i < atoms; i++) {
      const to = g + 48 * i + 16 * k;
      store<f64>(to, load<f64>(to) + <f64>load<T>(from + i * sizeof<T>()));
    }
  }
  return energy;
}
