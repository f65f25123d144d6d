/** A kind of typed array. */
export type NumberArray = Uint16Array | Uint32Array | Float32Array | Float64Array;

const pageBits = 16;
const pageMask = 2 ** pageBits - 1;

/** A typed array that grows by a page, so that nothing of what it holds is ever moved. What was never set is 0. */
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

  get(place: number): number {
    return this.#pages[place >>> pageBits]?.[place & pageMask] ?? 0;
  }

  set(place: number, value: number): void {
    const number = place >>> pageBits;
    while (this.#pages.length <= number) this.#pages.push(this.#newPage(2 ** pageBits));
    const page = this.#pages[number];
    if (page) page[place & pageMask] = value;
  }
}

export const bytes16 = (length: number) => new Uint16Array(length);
export const bytes32 = (length: number) => new Uint32Array(length);
export const floats32 = (length: number) => new Float32Array(length);
export const floats64 = (length: number) => new Float64Array(length);
