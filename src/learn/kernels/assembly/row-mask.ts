// A mask has a bit a row, the lowest of a byte first; rows whose bit is 0 are left out.

/** What is added to the starts of four rows, by their bits. */
const additions = memory.data<f32>([
  -Infinity, -Infinity, -Infinity, -Infinity, 0, -Infinity, -Infinity, -Infinity,
  -Infinity, 0, -Infinity, -Infinity, 0, 0, -Infinity, -Infinity,
  -Infinity, -Infinity, 0, -Infinity, 0, -Infinity, 0, -Infinity,
  -Infinity, 0, 0, -Infinity, 0, 0, 0, -Infinity,
  -Infinity, -Infinity, -Infinity, 0, 0, -Infinity, -Infinity, 0,
  -Infinity, 0, -Infinity, 0, 0, 0, -Infinity, 0,
  -Infinity, -Infinity, 0, 0, 0, -Infinity, 0, 0,
  -Infinity, 0, 0, 0, 0, 0, 0, 0,
], 16);

/**
 * The starts of four rows of a block, `at` bytes from its own; −Infinity where its mask, if it has one, leaves a row
 * out.
 */
// @ts-ignore: decorator
@inline
export function startsOf(start: usize, at: usize, mask: usize): v128 {
  const begin = v128.load(start + at);
  if (!mask) return begin;
  const bits: usize = (<usize>load<u8>(mask + (at >> 5)) << 4) >> ((at >> 2) & 4);
  return f32x4.add(begin, v128.load(additions + (bits & 0xf0)));
}

/** Whether a mask leaves out all of its first `count` rows, a multiple of 8. */
export function hasNone(mask: usize, count: usize): bool {
  if (!mask) return false;
  for (let at = mask, end = mask + (count >> 3); at < end; at++) if (load<u8>(at)) return false;
  return true;
}
