import type { Tensor } from 'onnxruntime-node';
import type { Value } from '../graph/value.ts';
import type { Weights } from '../weights.ts';
import { compile, type Execution, type Program } from './program.ts';
import { type Feeds, fedTensor, floatsOf } from './tensors.ts';

/**
 * A graph in inference over weights that are being trained: no dropout, and each run sees the weights of its moment.
 */
export class Evaluator<Name extends string> {
  readonly #program: Program;
  readonly #weights: Weights;
  readonly #names: readonly Name[];

  private constructor(program: Program, weights: Weights, names: readonly Name[]) {
    this.#program = program;
    this.#weights = weights;
    this.#names = names;
  }

  static async create<Name extends string>(
    outputs: Readonly<Record<Name, Value>>,
    weights: Weights,
    execution?: Execution,
  ): Promise<Evaluator<Name>> {
    const program = await compile(outputs, 'inference', execution);
    // An object's keys are those of its type, unless it was widened before.
    return new Evaluator(program, weights, Object.keys(outputs) as Name[]);
  }

  /** @throws Error in one sentence if an input is missing or of another type or length */
  async run(batch: Feeds): Promise<Record<Name, Float32Array>> {
    const feeds: Record<string, Tensor> = {};
    for (const [name, value] of this.#program.feeds) {
      feeds[name] =
        value.source.kind === 'parameter' ? this.#weights.tensor(name) : fedTensor(name, value, batch[name]);
    }
    const results = await this.#program.run(feeds);
    // The names are those that were asked for.
    return Object.fromEntries(this.#names.map((name) => [name, floatsOf(name, results[name])])) as Record<
      Name,
      Float32Array
    >;
  }

  async release(): Promise<void> {
    await this.#program.release();
  }
}
