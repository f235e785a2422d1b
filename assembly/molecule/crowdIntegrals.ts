import { descreen, descreenFar } from './born';
import { accumulate, Crowd, word } from './crowdTables';
import { add, all, div, LANES, mul, root, spread, square, sub } from './lanes';

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

/** The descreening integrals of all atoms, and the slopes of all pairs. */
export function integrate<T>(crowd: usize): void {
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
