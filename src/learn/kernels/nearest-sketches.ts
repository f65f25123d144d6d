import { countBits, positionsOfBits } from './bits.ts';
import { maskBytes } from './ranker-memory.ts';
import { sketchBits, sketchBytes } from './sketch.ts';
import { instantiateKernels, type Kernels, kernelModule, MemoryPlan } from './wasm.ts';

/**
 * Finds the rows whose sketches are nearest to another one, by a scan of all of them. It holds 38 bytes a row. Calls
 * are synchronous; an instance belongs to one thread.
 */
export class NearestSketches {
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
    const { addresses, memory } = plan(room);
    this.#at = addresses;
    this.#memory = memory;
    this.#kernels = instantiateKernels(kernelModule('own'), memory);
    new Uint8Array(memory.buffer, addresses.sketches, sketches.length).set(sketches);
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
   * The `wanted` rows that are nearest, or as many as there are, ascending; of equally near ones the first. They
   * are overwritten by the next call.
   *
   * @param wanted at least 1
   * @param eligible a bit a row (bits.ts): rows whose bit is 0 are left out; none are unless given
   */
  nearest(query: Uint8Array, wanted: number, eligible?: Uint32Array): Uint32Array {
    if (eligible && countBits(eligible, wanted) <= wanted) return positionsOfBits(eligible);
    const { sketches, query: at, mask, rows, distances, counts } = this.#at;
    const { buffer } = this.#memory;
    new Uint8Array(buffer, at, sketchBytes).set(query);
    if (eligible) new Uint32Array(buffer, mask, eligible.length).set(eligible);
    const masked = eligible ? mask : 0;
    const found = this.#kernels.nearestSketches(sketches, this.#count, at, masked, wanted, rows, distances, counts);
    return new Uint32Array(buffer, rows, found);
  }
}

function plan(count: number) {
  const memory = new MemoryPlan();
  const addresses = {
    sketches: memory.take(count * sketchBytes),
    query: memory.take(sketchBytes),
    mask: memory.take(maskBytes(count)),
    rows: memory.take(4 * count),
    distances: memory.take(2 * count),
    counts: memory.take(4 * (sketchBits + 1)),
  };
  return { addresses, memory: memory.allocate('own') };
}
