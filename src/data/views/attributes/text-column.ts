import { GrowingArray, sharedBytes, sharedShorts, sharedWords } from '../growing-array.ts';
import type { TextRows } from './columns.ts';
import { FlatCells } from './flat-cells.ts';
import { ValueMasks } from './value-masks.ts';

type Codes = GrowingArray<Uint8Array> | GrowingArray<Uint16Array> | GrowingArray<Uint32Array>;

/** A column of texts that changes: codes in the narrowest array that has room for all of the dictionary. */
export class TextColumn {
  readonly kind = 'text';
  readonly cells: FlatCells;
  #codes: Codes = new GrowingArray(sharedBytes);
  /** Up to here codes fit. */
  #widest = 0xff;
  #masks: ValueMasks | undefined;
  #rows: TextRows | undefined;

  constructor(categorical: boolean) {
    this.cells = new FlatCells(categorical);
  }

  /** Memory it holds, in bytes. */
  get bytes(): number {
    return this.#codes.bytes + (this.#masks?.bytes ?? 0) + this.cells.bytes;
  }

  /** From now on has masks for the values that many of the first `count` rows have. Nothing may change meanwhile. */
  async makeMasks(count: number): Promise<void> {
    this.#masks = await ValueMasks.of(this.cells, this.#codes.first(count));
    this.#rows = undefined;
  }

  /** The first `count` rows. */
  rows(count: number): TextRows {
    if (this.#rows?.codes.length !== count) {
      const masks = this.#masks && { masks: this.#masks.rows(count) };
      this.#rows = { kind: 'text', codes: this.#codes.first(count), cells: this.cells, ...masks };
    }
    return this.#rows;
  }

  textAt(row: number): string | undefined {
    const code = this.#codeAt(row);
    return code === 0 ? undefined : this.cells.cell(code);
  }

  /** @param text empty is no value. @returns whether that is a change */
  setText(row: number, text: string): boolean {
    return this.setCode(row, text === '' ? 0 : this.cells.code(text));
  }

  /** The same with the cell's code, 0 for no value. */
  setCode(row: number, code: number): boolean {
    const before = this.#codeAt(row);
    if (before === code) return false;
    this.#masks?.change(row, before, code);
    if (code > this.#widest) this.#widen(code);
    this.#codes.reserve(row + 1);
    this.#codes.values[row] = code;
    return true;
  }

  #codeAt(row: number): number {
    const { values } = this.#codes;
    return row < values.length ? values[row] : 0;
  }

  #widen(code: number): void {
    const narrow = this.#codes.values;
    const wide = code > 0xffff ? new GrowingArray(sharedWords) : new GrowingArray(sharedShorts);
    wide.reserve(narrow.length);
    wide.values.set(narrow);
    this.#codes = wide;
    this.#widest = code > 0xffff ? 0xffffffff : 0xffff;
    this.#rows = undefined;
  }
}
