import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Attributes } from '../../data/views/attributes/attributes.ts';
import { BitGather } from '../../learn/kernels/bit-gather.ts';
import { positionsOfBits, wordBits } from '../../learn/kernels/bits.ts';
import type { ItemMask } from '../../learn/model/item-mask.ts';
import type { Vocabulary } from '../../learn/model/vocabulary.ts';
import { RowMask } from '../filters/row-mask.ts';

/** Ids that are looked up between two looks at the clock, and how long that may go on without a pause. */
const idsAtOnce = 256;
const pauseAfterMs = 4;

/** The rows of the items of a model. */
export class ModelRows {
  readonly #size: number;
  /** Undefined where item 0 has row 0, item 1 row 1 and so on. */
  readonly #gather: BitGather | undefined;
  /** The rows that are the model's. */
  readonly #own: RowMask;

  private constructor(rows: Uint32Array, rowCount: number) {
    this.#size = rows.length;
    this.#own = new RowMask(rowCount);
    for (const row of rows) this.#own.add(row);
    this.#gather = rows.every((row, item) => row === item) ? undefined : new BitGather(rows, rowCount);
  }

  /** Adds rows for items that have none. A million items take a second or so, other work goes on meanwhile. */
  static async of(items: Vocabulary, attributes: Attributes): Promise<ModelRows> {
    const rows = new Uint32Array(items.size);
    let pausedAt = performance.now();
    for (let item = 0; item < rows.length; item++) {
      rows[item] = attributes.addRow(items.id(item));
      if (item % idsAtOnce > 0 || performance.now() - pausedAt < pauseAfterMs) continue;
      await letOthersRun();
      pausedAt = performance.now();
    }
    await letOthersRun();
    return new ModelRows(rows, attributes.count);
  }

  /** The model's items that have their row in a mask of rows. It may share the memory of that mask. */
  maskOf(mask: RowMask): ItemMask {
    const size = this.#size;
    if (this.#gather) return { size, words: this.#gather.gather(mask.words) };
    if (mask.size === size) return mask;
    const words = mask.words.slice(0, Math.ceil(size / wordBits));
    const rest = size % wordBits;
    if (rest > 0) words[words.length - 1] &= 2 ** rest - 1;
    return { size, words };
  }

  /** At most `count` rows of a mask that are not the model's, the last first. */
  otherRows({ words }: RowMask, count: number): number[] {
    const found: number[] = [];
    for (let n = words.length - 1; n >= 0 && found.length < count; n--) {
      const others = words[n] & ~(this.#own.words[n] ?? 0);
      if (others === 0) continue;
      for (const bit of positionsOfBits(Uint32Array.of(others)).reverse()) found.push(wordBits * n + bit);
    }
    return found.slice(0, count);
  }
}
