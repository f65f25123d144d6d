import { instantiateKernels, type Kernels, kernelModule, MemoryPlan, vectorBytes } from './wasm.ts';

/**
 * Vectors in a memory of their own, ready to be multiplied with another. Calls are synchronous; an instance belongs to one
 * thread. The memory goes when the scorer is dropped.
 */
export class VectorScorer {
  readonly #count: number;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #floats: Float32Array;
  readonly #bytes: number;
  readonly #at: { readonly rows: number; readonly vector: number; readonly scores: number };

  /** @param vectors count × width. @throws RangeError if they do not fit into 4 GiB. */
  constructor(vectors: Float32Array, width: number) {
    this.#count = vectors.length / width;
    this.#bytes = vectorBytes(width);
    const padded = Math.ceil(this.#count / 4) * 4;
    const plan = new MemoryPlan();
    this.#at = {
      rows: plan.take(padded * this.#bytes),
      vector: plan.take(this.#bytes),
      scores: plan.take(padded * 4),
    };
    this.#memory = plan.allocate('own');
    this.#kernels = instantiateKernels(kernelModule('own'), this.#memory);
    this.#floats = new Float32Array(this.#memory.buffer);
    const stride = this.#bytes / 4;
    for (let row = 0; row < this.#count; row++) {
      this.#floats.set(vectors.subarray(row * width, (row + 1) * width), this.#at.rows / 4 + row * stride);
    }
  }

  /** Memory that it holds, in bytes. */
  get bytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** The dot products of all vectors with this one. */
  scores(vector: Float32Array): Float32Array {
    const { rows, vector: place, scores } = this.#at;
    this.#floats.set(vector, place / 4);
    this.#kernels.scoreRows(rows, Math.ceil(this.#count / 4) * 4, this.#bytes, place, 1, scores);
    return this.#floats.slice(scores / 4, scores / 4 + this.#count);
  }
}
