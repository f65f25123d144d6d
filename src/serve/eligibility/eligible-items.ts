import type { Attributes } from '../../data/views/attributes/attributes.ts';
import { hasBit, wordBits } from '../../learn/kernels/bits.ts';
import { type ItemMask, isEligible } from '../../learn/model/item-mask.ts';
import type { Vocabulary } from '../../learn/model/vocabulary.ts';
import type { Candidate, Candidates } from '../exploration/candidates.ts';
import type { Eligible } from './eligible.ts';
import type { ModelRows } from './model-rows.ts';
import type { RowLookup } from './row-lookup.ts';

export type EligibleParts = {
  /** Of the model's items, those that pass the filter. */
  readonly items: ItemMask;
  readonly vocabulary: Vocabulary;
  readonly model: ModelRows;
  readonly attributes: Attributes;
  /** Of the rows that there are, those that pass. Asked once, and only where items are not the model's. */
  rows(): ItemMask;
  /** Whether an item passes that has no row. */
  allowsUnknown(id: string): boolean;
  rowsOf(candidates: Candidates): RowLookup;
  /** Called once nothing of it is read any more. */
  done(): void;
};

/** What passes a filter, by the rows of the items' attributes. */
export class EligibleItems implements Eligible, Disposable {
  readonly #parts: EligibleParts;
  #rows: ItemMask | undefined;
  #isDone = false;

  constructor(parts: EligibleParts) {
    this.#parts = parts;
  }

  get items(): ItemMask {
    return this.#parts.items;
  }

  allows(id: string): boolean {
    const { vocabulary, attributes, items } = this.#parts;
    const item = vocabulary.indexOf(id);
    return item >= 0 ? isEligible(items, item) : this.#allowsOther(id, attributes.rowOf(id));
  }

  candidates(candidates: Candidates): Uint32Array {
    const { items } = candidates;
    const rows = this.#parts.rowsOf(candidates).rows(items.length);
    const { size, words } = this.#allRows();
    const bits = new Uint32Array(Math.ceil(items.length / 32));
    for (let first = 0; first < items.length; first += wordBits) {
      const end = Math.min(first + wordBits, items.length);
      let word = 0;
      for (let index = first; index < end; index++) {
        const row = rows[index] - 1;
        const passes = row >= 0 && row < size ? hasBit(words, row) : this.#allowsCandidate(items[index], row);
        word |= Number(passes) << (index & 31);
      }
      bits[first >>> 5] = word;
    }
    return bits;
  }

  /** A candidate without a row, or with one that came after the filter was evaluated. */
  #allowsCandidate({ id, metadata }: Candidate, row: number): boolean {
    // An import has brought it, and the attributes have not been read again yet: nobody knows whether it passes.
    if (row < 0 && metadata !== undefined && metadata.size > 0) return false;
    return this.#parts.allowsUnknown(id);
  }

  others(count: number): readonly string[] {
    const { attributes, model } = this.#parts;
    return model.otherRows(this.#allRows(), count).map((row) => attributes.id(row));
  }

  [Symbol.dispose](): void {
    if (!this.#isDone) this.#parts.done();
    this.#isDone = true;
  }

  #allowsOther(id: string, row: number): boolean {
    if (row < 0) return this.#parts.allowsUnknown(id);
    const rows = this.#allRows();
    // A row that came after the filter was evaluated counts as none.
    return row < rows.size ? isEligible(rows, row) : this.#parts.allowsUnknown(id);
  }

  #allRows(): ItemMask {
    this.#rows ??= this.#parts.rows();
    return this.#rows;
  }
}
