/** What a text is compared by: its terms or, under a sentence encoder, its vector. The other one is empty. */
export type TextProfile = {
  /** Ascending: the number of a term in the low 24 bits, its weight above them, 1 to 255. */
  readonly terms: Uint32Array;
  /** The vector as 8-bit integers: only their direction counts. */
  readonly codes: Int8Array;
};
