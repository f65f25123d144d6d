import type { Tensor } from 'onnxruntime-node';
import { readCheckpoint, restored, writeCheckpoint } from './checkpoint.ts';
import type { Scope } from './graph/scope.ts';
import { sizeOf } from './graph/shape.ts';
import type { Value } from './graph/value.ts';
import type { Optimiser } from './optimisers/optimiser.ts';
import type { Schedule } from './optimisers/schedule.ts';
import { Evaluator } from './run/evaluator.ts';
import { MaskPool } from './run/masks.ts';
import { compile, type Execution, type Program } from './run/program.ts';
import { type Feeds, fedTensor, floatsOf, floatTensor } from './run/tensors.ts';
import type { StoredTensor } from './safetensors.ts';
import { lossName, momentName, nextName, scalarName, stepGraph } from './step.ts';
import { Weights } from './weights.ts';

export type TrainerOptions = {
  readonly scope: Scope;
  /** A scalar. */
  readonly loss: Value;
  readonly optimiser: Optimiser;
  readonly rate: Schedule;
  /** Gradients that together are longer are scaled down to this length. */
  readonly clipNorm?: number;
  readonly execution?: Execution;
};

/** Trains the parameters of a scope: a step is one run of one graph. */
export class Trainer {
  readonly weights: Weights;
  /** The optimiser's tensors by name, which each step updates in place. */
  readonly moments: ReadonlyMap<string, Tensor>;
  /** Steps done. */
  steps = 0;
  readonly #options: TrainerOptions;
  readonly #program: Program;
  readonly #fetches: Record<string, Tensor | null>;
  readonly #learnt: readonly string[];
  readonly #pools: ReadonlyMap<number, MaskPool>;

  private constructor(options: TrainerOptions, { program, learnt }: { program: Program; learnt: readonly string[] }) {
    const { scope, optimiser } = options;
    this.#options = options;
    this.#program = program;
    this.#learnt = learnt;
    this.weights = new Weights(scope.entries, scope.seed);
    this.moments = new Map(learnt.flatMap((name) => optimiser.moments.map((moment) => this.#moment(name, moment))));
    this.#fetches = { [lossName]: null };
    for (const [name, tensor] of this.moments) this.#fetches[nextName(name)] = tensor;
    this.#pools = maskPools(program.feeds.values(), scope.seed);
  }

  static async create(options: TrainerOptions): Promise<Trainer> {
    const { scope, loss, optimiser, clipNorm, execution } = options;
    const { outputs, learnt } = stepGraph(scope, loss, optimiser, clipNorm === undefined ? {} : { clipNorm });
    const program = await compile(outputs, 'step', execution);
    return new Trainer(options, { program, learnt: learnt.map(({ parameter }) => parameter.name) });
  }

  /**
   * One step on a batch; returns the loss before it.
   *
   * @throws Error in one sentence if an input is missing or of another type or length
   */
  async step(batch: Feeds): Promise<number> {
    const step = this.steps + 1;
    const feeds = this.#feedsOf(batch, step);
    for (const name of this.#learnt) this.#fetches[nextName(name)] = this.weights.next(name);
    const results = await this.#program.run(feeds, this.#fetches);
    this.weights.swap();
    this.steps = step;
    return floatsOf(lossName, results[lossName])[0] ?? Number.NaN;
  }

  /** Runs `outputs` in inference on the weights as they are at each run. */
  async evaluator<Name extends string>(outputs: Readonly<Record<Name, Value>>): Promise<Evaluator<Name>> {
    return await Evaluator.create(outputs, this.weights, this.#options.execution);
  }

  /** Writes a file from which `load` goes on as if there had been no stop. */
  async save(path: string): Promise<void> {
    const { scope } = this.#options;
    const tensors: Record<string, StoredTensor> = {};
    for (const { parameter } of scope.entries) {
      tensors[parameter.name] = { shape: parameter.shape, data: this.weights.get(parameter.name) };
    }
    for (const [name, tensor] of this.moments) tensors[name] = { shape: tensor.dims, data: floatsOf(name, tensor) };
    await writeCheckpoint(path, { seed: scope.seed, steps: this.steps, tensors });
  }

  /** @throws Error in one sentence if the file is of another model, seed or format */
  async load(path: string): Promise<void> {
    const { scope } = this.#options;
    const checkpoint = await readCheckpoint(path);
    if (checkpoint.seed !== scope.seed) {
      throw new Error(`${path} was trained with the seed ${checkpoint.seed}, not ${scope.seed}.`);
    }
    const parameters = scope.entries.map(
      ({ parameter: { name, shape } }) => [name, restored(checkpoint, name, shape)] as const,
    );
    const moments = [...this.moments].map(
      ([name, tensor]) => [tensor, restored(checkpoint, name, tensor.dims)] as const,
    );
    for (const [name, data] of parameters) this.weights.set(name, data);
    for (const [tensor, data] of moments) floatsOf('moment', tensor).set(data);
    this.steps = checkpoint.steps;
  }

  async release(): Promise<void> {
    await this.#program.release();
  }

  #feedsOf(batch: Feeds, step: number): Record<string, Tensor> {
    const { optimiser, rate } = this.#options;
    const scalars = Object.entries(optimiser.scalarsAt(step, rate(step)));
    const numbers = new Map(
      scalars.map(([name, value]) => [scalarName(name), floatTensor(Float32Array.of(value), [])]),
    );
    const feeds: Record<string, Tensor> = {};
    let masks = 0;
    for (const [name, value] of this.#program.feeds) {
      const { source, shape } = value;
      if (source.kind === 'parameter') feeds[name] = this.weights.now(name);
      else if (source.kind === 'mask') feeds[name] = floatTensor(this.#mask(source.rate, shape, step, masks++), shape);
      else feeds[name] = this.moments.get(name) ?? numbers.get(name) ?? fedTensor(name, value, batch[name]);
    }
    return feeds;
  }

  #mask(rate: number, shape: readonly number[], step: number, mask: number): Float32Array {
    const pool = this.#pools.get(rate);
    if (!pool) throw new Error(`There is no mask of the rate ${rate}.`);
    return pool.cut(sizeOf(shape), step, mask);
  }

  #moment(parameter: string, moment: string): [string, Tensor] {
    const name = momentName(parameter, moment);
    const shape = this.#program.feeds.get(name)?.shape;
    if (!shape) throw new Error(`The step has no moment ${name}.`);
    return [name, floatTensor(new Float32Array(sizeOf(shape)), shape)];
  }
}

/** A pool for each rate of dropout in the step. */
function maskPools(feeds: Iterable<Value>, seed: number): ReadonlyMap<number, MaskPool> {
  const largest = new Map<number, number>();
  for (const { source, shape } of feeds) {
    if (source.kind !== 'mask') continue;
    largest.set(source.rate, Math.max(largest.get(source.rate) ?? 0, sizeOf(shape)));
  }
  return new Map([...largest].map(([rate, size]) => [rate, new MaskPool(rate, size, seed)]));
}
