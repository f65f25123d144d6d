/** A typed array over shared memory. */
export type SharedNumbers =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigInt64Array;

/** Memory comes in pages of this size. */
const pageBytes = 4096;
/** Beyond what is needed, so much more is taken at once: one eighth. */
const slack = 8;
/** Address space that is set aside from the beginning. It costs nothing until it is used. */
const leastReserved = 2 ** 20;

/**
 * A typed array that grows in place: address space for four times its length is set aside, and memory is added to it.
 * Only beyond that is its content copied. What was never set is 0.
 */
export class GrowingArray<A extends SharedNumbers> {
  readonly #view: (buffer: SharedArrayBuffer, length: number) => A;
  readonly #width: number;
  #buffer = reserved(pageBytes);
  #values: A;

  /** @param view makes an array of the kind that this is to be */
  constructor(view: (buffer: SharedArrayBuffer, length: number) => A) {
    this.#view = view;
    this.#values = view(this.#buffer, 0);
    this.#width = this.#values.BYTES_PER_ELEMENT;
    this.#values = view(this.#buffer, pageBytes / this.#width);
  }

  /** Memory it holds, in bytes. */
  get bytes(): number {
    return this.#buffer.byteLength;
  }

  /** All there is room for. Another array takes its place when `reserve` finds too little. */
  get values(): A {
    return this.#values;
  }

  /** The first `length` elements. */
  first(length: number): A {
    this.reserve(length);
    return this.#view(this.#buffer, length);
  }

  /** Makes room for so many elements. */
  reserve(length: number): void {
    if (length <= this.#values.length) return;
    const needed = length * this.#width;
    const { maxByteLength } = this.#buffer;
    const ample = Math.ceil((needed + needed / slack) / pageBytes) * pageBytes;
    const bytes = needed <= maxByteLength ? Math.min(ample, maxByteLength) : ample;
    if (bytes <= maxByteLength) this.#buffer.grow(bytes);
    else {
      const before = new Uint8Array(this.#buffer, 0, this.#buffer.byteLength);
      this.#buffer = reserved(bytes);
      new Uint8Array(this.#buffer, 0, before.length).set(before);
    }
    this.#values = this.#view(this.#buffer, bytes / this.#width);
  }
}

const reserved = (bytes: number) => new SharedArrayBuffer(bytes, { maxByteLength: Math.max(4 * bytes, leastReserved) });

export const sharedBytes = (buffer: SharedArrayBuffer, length: number) => new Uint8Array(buffer, 0, length);
export const sharedShorts = (buffer: SharedArrayBuffer, length: number) => new Uint16Array(buffer, 0, length);
export const sharedWords = (buffer: SharedArrayBuffer, length: number) => new Uint32Array(buffer, 0, length);
export const sharedInts = (buffer: SharedArrayBuffer, length: number) => new Int32Array(buffer, 0, length);
export const sharedFloats = (buffer: SharedArrayBuffer, length: number) => new Float32Array(buffer, 0, length);
export const sharedDoubles = (buffer: SharedArrayBuffer, length: number) => new Float64Array(buffer, 0, length);
export const sharedLongs = (buffer: SharedArrayBuffer, length: number) => new BigInt64Array(buffer, 0, length);
