// A sketch is a string of 256 bits. Its distance from another one is the number of bits in which they differ.

/** Bytes of a sketch. */
const bytes: usize = 32;
/** The greatest distance. */
const farthest: usize = 256;

/**
 * Finds the `wanted` (at least 1) of `count` sketches that are nearest to a query, ties by lower row. Their rows go to
 * `rows`, ascending. Returns how many there are.
 *
 * `mask` is the address of a bit a row, the lowest of a byte first; a row whose bit is 0 is left out. It may be 0, for
 * all rows.
 *
 * `rows` and `distances` have room for `count` numbers of 32 and 16 bits, `counts` for 257 of 32 bits.
 */
export function nearestSketches(
  sketches: usize,
  count: usize,
  query: usize,
  mask: usize,
  wanted: usize,
  rows: usize,
  distances: usize,
  counts: usize,
): usize {
  memory.fill(counts, 0, 4 * (farthest + 1));
  const first = load<u64>(query);
  const second = load<u64>(query, 8);
  const third = load<u64>(query, 16);
  const fourth = load<u64>(query, 24);
  let found: usize = 0;
  // Of the rows found, `near` are at most `most` away, and fewer than `wanted` are nearer than `most`.
  let near: usize = 0;
  let most = farthest;
  // Rows that are so far away, or farther, are no longer wanted.
  let bound = farthest + 1;
  let sketch = sketches;
  for (let row: usize = 0; row < count; row++) {
    const distance = <usize>(
      popcnt(load<u64>(sketch) ^ first) +
      popcnt(load<u64>(sketch, 8) ^ second) +
      popcnt(load<u64>(sketch, 16) ^ third) +
      popcnt(load<u64>(sketch, 24) ^ fourth)
    );
    sketch += bytes;
    if (distance >= bound) continue;
    if (mask && !(load<u8>(mask + (row >> 3)) & (1 << (<u8>row & 7)))) continue;
    store<u32>(rows + (found << 2), <u32>row);
    store<u16>(distances + (found << 1), <u16>distance);
    found++;
    const slot = counts + (distance << 2);
    store<u32>(slot, load<u32>(slot) + 1);
    near++;
    if (near < wanted) continue;
    while (near - load<u32>(counts + (most << 2)) >= wanted) near -= load<u32>(counts + (most-- << 2));
    bound = most;
  }
  const room = wanted - (near - load<u32>(counts + (most << 2)));
  return keepNearest(found, most, room, rows, distances);
}

/** Keeps the rows nearer than `most`, and the first `room` of those that are just so far away. Returns how many. */
function keepNearest(found: usize, most: usize, room: usize, rows: usize, distances: usize): usize {
  let kept: usize = 0;
  for (let n: usize = 0; n < found; n++) {
    const distance = <usize>load<u16>(distances + (n << 1));
    if (distance > most) continue;
    if (distance == most) {
      if (room == 0) continue;
      room--;
    }
    store<u32>(rows + (kept << 2), load<u32>(rows + (n << 2)));
    kept++;
  }
  return kept;
}
