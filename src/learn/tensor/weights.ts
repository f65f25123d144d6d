import type { Tensor } from 'onnxruntime-node';
import { sizeOf } from './graph/shape.ts';
import type { Parameter } from './graph/value.ts';
import { seedOf } from './random.ts';
import { floatsOf, floatTensor } from './run/tensors.ts';
import { writeRows } from './run/touched-rows.ts';

/** The numbers of parameters by name. */
export class Weights {
  readonly parameters: readonly Parameter[];
  readonly #tensors: Map<string, Tensor>;

  constructor(parameters: readonly Parameter[], seed: number) {
    this.parameters = parameters;
    this.#tensors = new Map(parameters.map((parameter) => [parameter.name, initialised(parameter, seed)]));
  }

  tensor(name: string): Tensor {
    const tensor = this.#tensors.get(name);
    if (!tensor) throw new Error(`There is no parameter ${name}.`);
    return tensor;
  }

  /** The numbers of a parameter now; copy them to keep them. */
  get(name: string): Float32Array {
    return floatsOf(name, this.tensor(name));
  }

  /** @throws Error if the numbers are not those of the parameter's shape */
  set(name: string, data: Float32Array): void {
    const to = this.get(name);
    if (to.length !== data.length) throw new Error(`${name} has ${to.length} elements, not ${data.length}.`);
    to.set(data);
  }

  /** Numbers that a step made, end to end, become those of the parameters. */
  take(parameters: readonly Parameter[], fresh: Float32Array): void {
    let begin = 0;
    for (const { name, shape } of parameters) {
      const end = begin + sizeOf(shape);
      this.#tensors.set(name, floatTensor(fresh.subarray(begin, end), shape));
      begin = end;
    }
  }

  /** Rows that a step made become those of a table that `touched` names. */
  takeRows(name: string, fresh: Float32Array, touched: Int32Array): void {
    writeRows(this.get(name), touched, fresh);
  }

  /** Copies of all parameters by name, such as the best so far. */
  copy(): Record<string, Float32Array> {
    return Object.fromEntries(this.parameters.map(({ name }) => [name, this.get(name).slice()]));
  }
}

function initialised({ name, shape, initialise }: Parameter, seed: number): Tensor {
  const data = new Float32Array(sizeOf(shape));
  const next = initialise(shape, seedOf(seed, name));
  for (let at = 0; at < data.length; at++) data[at] = next(at);
  return floatTensor(data, shape);
}
