import { radii, still } from './born';
import { integrate } from './crowdIntegrals';
import { accumulate, Crowd, word } from './crowdTables';
import { add, all, div, fma, LANES, mul, root, spread, square, sub, sumOfLanes } from './lanes';

/** Bytes of a special group: its place, then the masks of its pairs and of its nonbonded pairs. */
const SPECIAL: usize = 48;

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

/**
 * Spreads the numbers of atom i over the lanes, and clears its sums. Keeping all of them in variables was measured
 * to be 5 % slower: they are more than there are registers.
 */
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
