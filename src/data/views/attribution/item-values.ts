import type { Layout } from '../../records/layout.ts';
import { decodeLines } from '../../records/layout.ts';
import { GrowingArray, sharedDoubles } from '../growing-array.ts';
import { GrowingIds } from '../live/growing-ids.ts';

/** Numbers of items by column, as the newest record of each item has them: what metrics sum. */
export class ItemValues {
  readonly columns: readonly string[];
  readonly #ids = new GrowingIds();
  /** By column, then by item. */
  readonly #values: readonly GrowingArray<Float64Array>[];

  constructor(columns: readonly string[]) {
    this.columns = columns;
    this.#values = columns.map(() => new GrowingArray(sharedDoubles));
  }

  get bytes(): number {
    return this.#values.reduce((sum, { bytes }) => sum + bytes, this.#ids.bytes);
  }

  /** Takes the numbers of an item, in the order of the columns, in place of those that it had. */
  set(itemId: string, numbers: readonly number[]): void {
    const item = this.#ids.add(itemId);
    for (const [column, values] of this.#values.entries()) {
      values.reserve(item + 1);
      values.values[item] = numbers[column];
    }
  }

  /** 0 for an item that is not known, or has no number there. */
  get(itemId: string, column: number): number {
    const item = this.#ids.find(itemId);
    return item < 0 ? 0 : this.#values[column].values[item];
  }

  /** Takes in lines of the record log of the Items dataset. */
  apply(body: string, layout: Layout): void {
    const idAt = layout.findIndex(({ name }) => name === 'ITEM_ID');
    const at = this.columns.map((column) => layout.findIndex(({ name }) => name === column));
    for (const line of decodeLines(body)) {
      this.set(
        line[idAt],
        at.map((index) => numberOf(index < 0 ? '' : line[index])),
      );
    }
  }
}

/** A cell of a column of numbers; 0 for one that is empty. */
export function numberOf(cell: string): number {
  const number = Number(cell);
  return Number.isFinite(number) ? number : 0;
}
