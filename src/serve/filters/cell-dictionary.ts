import { type CellDictionary, cellValues } from '../../data/views/attributes/columns.ts';

/** A dictionary that grows by the cells that it is asked for. */
export class GrowingDictionary implements CellDictionary {
  readonly #categorical: boolean;
  readonly #codes = new Map<string, number>();
  /** By value. */
  readonly #holders = new Map<string, number[]>();
  /** By code; no cell has 0. */
  readonly #values: (readonly string[])[] = [[]];

  constructor(categorical: boolean) {
    this.#categorical = categorical;
  }

  get size(): number {
    return this.#values.length;
  }

  /** The code of a cell, a new one if it is new. */
  code(cell: string): number {
    const known = this.#codes.get(cell);
    if (known !== undefined) return known;
    const code = this.#values.length;
    const values = cellValues(cell, this.#categorical);
    this.#codes.set(cell, code);
    this.#values.push(values);
    for (const value of new Set(values)) {
      const holders = this.#holders.get(value);
      if (holders) holders.push(code);
      else this.#holders.set(value, [code]);
    }
    return code;
  }

  codesOf(value: string): readonly number[] {
    return this.#holders.get(value) ?? [];
  }

  valuesOf(code: number): readonly string[] {
    if (code < 1 || code >= this.size) throw new RangeError(`There is no cell ${code} among ${this.size}.`);
    return this.#values[code];
  }
}
