/** Bits of a word. */
export const wordBits = 32;

export const hasBit = (words: Uint32Array, position: number): boolean =>
  ((words[position >>> 5] >>> (position & 31)) & 1) === 1;

/** How many bits are set; counting ends beyond `enough`. */
export function countBits(words: Uint32Array, enough = Number.POSITIVE_INFINITY): number {
  let count = 0;
  for (let n = 0; n < words.length && count <= enough; n++) {
    let bits = words[n];
    if (bits === 0) continue;
    // Sums of pairs, of fours, of bytes, and of all of them.
    bits -= (bits >>> 1) & 0x55555555;
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
    count += Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}

/** The positions of the bits that are set, ascending. */
export function positionsOfBits(words: Uint32Array): Uint32Array {
  const positions = new Uint32Array(countBits(words));
  let found = 0;
  for (let n = 0; n < words.length; n++) {
    for (let bits = words[n]; bits !== 0; bits &= bits - 1) {
      positions[found++] = wordBits * n + 31 - Math.clz32(bits & -bits);
    }
  }
  return positions;
}
