/** How rows of `width` numbers, and queries of them, become integers. */
export type Coding = {
  /** Bytes of a row's codes of 8 bits, a multiple of 16. */
  readonly rowBytes: number;
  /** Greatest 16-bit code of a query: no sum of products leaves 32 bits. */
  readonly greatest: number;
  /**
   * What a product may be wrong by besides the rounding of the row, relative to the lengths of row and query: half a
   * step of each of the query's codes, and the rounding of the exact product, which it is compared with, and of the
   * approximate one.
   */
  readonly elsewhere: number;
};

export function codingOf(width: number): Coding {
  const rowBytes = Math.ceil(width / 16) * 16;
  const greatest = Math.min(32_767, Math.floor((2 ** 31 - 1) / (127 * rowBytes)));
  return { rowBytes, greatest, elsewhere: Math.sqrt(width) / (2 * greatest) + (width + 16) * 2 ** -23 };
}

/** A query as 16-bit integers times a scale, and its length. */
export function codesOfQuery(query: Float32Array, greatest: number) {
  const scale = query.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / greatest || 1;
  return {
    integers: Int16Array.from(query, (value) => Math.round(value / scale)),
    scale,
    norm: Math.sqrt(query.reduce((sum, value) => sum + value ** 2, 0)),
  };
}
