import { seedOf, uniforms } from '../random.ts';

/** Values of a pool, and how much larger than the largest mask it is at least. */
const poolSize = 1 << 22;
const poolPerMask = 4;

/**
 * Dropout masks: pieces at random places of one long random mask of the rate. The pieces of a step depend on the seed and
 * on the step's number alone, so that a resumed training sees the same ones.
 */
export class MaskPool {
  readonly #seed: number;
  readonly #values: Float32Array;

  constructor(rate: number, largest: number, seed: number) {
    this.#seed = seedOf(seed, 'mask', rate);
    this.#values = new Float32Array(Math.max(poolSize, poolPerMask * largest));
    const next = uniforms(this.#seed);
    const kept = 1 / (1 - rate);
    for (let at = 0; at < this.#values.length; at++) this.#values[at] = next() < rate ? 0 : kept;
  }

  /** `length` values for the mask of number `mask` in a step. */
  cut(length: number, step: number, mask: number): Float32Array {
    const start = seedOf(this.#seed, step, mask) % (this.#values.length - length + 1);
    return this.#values.subarray(start, start + length);
  }
}
