/** A set of rows as bits, the first row's lowest. Bits beyond the last row are 0. */
export class RowMask {
  /** How many rows there are. */
  readonly count: number;
  readonly words: Uint32Array;

  /** One without rows. */
  constructor(count: number) {
    this.count = count;
    this.words = new Uint32Array(Math.ceil(count / 32));
  }

  /** Adds all rows. */
  fill(): this {
    this.words.fill(0xffffffff);
    if (this.count % 32 !== 0) this.words[this.words.length - 1] = (1 << (this.count % 32)) - 1;
    return this;
  }

  clear(): this {
    this.words.fill(0);
    return this;
  }

  /** Has the rows of the other from now on. */
  copy(other: RowMask): this {
    this.words.set(other.words);
    return this;
  }

  add(row: number): void {
    this.words[row >>> 5] |= 1 << (row & 31);
  }

  remove(row: number): void {
    this.words[row >>> 5] &= ~(1 << (row & 31));
  }

  has(row: number): boolean {
    return row < this.count && ((this.words[row >>> 5] >>> (row & 31)) & 1) === 1;
  }

  /** How many rows it has. */
  get size(): number {
    let size = 0;
    for (const word of this.words) size += bitCount(word);
    return size;
  }

  addAll(other: RowMask): void {
    const { words } = this;
    for (let n = 0; n < words.length; n++) words[n] |= other.words[n];
  }

  removeAll(other: RowMask): void {
    const { words } = this;
    for (let n = 0; n < words.length; n++) words[n] &= ~other.words[n];
  }

  retainAll(other: RowMask): void {
    const { words } = this;
    for (let n = 0; n < words.length; n++) words[n] &= other.words[n];
  }

  /**
   * Keeps those of the rows from `firstRow` on that `bits` has, or with `negated` has not.
   *
   * @param within the rows of `bits` that count at all, a bit each from row 0 on
   */
  retain(bits: Uint32Array, firstRow: number, { negated, within }: RetainOptions): void {
    const { words } = this;
    const first = firstRow >>> 5;
    const end = Math.min(words.length - first, bits.length);
    const flip = negated ? -1 : 0;
    if (within) for (let n = 0; n < end; n++) words[first + n] &= (bits[n] & within[first + n]) ^ flip;
    else for (let n = 0; n < end; n++) words[first + n] &= bits[n] ^ flip;
  }
}

type RetainOptions = { readonly negated: boolean; readonly within?: Uint32Array };

function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
