import { countBits, positionsOfBits, wordBits } from './bits.ts';
import { instantiateKernels, type Kernels, kernelModule, MemoryPlan } from './wasm.ts';

/** Up to this share of bits that are set, or clear, it is faster to take these one by one. */
const few = 1 / 64;
/** No number. */
export const nowhere = 0xffffffff;

/** Takes bits of one order of things to another order, of some of them: bit `n` is that at `positions[n]`. */
export class BitGather {
  readonly #size: number;
  readonly #sourceSize: number;
  readonly #kernels: Kernels;
  readonly #memory: WebAssembly.Memory;
  readonly #address: ReturnType<typeof plan>['address'];
  readonly #numbers: Uint32Array;

  /**
   * @param positions all different
   * @param numbers the way back from each position that a source has, `nowhere` for those that are not named
   */
  constructor(positions: Uint32Array, numbers: Uint32Array) {
    const sourceSize = numbers.length;
    this.#size = positions.length;
    this.#sourceSize = sourceSize;
    this.#numbers = numbers;
    const { address, memory } = plan(positions.length, sourceSize);
    this.#address = address;
    this.#memory = memory;
    this.#kernels = instantiateKernels(kernelModule('own'), memory);
    new Uint32Array(memory.buffer, address.positions, positions.length).set(positions);
  }

  /** Memory that it holds, in bytes. */
  get bytes(): number {
    return this.#memory.buffer.byteLength + this.#numbers.byteLength;
  }

  /** The number of a position; −1 where it has none. */
  numberAt(position: number): number {
    const number = position < this.#sourceSize ? this.#numbers[position] : nowhere;
    return number === nowhere ? -1 : number;
  }

  /** @param source as many bits as there are positions, whole words; further ones do not count */
  gather(source: Uint32Array): Uint32Array {
    const set = source.subarray(0, wordsFor(this.#sourceSize));
    const most = Math.floor(few * this.#sourceSize);
    const count = countBits(set);
    if (count <= most) return this.#scatter(set);
    if (this.#sourceSize - count > most) return this.#gatherAll(set);
    return withoutRest(inverted(this.#scatter(inverted(set))), this.#size);
  }

  #scatter(source: Uint32Array): Uint32Array {
    const bits = new Uint32Array(wordsFor(this.#size));
    for (const position of positionsOfBits(source)) {
      const number = this.numberAt(position);
      if (number >= 0) bits[number >>> 5] |= 1 << (number & 31);
    }
    return bits;
  }

  #gatherAll(source: Uint32Array): Uint32Array {
    const { positions, source: at, bits } = this.#address;
    new Uint32Array(this.#memory.buffer, at, source.length).set(source);
    const words = wordsFor(this.#size);
    this.#kernels.gatherBits(positions, words * wordBits, at, bits);
    return withoutRest(new Uint32Array(this.#memory.buffer, bits, words).slice(), this.#size);
  }
}

function plan(size: number, sourceSize: number) {
  const memory = new MemoryPlan();
  const address = {
    positions: memory.take(4 * wordBits * wordsFor(size)),
    source: memory.take(4 * wordsFor(sourceSize)),
    bits: memory.take(4 * wordsFor(size)),
  };
  return { address, memory: memory.allocate('own') };
}

const wordsFor = (bits: number) => Math.ceil(bits / wordBits);

function inverted(bits: Uint32Array): Uint32Array {
  const others = new Uint32Array(bits.length);
  for (let n = 0; n < bits.length; n++) others[n] = ~bits[n];
  return others;
}

function withoutRest(bits: Uint32Array, size: number): Uint32Array {
  const rest = size % wordBits;
  if (rest > 0) bits[bits.length - 1] &= 2 ** rest - 1;
  return bits;
}
