// A sketch is a string of 256 bits. Its distance from another one is the number of bits in which they differ.

/** Bytes of a sketch. */
const bytes: usize = 32;
/** The distance of a row that is left out. */
const leftOut: u16 = 0xffff;

/**
 * The distances of `count` sketches from a query go to `distances` (16-bit numbers), and how many rows have each of
 * them to `counts` (257 32-bit numbers, all 0 before). `mask` is the address of a bit a row, the lowest of a byte
 * first, whose 0 leaves a row out; or 0.
 */
export function sketchDistances(
  sketches: usize, count: usize, query: usize, mask: usize, distances: usize, counts: usize,
): void {
  const low = v128.load(query);
  const high = v128.load(query, 16);
  let row = sketches;
  for (let n: usize = 0; n < count; n++, row += bytes) {
    let distance: u16 = leftOut;
    if (!mask || (load<u8>(mask + (n >> 3)) >> (<u8>n & 7)) & 1) {
      const different = i8x16.add(
        i8x16.popcnt(v128.xor(v128.load(row), low)),
        i8x16.popcnt(v128.xor(v128.load(row, 16), high)),
      );
      distance = sumOf(different);
      const counted = counts + (<usize>distance << 2);
      store<u32>(counted, load<u32>(counted) + 1);
    }
    store<u16>(distances + (n << 1), distance);
  }
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

// @ts-ignore: decorator
@inline
function sumOf(numbers: v128): u16 {
  const sums = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(numbers));
  return <u16>(
    i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3)
  );
}
