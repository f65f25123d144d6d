import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Attributes } from '../../data/views/attributes/attributes.ts';
import { BitGather, nowhere } from '../../learn/kernels/bit-gather.ts';
import { positionsOfBits, wordBits } from '../../learn/kernels/bits.ts';
import type { ItemMask } from '../../learn/model/item-mask.ts';
import type { Vocabulary } from '../../learn/model/vocabulary.ts';

/** Ids that are looked up between two looks at the clock, and how long that may go on without a pause. */
const idsAtOnce = 256;
const pauseAfterMs = 4;

/** The rows of the items of a model. */
export class ModelRows {
  readonly size: number;
  /** Undefined where item 0 has row 0, item 1 row 1 and so on. */
  readonly #gather: BitGather | undefined;
  private constructor(size: number, gather: BitGather | undefined) {
    this.size = size;
    this.#gather = gather;
  }

  /** Adds rows for items that have none. A million items take a second or so, other work goes on meanwhile. */
  static async of(items: Vocabulary, attributes: Attributes): Promise<ModelRows> {
    const { size } = items;
    const rows = new Uint32Array(size);
    let itemAt = new Uint32Array(attributes.count + size).fill(nowhere);
    let isInOrder = true;
    let pausedAt = performance.now();
    for (let item = 0; item < size; item++) {
      const row = attributes.addRow(items.id(item));
      // Others may add rows in a pause.
      if (row >= itemAt.length) itemAt = longer(itemAt, row);
      rows[item] = row;
      itemAt[row] = item;
      isInOrder &&= row === item;
      if (item % idsAtOnce > 0 || performance.now() - pausedAt < pauseAfterMs) continue;
      await letOthersRun();
      pausedAt = performance.now();
    }
    await letOthersRun();
    const known = itemAt.subarray(0, Math.min(attributes.count, itemAt.length));
    return new ModelRows(size, isInOrder ? undefined : new BitGather(rows, known));
  }

  /** Whether the model's items are the first rows, in their order. */
  get isInOrder(): boolean {
    return this.#gather === undefined;
  }

  /** The model's items that have their row in a mask of rows. Further bits may follow where they are in order. */
  maskOf({ words }: ItemMask): ItemMask {
    return { size: this.size, words: this.#gather?.gather(words) ?? words };
  }

  /** The model's items that have one of these rows. */
  itemsAt(rows: readonly number[]): number[] {
    const items: number[] = [];
    for (const row of rows) {
      const item = this.itemAt(row);
      if (item >= 0) items.push(item);
    }
    return items;
  }

  /** At most `count` rows of a mask that are not the model's, the last first. */
  otherRows({ words }: ItemMask, count: number): number[] {
    const found: number[] = [];
    for (let n = words.length - 1; n >= 0 && found.length < count; n--) {
      if (words[n] === 0) continue;
      const rows = Array.from(positionsOfBits(words.subarray(n, n + 1)), (bit) => wordBits * n + bit);
      for (const row of rows.reverse()) if (this.itemAt(row) < 0) found.push(row);
    }
    return found.slice(0, count);
  }

  /** The model's item that has a row; −1 where none has. */
  itemAt(row: number): number {
    if (this.#gather) return this.#gather.numberAt(row);
    return row < this.size ? row : -1;
  }
}

function longer(itemAt: Uint32Array, row: number): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(2 * row).fill(nowhere);
  grown.set(itemAt);
  return grown;
}
