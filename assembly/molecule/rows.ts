/** Two rows of `dim` numbers, into lanes: [coordinate][lane]. */
export function gather(row: usize, dim: usize, out: usize): void {
  for (const end = row + dim * 8; row < end; row += 8) {
    v128.store(out, v128.load64_lane(row + dim * 8, v128.load64_zero(row), 1));
    out += 16;
  }
}

/** Lanes back into rows. */
export function scatter(lanes: usize, dim: usize, row: usize): void {
  for (const end = row + dim * 8; row < end; row += 8) {
    const both = v128.load(lanes);
    v128.store64_lane(row, both, 0);
    v128.store64_lane(row + dim * 8, both, 1);
    lanes += 16;
  }
}

/** Positions of four chains, [coordinate][2 lanes] twice, as floats relative to the first atom of each. */
export function narrow(first: usize, second: usize, dim: usize, out: usize): void {
  const x1 = v128.load(first);
  const y1 = v128.load(first, 16);
  const z1 = v128.load(first, 32);
  const x2 = v128.load(second);
  const y2 = v128.load(second, 16);
  const z2 = v128.load(second, 32);
  for (const end = first + dim * 16; first < end; first += 48) {
    v128.store(out, joined(f64x2.sub(v128.load(first), x1), f64x2.sub(v128.load(second), x2)));
    v128.store(
      out,
      joined(f64x2.sub(v128.load(first, 16), y1), f64x2.sub(v128.load(second, 16), y2)),
      16,
    );
    v128.store(
      out,
      joined(f64x2.sub(v128.load(first, 32), z1), f64x2.sub(v128.load(second, 32), z2)),
      32,
    );
    second += 48;
    out += 48;
  }
}

@inline
function joined(a: v128, b: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 2);
}

/** Floats of four chains, [coordinate][4 lanes], as doubles of two and two. */
export function widen(floats: usize, dim: usize, first: usize, second: usize): void {
  for (const end = floats + dim * 16; floats < end; floats += 16) {
    const four = v128.load(floats);
    v128.store(first, f64x2.promote_low_f32x4(four));
    v128.store(second, f64x2.promote_low_f32x4(v128.shuffle<i64>(four, four, 1, 1)));
    first += 16;
    second += 16;
  }
}
