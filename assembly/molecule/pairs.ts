import { draw, push } from './bonded';
import { add, all, div, fma, mul, root, spread, square, sub } from './lanes';

/**
 * Lennard-Jones and Coulomb of the listed pairs, of the chains of one block: A r⁻¹² − B r⁻⁶ + C qq r⁻¹ with
 * the parameters A, B, C qq of each pair. `list` has, for each atom that has partners, its offset, the
 * number of them and theirs.
 */
export function pairs<T>(groups: usize, list: usize, p: usize, x: usize, g: usize): v128 {
  let sum = all<T>(0);
  const one = all<T>(1);
  const six = all<T>(6);
  for (let group: usize = 0; group < groups; group++) {
    const i = <usize>load<u32>(list);
    const end = list + 8 + 4 * <usize>load<u32>(list, 4);
    list += 8;
    const xi = v128.load(x + i);
    const yi = v128.load(x + i, 16);
    const zi = v128.load(x + i, 32);
    let gx = all<T>(0);
    let gy = gx;
    let gz = gx;
    for (; list < end; list += 4) {
      const j = <usize>load<u32>(list);
      const dx = sub<T>(xi, v128.load(x + j));
      const dy = sub<T>(yi, v128.load(x + j, 16));
      const dz = sub<T>(zi, v128.load(x + j, 32));
      const perSquare = div<T>(one, square<T>(dx, dy, dz));
      const cube = mul<T>(mul<T>(perSquare, perSquare), perSquare);
      const attraction = mul<T>(spread<T>(p + sizeof<T>()), cube);
      const repulsion = mul<T>(mul<T>(spread<T>(p), cube), cube);
      const charges = mul<T>(spread<T>(p + 2 * sizeof<T>()), root<T>(perSquare));
      const both = sub<T>(repulsion, attraction);
      sum = add<T>(sum, add<T>(both, charges));
      // −∂U/∂r over r.
      const s = mul<T>(perSquare, add<T>(mul<T>(six, add<T>(both, repulsion)), charges));
      const sx = mul<T>(s, dx);
      const sy = mul<T>(s, dy);
      const sz = mul<T>(s, dz);
      gx = add<T>(gx, sx);
      gy = add<T>(gy, sy);
      gz = add<T>(gz, sz);
      push<T>(g + j, sx, sy, sz);
      p += 3 * sizeof<T>();
    }
    draw<T>(g + i, gx, gy, gz);
  }
  return sum;
}
