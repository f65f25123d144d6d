import { GrowingArray, sharedWords } from '../growing-array.ts';
import { GrowingIds } from '../live/growing-ids.ts';
import { type CellDictionary, cellValues } from './columns.ts';

/**
 * A dictionary that grows by the cells that it is asked for: flat UTF-8, with no object per cell, since a column of
 * titles has as many cells as rows.
 */
export class FlatCells implements CellDictionary {
  readonly #cells = new GrowingIds();
  readonly #holders: Holders | undefined;

  constructor(categorical: boolean) {
    this.#holders = categorical ? new Holders() : undefined;
  }

  get size(): number {
    return this.#cells.size + 1;
  }

  /** Memory it holds, in bytes. */
  get bytes(): number {
    return this.#cells.bytes + (this.#holders?.bytes ?? 0);
  }

  /** Makes room for so many cells at once. */
  reserve(count: number): void {
    this.#cells.reserve(count);
  }

  /** The code of a cell, a new one if it is new. */
  code(cell: string): number {
    return this.#indexed(this.#cells.add(cell));
  }

  /** The same for a cell whose UTF-8 stands in `bytes`. */
  codeOfUtf8(bytes: Uint8Array, start: number, end: number): number {
    return this.#indexed(this.#cells.addUtf8(bytes, start, end));
  }

  /** @throws RangeError for a code that is none */
  cell(code: number): string {
    return this.#cells.id(code - 1);
  }

  codesOf(value: string): readonly number[] {
    if (this.#holders) return this.#holders.of(value);
    const number = this.#cells.find(value);
    return number < 0 ? [] : [number + 1];
  }

  valuesOf(code: number): readonly string[] {
    return cellValues(this.cell(code), this.#holders !== undefined);
  }

  /** All values, each as a function that reads it, with the codes of the cells that hold it. */
  *values(): Iterable<HeldValue> {
    if (this.#holders) yield* this.#holders.all();
    else {
      for (let code = 1; code < this.size; code++) yield { value: () => this.cell(code), codes: () => [code] };
    }
  }

  #indexed(number: number): number {
    if (this.#holders?.size === number) this.#holders.add(this.#cells.utf8(number));
    return number + 1;
  }
}

type HeldValue = { value(): string; codes(): Iterable<number> };

const separator = '|'.charCodeAt(0);

/** Which cells hold a value: for each value a chain of codes, the newest first. */
class Holders {
  readonly #values = new GrowingIds();
  /** By value: its chain's first entry + 1. */
  readonly #heads = new GrowingArray(sharedWords);
  /** By entry: a code, and the next entry + 1; 0 ends the chain. */
  readonly #entries = new GrowingArray(sharedWords);
  #count = 0;
  #size = 0;

  /** How many cells there are. */
  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#values.bytes + this.#heads.bytes + this.#entries.bytes;
  }

  /** Adds the next cell. */
  add(cell: Uint8Array): void {
    const code = ++this.#size;
    for (let start = 0; start <= cell.length; ) {
      const found = cell.indexOf(separator, start);
      const end = found < 0 ? cell.length : found;
      this.#enter(this.#values.addUtf8(cell, start, end), code);
      start = end + 1;
    }
  }

  of(value: string): readonly number[] {
    const number = this.#values.find(value);
    return number < 0 ? [] : this.#codesOf(number);
  }

  *all(): Iterable<HeldValue> {
    for (let value = 0; value < this.#values.size; value++) {
      yield { value: () => this.#values.id(value), codes: () => this.#codesOf(value) };
    }
  }

  #codesOf(value: number): readonly number[] {
    const codes: number[] = [];
    const entries = this.#entries.values;
    for (let at = this.#heads.values[value]; at > 0; at = entries[2 * at - 1]) codes.push(entries[2 * at - 2]);
    return codes;
  }

  #enter(value: number, code: number): void {
    this.#heads.reserve(value + 1);
    const next = this.#heads.values[value];
    // A cell may hold a value twice.
    if (next > 0 && this.#entries.values[2 * next - 2] === code) return;
    const entry = ++this.#count;
    this.#entries.reserve(2 * entry);
    this.#entries.values[2 * entry - 2] = code;
    this.#entries.values[2 * entry - 1] = next;
    this.#heads.values[value] = entry;
  }
}
