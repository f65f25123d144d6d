import { setImmediate as letOthersRun } from 'node:timers/promises';
import { GrowingArray, sharedWords } from '../growing-array.ts';
import type { FlatCells } from './flat-cells.ts';

/** A value has a mask if at least one of so many rows has it … */
const share = 64;
/** … and it is among so many that most rows have: together these masks take 8 bytes a row. */
const mostMasks = 64;
/** Rows, or cells that hold a value, that are looked at without a pause: a few milliseconds. */
const rowsAtOnce = 2 ** 18;
const cellsAtOnce = 2 ** 14;

type Mask = { readonly bits: GrowingArray<Uint32Array>; readonly value: string };

/** The rows that have a value, a bit each, for the values that many rows have. Filters read them faster than codes. */
export class ValueMasks {
  readonly #cells: FlatCells;
  readonly #masks: ReadonlyMap<string, Mask>;
  #rows: ReadonlyMap<string, Uint32Array> = new Map();
  #count = -1;

  /** @param codes by row, which stay as they are until this has resolved */
  static async of(cells: FlatCells, codes: Uint8Array | Uint16Array | Uint32Array): Promise<ValueMasks> {
    const masks: Mask[] = [];
    for (const value of await frequentValues(cells, codes)) {
      const bits = new GrowingArray(sharedWords);
      bits.reserve(Math.ceil(codes.length / 32));
      const holders = new Uint8Array(cells.size);
      for (const code of cells.codesOf(value)) holders[code] = 1;
      for (let from = 0; from < codes.length; from += rowsAtOnce) {
        const end = Math.min(from + rowsAtOnce, codes.length);
        for (let row = from; row < end; row++) bits.values[row >>> 5] |= holders[codes[row]] << (row & 31);
        await letOthersRun();
      }
      masks.push({ bits, value });
    }
    return new ValueMasks(cells, masks);
  }

  private constructor(cells: FlatCells, masks: readonly Mask[]) {
    this.#cells = cells;
    this.#masks = new Map(masks.map((mask) => [mask.value, mask]));
  }

  /** Memory it holds, in bytes. */
  get bytes(): number {
    return [...this.#masks.values()].reduce((sum, { bits }) => sum + bits.bytes, 0);
  }

  /** The first `count` rows, by value. */
  rows(count: number): ReadonlyMap<string, Uint32Array> {
    if (this.#count !== count) {
      const words = Math.ceil(count / 32);
      this.#rows = new Map(Array.from(this.#masks, ([value, { bits }]) => [value, bits.first(words)]));
      this.#count = count;
    }
    return this.#rows;
  }

  /** Notes that a row has another cell; 0 is none. */
  change(row: number, before: number, after: number): void {
    const bit = 1 << (row & 31);
    if (before > 0) for (const bits of this.#of(before, row)) bits[row >>> 5] &= ~bit;
    if (after > 0) for (const bits of this.#of(after, row)) bits[row >>> 5] |= bit;
  }

  *#of(code: number, row: number): Iterable<Uint32Array> {
    if (this.#masks.size === 0) return;
    for (const value of this.#cells.valuesOf(code)) {
      const mask = this.#masks.get(value);
      if (!mask) continue;
      mask.bits.reserve((row >>> 5) + 1);
      yield mask.bits.values;
    }
  }
}

/** The values that most rows have, as far as many do. */
async function frequentValues(
  cells: FlatCells,
  codes: Uint8Array | Uint16Array | Uint32Array,
): Promise<readonly string[]> {
  const rowsOf = new Uint32Array(cells.size);
  for (let from = 0; from < codes.length; from += rowsAtOnce) {
    const end = Math.min(from + rowsAtOnce, codes.length);
    for (let row = from; row < end; row++) rowsOf[codes[row]]++;
    await letOthersRun();
  }
  const found: { readonly value: string; readonly rows: number }[] = [];
  let looked = 0;
  for (const { value, codes: holders } of cells.values()) {
    let rows = 0;
    for (const code of holders()) {
      rows += rowsOf[code];
      if (++looked % cellsAtOnce === 0) await letOthersRun();
    }
    if (rows > 0 && rows * share >= codes.length) found.push({ value: value(), rows });
  }
  found.sort((one, other) => other.rows - one.rows);
  return found.slice(0, mostMasks).map(({ value }) => value);
}
