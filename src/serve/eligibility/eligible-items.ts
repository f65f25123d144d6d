import type { Attributes } from '../../data/views/attributes/attributes.ts';
import type { ItemMask } from '../../learn/model/item-mask.ts';
import type { Candidates } from '../exploration/candidates.ts';
import type { RowMask } from '../filters/row-mask.ts';
import type { Eligible } from './eligible.ts';
import type { ModelRows } from './model-rows.ts';
import type { RowLookup } from './row-lookup.ts';

export type EligibleParts = {
  readonly attributes: Attributes;
  /** The rows that pass the filter, of those that there were then. */
  readonly rows: RowMask;
  readonly model: ModelRows;
  /** Whether an item passes that has no row. */
  allowsUnknown(id: string): boolean;
  rowsOf(candidates: Candidates): RowLookup;
};

/** What passes a filter, by the rows of the items' attributes. */
export class EligibleItems implements Eligible {
  readonly #parts: EligibleParts;
  #items: ItemMask | undefined;

  constructor(parts: EligibleParts) {
    this.#parts = parts;
  }

  get items(): ItemMask {
    this.#items ??= this.#parts.model.maskOf(this.#parts.rows);
    return this.#items;
  }

  allows(id: string): boolean {
    return this.#allowsRow(this.#parts.attributes.rowOf(id)) ?? this.#parts.allowsUnknown(id);
  }

  candidates(candidates: Candidates): Uint32Array {
    const { items } = candidates;
    const lookup = this.#parts.rowsOf(candidates);
    const bits = new Uint32Array(Math.ceil(items.length / 32));
    for (let index = 0; index < items.length; index++) {
      const allowed = this.#allowsRow(lookup.rowOf(index)) ?? this.#parts.allowsUnknown(items[index].id);
      if (allowed) bits[index >>> 5] |= 1 << (index & 31);
    }
    return bits;
  }

  others(count: number): readonly string[] {
    const { attributes, model, rows } = this.#parts;
    return model.otherRows(rows, count).map((row) => attributes.id(row));
  }

  /** Undefined where there is no row, or was none when the filter was evaluated. */
  #allowsRow(row: number): boolean | undefined {
    const { rows } = this.#parts;
    return row >= 0 && row < rows.size ? rows.has(row) : undefined;
  }
}
