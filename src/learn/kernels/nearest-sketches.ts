import { countBits, positionsOfBits } from './bits.ts';
import { maskBytes } from './ranker-memory.ts';
import { sketchBits, sketchBytes } from './sketch.ts';
import { instantiateKernels, type Kernels, kernelModule, MemoryPlan } from './wasm.ts';

/** The distance of a row that is left out. */
const leftOut = 0xffff;
/** Rows by whose distances it is told how far the nearest ones are. */
const sampled = 2 ** 15;

/**
 * Finds the rows whose sketches are nearest to another one, by a scan of all of them. It holds 38 bytes a row. Calls
 * are synchronous; an instance belongs to one thread.
 */
export class NearestSketches {
  readonly #padded: number;
  #count: number;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #at: ReturnType<typeof plan>['addresses'];

  /**
   * @param sketches rows × 32 bytes, of `Sketcher`; they are copied
   * @param room for so many rows in all
   * @throws RangeError beyond 4 GiB
   */
  constructor(sketches: Uint8Array, room = sketches.length / sketchBytes) {
    this.#count = sketches.length / sketchBytes;
    this.#padded = Math.ceil(room / 8) * 8;
    const { addresses, memory } = plan(this.#padded);
    this.#at = addresses;
    this.#memory = memory;
    this.#kernels = instantiateKernels(kernelModule('own'), memory);
    new Uint8Array(memory.buffer, addresses.sketches, sketches.length).set(sketches);
    new Uint16Array(memory.buffer, addresses.distances, this.#padded).fill(leftOut);
  }

  /** Memory that it holds, in bytes. */
  get bytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** Sets the sketch of a row; the row behind the last one is a new one. */
  set(row: number, sketch: Uint8Array): void {
    new Uint8Array(this.#memory.buffer, this.#at.sketches + row * sketchBytes, sketchBytes).set(sketch);
    this.#count = Math.max(this.#count, row + 1);
  }

  /**
   * At least `wanted` rows, as far as there are so many, ascending; more where several are equally near, but no more
   * than twice as many.
   *
   * @param eligible a bit a row (bits.ts): rows whose bit is 0 are left out; none are unless given
   */
  nearest(query: Uint8Array, wanted: number, eligible?: Uint32Array): Uint32Array {
    if (eligible && countBits(eligible, wanted) <= wanted) return positionsOfBits(eligible);
    const { sketches, query: at, mask, distances, found } = this.#at;
    const { buffer } = this.#memory;
    new Uint8Array(buffer, at, sketchBytes).set(query);
    if (eligible) new Uint32Array(buffer, mask, eligible.length).set(eligible);
    const padded = Math.ceil(this.#count / 8) * 8;
    this.#kernels.sketchDistances(sketches, padded, at, eligible ? mask : 0, distances);
    const distance = new Uint16Array(buffer, distances, padded);
    distance.fill(leftOut, this.#count);
    let most = this.#farthestOf(distance, wanted);
    let length = this.#kernels.rowsWithin(distances, padded, most, found);
    while (length < wanted && most < sketchBits) length = this.#kernels.rowsWithin(distances, padded, ++most, found);
    const within = new Uint32Array(buffer, found, length);
    if (length <= 2 * wanted) return within.slice();
    // Of very many that are equally near, such as items without a text, the first do.
    const nearer = within.reduce((count, row) => count + (distance[row] < most ? 1 : 0), 0);
    let room = wanted - nearer;
    return within.filter((row) => distance[row] < most || room-- > 0);
  }

  /** The distance within which so many rows are, told from some of them: rather one too small than one too great. */
  #farthestOf(distance: Uint16Array, wanted: number): number {
    const every = Math.max(1, Math.floor(this.#count / sampled));
    const counts = new Uint32Array(sketchBits + 1);
    for (let row = 0; row < this.#count; row += every) {
      if (distance[row] !== leftOut) counts[distance[row]] = counts[distance[row]] + 1;
    }
    let most = 0;
    for (let sum = counts[0]; sum * every < wanted && most < sketchBits; ) sum += counts[++most];
    return every === 1 ? most : Math.max(0, most - 1);
  }
}

function plan(count: number) {
  const memory = new MemoryPlan();
  const addresses = {
    sketches: memory.take(count * sketchBytes),
    query: memory.take(sketchBytes),
    mask: memory.take(maskBytes(count)),
    distances: memory.take(2 * count),
    found: memory.take(4 * count),
  };
  return { addresses, memory: memory.allocate('own') };
}
