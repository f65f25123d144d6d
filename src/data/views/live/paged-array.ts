/** A kind of typed array. */
export type NumberArray = Uint16Array | Uint32Array | Float32Array | Float64Array;

const pageBits = 16;
const pageMask = 2 ** pageBits - 1;

/** A typed array that grows by a page, so that its content is never moved. What was never set is 0. */
export class PagedArray {
  readonly #newPage: (length: number) => NumberArray;
  readonly #pages: NumberArray[] = [];

  /** @param newPage makes an array of the kind that the pages are to be. */
  constructor(newPage: (length: number) => NumberArray) {
    this.#newPage = newPage;
  }

  /** Memory it holds, in bytes. */
  get bytes(): number {
    return this.#pages.reduce((sum, page) => sum + page.byteLength, 0);
  }

  get(index: number): number {
    return this.#pages[index >>> pageBits]?.[index & pageMask] ?? 0;
  }

  set(index: number, value: number): void {
    const page = index >>> pageBits;
    while (this.#pages.length <= page) this.#pages.push(this.#newPage(2 ** pageBits));
    const values = this.#pages[page];
    if (values) values[index & pageMask] = value;
  }
}

export const bytes16 = (length: number) => new Uint16Array(length);
export const bytes32 = (length: number) => new Uint32Array(length);
export const floats32 = (length: number) => new Float32Array(length);
export const floats64 = (length: number) => new Float64Array(length);
