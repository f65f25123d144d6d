import { uniforms } from './random.ts';

/** Bits of a sketch, and its bytes. */
export const sketchBits = 256;
export const sketchBytes = sketchBits / 8;
/** One turn does not mix a vector of few numbers; three are as good as a random rotation (Andoni et al. 2015). */
const turns = 3;
const seed = 0;

/**
 * Makes sketches of vectors, each the signs of 256 random projections (Charikar 2002): the share of bits in which two
 * sketches differ is about the angle between the vectors over π. Vectors are sparse, numbers by their position, or
 * dense. The projections are pseudo-random and always the same.
 */
export class Sketcher {
  readonly #turns: readonly Float64Array[];
  readonly #dense: Float64Array;
  readonly #sums = new Float64Array(sketchBits);

  /** @param width of dense vectors */
  constructor(width: number) {
    const size = width === 0 ? 0 : Math.max(sketchBits, 2 ** Math.ceil(Math.log2(width)));
    const random = uniforms(seed);
    this.#turns = Array.from({ length: turns }, () =>
      Float64Array.from({ length: size }, () => (random() < 0.5 ? -1 : 1)),
    );
    this.#dense = new Float64Array(size);
  }

  /** Adds a number of a sparse vector. */
  addSparse(position: number, value: number): void {
    const sums = this.#sums;
    let bits = 0;
    for (let n = 0; n < sketchBits; n++) {
      if ((n & 31) === 0) bits = mixed(8 * position + (n >>> 5));
      sums[n] = sums[n] + ((bits >>> (n & 31)) & 1 ? value : -value);
    }
  }

  /** Adds a dense vector. */
  addDense(vector: ArrayLike<number>): void {
    const numbers = this.#dense.fill(0);
    for (let n = 0; n < vector.length; n++) numbers[n] = vector[n];
    for (const signs of this.#turns) {
      for (let n = 0; n < numbers.length; n++) numbers[n] = numbers[n] * signs[n];
      hadamard(numbers);
    }
    for (let n = 0; n < sketchBits; n++) this.#sums[n] = this.#sums[n] + numbers[n];
  }

  /** Writes the sketch of what was added, 32 bytes, bit `n` of byte `n / 8`, the lowest first; and begins again. */
  write(sketch: Uint8Array): void {
    sketch.fill(0);
    for (let n = 0; n < sketchBits; n++) if (this.#sums[n] > 0) sketch[n >>> 3] |= 1 << (n & 7);
    this.#sums.fill(0);
  }
}

/** The fast Walsh-Hadamard transform, in place; the length is a power of two. */
function hadamard(numbers: Float64Array): void {
  for (let half = 1; half < numbers.length; half *= 2) {
    for (let begin = 0; begin < numbers.length; begin += 2 * half) {
      for (let n = begin; n < begin + half; n++) {
        const one = numbers[n];
        const other = numbers[n + half];
        numbers[n] = one + other;
        numbers[n + half] = one - other;
      }
    }
  }
}

/** 32 bits that look random, the last steps of MurmurHash3 (Appleby). */
function mixed(number: number): number {
  let hash = Math.imul(number + 1, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
