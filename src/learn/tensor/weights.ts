import type { Tensor } from 'onnxruntime-node';
import type { Entry } from './graph/scope.ts';
import { sizeOf } from './graph/shape.ts';
import { seedOf } from './random.ts';
import { floatsOf, floatTensor } from './run/tensors.ts';

/**
 * The numbers of a model's parameters. A dense parameter has two buffers: a step reads one and writes the other, because
 * ONNX Runtime may write the new value while a gradient still needs the old one. A table of touched rows has one.
 */
export class Weights {
  readonly #entries: readonly Entry[];
  readonly #buffers = new Map<string, readonly [Tensor, Tensor]>();
  #current: 0 | 1 = 0;

  constructor(entries: readonly Entry[], seed: number) {
    this.#entries = entries;
    for (const { parameter, touched } of entries) {
      const { name, shape, initialise } = parameter;
      const data = new Float32Array(sizeOf(shape));
      const next = initialise(shape, seedOf(seed, name));
      for (let at = 0; at < data.length; at++) data[at] = next(at);
      const first = floatTensor(data, shape);
      this.#buffers.set(name, [first, touched ? first : floatTensor(data.slice(), shape)]);
    }
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Tensors that hold the parameter now, and where a step writes it. */
  now(name: string): Tensor {
    return this.#pair(name)[this.#current];
  }

  next(name: string): Tensor {
    return this.#pair(name)[this.#current === 0 ? 1 : 0];
  }

  /** What was written becomes what is read. */
  swap(): void {
    this.#current = this.#current === 0 ? 1 : 0;
  }

  /** The numbers of a parameter now: a view that the step after the next overwrites. */
  get(name: string): Float32Array {
    return floatsOf(name, this.now(name));
  }

  /** @throws Error if the numbers are not those of the parameter's shape */
  set(name: string, data: Float32Array): void {
    const pair = this.#pair(name);
    for (const tensor of pair) {
      const to = floatsOf(name, tensor);
      if (to.length !== data.length) throw new Error(`${name} has ${to.length} elements, not ${data.length}.`);
      to.set(data);
    }
  }

  /** Copies of all parameters by name, such as the best so far. */
  copy(): Record<string, Float32Array> {
    return Object.fromEntries([...this.#buffers.keys()].map((name) => [name, this.get(name).slice()]));
  }

  #pair(name: string): readonly [Tensor, Tensor] {
    const pair = this.#buffers.get(name);
    if (!pair) throw new Error(`There is no parameter ${name}.`);
    return pair;
  }
}
