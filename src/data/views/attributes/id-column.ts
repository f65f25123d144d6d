import { GrowingArray, sharedWords } from '../growing-array.ts';
import type { GrowingIds } from '../live/growing-ids.ts';
import type { CellDictionary, TextRows } from './columns.ts';

/** The ids of the rows as a column of texts. They are their own dictionary: the code of row n is n + 1. */
export class IdColumn implements CellDictionary {
  readonly kind = 'text';
  readonly #ids: GrowingIds;
  /** Made when it is first asked for: few filters name ids. */
  readonly #codes = new GrowingArray(sharedWords);
  #rows: TextRows | undefined;

  constructor(ids: GrowingIds) {
    this.#ids = ids;
  }

  /** Memory it holds beside the ids, in bytes. */
  get bytes(): number {
    return this.#codes.bytes;
  }

  rows(): TextRows {
    const count = this.#ids.size;
    const before = this.#rows?.codes.length ?? 0;
    if (!this.#rows || before !== count) {
      this.#codes.reserve(count);
      for (let row = before; row < count; row++) this.#codes.values[row] = row + 1;
      this.#rows = { kind: 'text', codes: this.#codes.first(count), cells: this };
    }
    return this.#rows;
  }

  get size(): number {
    return this.#ids.size + 1;
  }

  codesOf(value: string): readonly number[] {
    const row = this.#ids.find(value);
    return row < 0 ? [] : [row + 1];
  }

  valuesOf(code: number): readonly string[] {
    return [this.#ids.id(code - 1)];
  }
}
