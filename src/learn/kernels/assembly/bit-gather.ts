/** Bit `n` of eight: that of the source at the position of number `n`. */
// @ts-ignore: decorator
@inline
function bitAt(positions: usize, n: u32, source: usize): u32 {
  const position: u32 = load<u32>(positions + (n << 2));
  return ((<u32>load<u8>(source + <usize>(position >> 3)) >> (position & 7)) & 1) << n;
}

/** A bit for each of `count` positions (32-bit numbers, as many as a multiple of 8): that of the source there. */
export function gatherBits(positions: usize, count: usize, source: usize, bits: usize): void {
  for (let end = positions + (count << 2); positions < end; positions += 32, bits += 1) {
    const found =
      bitAt(positions, 0, source) |
      bitAt(positions, 1, source) |
      bitAt(positions, 2, source) |
      bitAt(positions, 3, source) |
      bitAt(positions, 4, source) |
      bitAt(positions, 5, source) |
      bitAt(positions, 6, source) |
      bitAt(positions, 7, source);
    store<u8>(bits, <u8>found);
  }
}
