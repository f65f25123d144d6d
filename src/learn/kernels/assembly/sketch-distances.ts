// A sketch is a string of 256 bits. Its distance from another one is the number of bits in which they differ.

/** Bytes of a sketch. */
const bytes: usize = 32;

/**
 * The distances of `count` sketches (a multiple of 8) from a query go to `distances`, as 16-bit numbers. `mask` is the
 * address of a bit a row, the lowest of a byte first, whose 0 gives a row the distance 65,535; or 0.
 */
export function sketchDistances(sketches: usize, count: usize, query: usize, mask: usize, distances: usize): void {
  const low = v128.load(query);
  const high = v128.load(query, 16);
  const bitOfRow = i16x8(1, 2, 4, 8, 16, 32, 64, 128);
  let row = sketches;
  for (let n: usize = 0; n < count; n += 8) {
    const first = fourDistances(row, low, high);
    const second = fourDistances(row + bytes * 4, low, high);
    row += bytes * 8;
    let eight = i16x8.narrow_i32x4_u(first, second);
    if (mask) {
      const bits = v128.and(i16x8.splat(load<u8>(mask + (n >> 3))), bitOfRow);
      eight = v128.or(eight, i16x8.eq(bits, i16x8.splat(0)));
    }
    v128.store(distances + (n << 1), eight);
  }
}

// @ts-ignore: decorator
@inline
function fourDistances(row: usize, low: v128, high: v128): v128 {
  const sum0 = pairSums(row, low, high);
  const sum1 = pairSums(row + bytes, low, high);
  const sum2 = pairSums(row + bytes * 2, low, high);
  const sum3 = pairSums(row + bytes * 3, low, high);
  const pairs01 = i32x4.add(v128.shuffle<i32>(sum0, sum1, 0, 1, 4, 5), v128.shuffle<i32>(sum0, sum1, 2, 3, 6, 7));
  const pairs23 = i32x4.add(v128.shuffle<i32>(sum2, sum3, 0, 1, 4, 5), v128.shuffle<i32>(sum2, sum3, 2, 3, 6, 7));
  return i32x4.add(v128.shuffle<i32>(pairs01, pairs23, 0, 2, 4, 6), v128.shuffle<i32>(pairs01, pairs23, 1, 3, 5, 7));
}

/** Four numbers whose sum is the distance of a row. */
// @ts-ignore: decorator
@inline
function pairSums(row: usize, low: v128, high: v128): v128 {
  const different = i8x16.add(
    i8x16.popcnt(v128.xor(v128.load(row), low)),
    i8x16.popcnt(v128.xor(v128.load(row, 16), high)),
  );
  return i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(different));
}

/**
 * The numbers of those of `count` rows (a multiple of 8) whose distance is at most `most` go to `found`, ascending.
 * Returns how many there are.
 */
export function rowsWithin(distances: usize, count: usize, most: u32, found: usize): usize {
  const bound = i16x8.splat(<i16>most);
  let to = found;
  for (let n: usize = 0; n < count; n += 8) {
    let near = i16x8.bitmask(i16x8.le_u(v128.load(distances + (n << 1)), bound));
    while (near) {
      store<u32>(to, <u32>n + ctz(near));
      to += 4;
      near &= near - 1;
    }
  }
  return (to - found) >> 2;
}
