import { GrowingArray, sharedDoubles, sharedFloats, sharedInts, sharedLongs, sharedWords } from '../growing-array.ts';
import type { NumberRows } from './columns.ts';
import { shortestDecimal } from './shortest-decimal.ts';

export type NumberType = 'int' | 'long' | 'float' | 'double';

/**
 * A column of numbers that changes. Integers of 64 bits are held in 32 for as long as all of them fit, which halves
 * their memory and makes comparisons faster: times in seconds do.
 */
export class NumberColumn {
  readonly kind = 'number';
  readonly type: NumberType;
  #numbers: GrowingArray<Int32Array> | GrowingArray<Float32Array> | GrowingArray<Float64Array>;
  /** In place of `#numbers`, once an integer has come that does not fit into 32 bits. */
  #longs: GrowingArray<BigInt64Array> | undefined;
  readonly #present = new GrowingArray(sharedWords);
  #rows: NumberRows | undefined;

  constructor(type: NumberType) {
    this.type = type;
    if (type === 'float') this.#numbers = new GrowingArray(sharedFloats);
    else this.#numbers = type === 'double' ? new GrowingArray(sharedDoubles) : new GrowingArray(sharedInts);
  }

  /** Memory it holds, in bytes. */
  get bytes(): number {
    return (this.#longs ?? this.#numbers).bytes + this.#present.bytes;
  }

  /** The first `count` rows. */
  rows(count: number): NumberRows {
    if (this.#rows?.values.length !== count) {
      const values = (this.#longs ?? this.#numbers).first(count);
      this.#rows = { kind: 'number', values, present: this.#present.first(Math.ceil(count / 32)) };
    }
    return this.#rows;
  }

  textAt(row: number): string | undefined {
    if (!this.#isPresent(row)) return undefined;
    const value = (this.#longs ?? this.#numbers).values[row];
    return this.type === 'float' ? shortestDecimal(Number(value)) : String(value);
  }

  /** @param text a number of the column's type; empty is no value. @returns whether that is a change */
  setText(row: number, text: string): boolean {
    if (text === '') return this.clear(row);
    return this.set(row, this.type === 'long' ? BigInt(text) : Number(text));
  }

  set(row: number, value: number | bigint): boolean {
    if (typeof value === 'bigint' && !this.#longs && BigInt.asIntN(32, value) !== value) this.#widen();
    const isChanged = this.#longs
      ? this.#setLong(this.#longs, row, BigInt(value))
      : this.#setNumber(row, Number(value));
    return this.#mark(row) || isChanged;
  }

  /** Removes the value of a row. */
  clear(row: number): boolean {
    if (!this.#isPresent(row)) return false;
    this.#present.values[row >>> 5] &= ~(1 << (row & 31));
    return true;
  }

  #setNumber(row: number, value: number): boolean {
    this.#numbers.reserve(row + 1);
    const { values } = this.#numbers;
    const before = values[row];
    values[row] = value;
    return values[row] !== before;
  }

  #setLong(longs: GrowingArray<BigInt64Array>, row: number, value: bigint): boolean {
    longs.reserve(row + 1);
    const { values } = longs;
    const before = values[row];
    values[row] = value;
    return value !== before;
  }

  /** @returns whether the row had no value before */
  #mark(row: number): boolean {
    this.#present.reserve((row >>> 5) + 1);
    const words = this.#present.values;
    const before = words[row >>> 5];
    words[row >>> 5] |= 1 << (row & 31);
    return words[row >>> 5] !== before;
  }

  #isPresent(row: number): boolean {
    const words = this.#present.values;
    return row >>> 5 < words.length && ((words[row >>> 5] >>> (row & 31)) & 1) === 1;
  }

  #widen(): void {
    const narrow = this.#numbers.values;
    this.#longs = new GrowingArray(sharedLongs);
    this.#longs.reserve(narrow.length);
    // By halves, the lower one first as on all processors that Node runs on: a bigint for each would take long.
    const halves = new Int32Array(this.#longs.values.buffer, 0, 2 * narrow.length);
    for (let row = 0; row < narrow.length; row++) {
      halves[2 * row] = narrow[row];
      halves[2 * row + 1] = narrow[row] < 0 ? -1 : 0;
    }
    this.#numbers = new GrowingArray(sharedInts);
    this.#rows = undefined;
  }
}
