import { countBits, positionsOfBits, wordBits } from './bits.ts';
import { instantiateKernels, type Kernels, kernelModule, MemoryPlan } from './wasm.ts';

/** Up to this share of bits that are set, or clear, it is faster to take these one by one. */
const few = 1 / 64;
const nowhere = 0xffffffff;

/** Takes bits of one order of things to another order, of some of them: bit `n` is that at `positions[n]`. */
export class BitGather {
  readonly #size: number;
  readonly #sourceSize: number;
  readonly #kernels: Kernels;
  readonly #memory: WebAssembly.Memory;
  readonly #address: ReturnType<typeof plan>['address'];
  /** The way back: position → number, or `nowhere`. */
  readonly #numbers: Uint32Array;

  /** @param positions all different, less than `sourceSize` */
  constructor(positions: Uint32Array, sourceSize: number) {
    this.#size = positions.length;
    this.#sourceSize = sourceSize;
    const { address, memory } = plan(positions.length, sourceSize);
    this.#address = address;
    this.#memory = memory;
    this.#kernels = instantiateKernels(kernelModule('own'), memory);
    new Uint32Array(memory.buffer, address.positions, positions.length).set(positions);
    this.#numbers = new Uint32Array(sourceSize).fill(nowhere);
    for (let n = 0; n < positions.length; n++) this.#numbers[positions[n]] = n;
  }

  /** Memory that it holds, in bytes. */
  get bytes(): number {
    return this.#memory.buffer.byteLength + this.#numbers.byteLength;
  }

  /** @param source at least as many bits as `sourceSize` said, whole words; those beyond do not count */
  gather(source: Uint32Array): Uint32Array {
    const set = source.subarray(0, wordsFor(this.#sourceSize));
    const most = Math.floor(few * this.#sourceSize);
    const count = countBits(set);
    if (count <= most) return this.#scatter(set);
    if (this.#sourceSize - count > most) return this.#gatherAll(set);
    const bits = this.#scatter(set.map((word) => ~word));
    for (let n = 0; n < bits.length; n++) bits[n] = ~bits[n];
    return withoutRest(bits, this.#size);
  }

  #scatter(source: Uint32Array): Uint32Array {
    const bits = new Uint32Array(wordsFor(this.#size));
    for (const position of positionsOfBits(source)) {
      const number = position < this.#sourceSize ? this.#numbers[position] : nowhere;
      if (number !== nowhere) bits[number >>> 5] |= 1 << (number & 31);
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

function withoutRest(bits: Uint32Array, size: number): Uint32Array {
  const rest = size % wordBits;
  if (rest > 0) bits[bits.length - 1] &= 2 ** rest - 1;
  return bits;
}
