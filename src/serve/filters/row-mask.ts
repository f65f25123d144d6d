import { hasBit, wordBits } from '../../learn/kernels/bits.ts';
import type { ItemMask } from '../../learn/model/item-mask.ts';

/**
 * A set of rows of a dataset, laid out like an item mask, but changed in place: at a million rows, new arrays for each
 * step of a filter would be most of its cost.
 */
export class RowMask implements ItemMask {
  readonly size: number;
  readonly words: Uint32Array;

  /**
   * The empty set, unless words are given.
   *
   * @param size how many rows there are
   * @param memory the words, or whether a message carries a copy of them, or they are in memory that threads share
   */
  constructor(size: number, memory: 'own' | 'shared' | Uint32Array = 'own') {
    this.size = size;
    this.words = typeof memory === 'string' ? wordsFor(size, memory) : memory;
  }

  /** Adds all rows. */
  fill(): this {
    this.words.fill(0xffffffff);
    const rest = this.size % wordBits;
    if (rest > 0) this.words[this.words.length - 1] = 2 ** rest - 1;
    return this;
  }

  clear(): this {
    this.words.fill(0);
    return this;
  }

  /** Has the rows of the other from now on. */
  copy({ words }: ItemMask): this {
    this.words.set(words);
    return this;
  }

  add(row: number): void {
    this.words[row >>> 5] |= 1 << (row & 31);
  }

  remove(row: number): void {
    this.words[row >>> 5] &= ~(1 << (row & 31));
  }

  has(row: number): boolean {
    return hasBit(this.words, row);
  }

  addAll({ words: others }: ItemMask): void {
    const { words } = this;
    for (let n = 0; n < words.length; n++) words[n] |= others[n];
  }

  removeAll({ words: others }: ItemMask): void {
    const { words } = this;
    for (let n = 0; n < words.length; n++) words[n] &= ~others[n];
  }

  retainAll({ words: others }: ItemMask): void {
    const { words } = this;
    let n = 0;
    // Unrolled: as a plain loop it was compiled into its callers, by the compiler that is quick, and took four times
    // as long.
    for (; n + 8 <= words.length; n += 8) {
      words[n] &= others[n];
      words[n + 1] &= others[n + 1];
      words[n + 2] &= others[n + 2];
      words[n + 3] &= others[n + 3];
      words[n + 4] &= others[n + 4];
      words[n + 5] &= others[n + 5];
      words[n + 6] &= others[n + 6];
      words[n + 7] &= others[n + 7];
    }
    for (; n < words.length; n++) words[n] &= others[n];
  }

  /** Keeps the rows that one of the masks has, or with `negated` that none has. */
  retainUnion(masks: readonly Uint32Array[], { negated }: { readonly negated: boolean }): void {
    const { words } = this;
    const flip = negated ? -1 : 0;
    for (let n = 0; n < words.length; n++) {
      let bits = 0;
      for (let m = 0; m < masks.length; m++) bits |= masks[m][n];
      words[n] &= bits ^ flip;
    }
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

function wordsFor(size: number, sharing: 'own' | 'shared'): Uint32Array {
  const bytes = 4 * Math.ceil(size / wordBits);
  return new Uint32Array(sharing === 'shared' ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
}

type RetainOptions = { readonly negated: boolean; readonly within?: Uint32Array };
