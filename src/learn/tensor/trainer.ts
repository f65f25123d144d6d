import type { Tensor } from 'onnxruntime-node';
import { type Checkpoint, readCheckpoint, restored, writeCheckpoint } from './checkpoint.ts';
import type { FileAccess } from './files.ts';
import type { Scope } from './graph/scope.ts';
import type { Parameter, Value } from './graph/value.ts';
import type { Optimiser } from './optimisers/optimiser.ts';
import type { Schedule } from './optimisers/schedule.ts';
import { Evaluator } from './run/evaluator.ts';
import { type Masks, masksFor } from './run/masks.ts';
import { compile, type Execution, type Program, type Results } from './run/program.ts';
import { type Feeds, fedTensor, floatsOf, floatTensor } from './run/tensors.ts';
import type { StoredTensor } from './safetensors.ts';
import { lossName, nextName, type StepResult, scalarName, stepGraph } from './step.ts';
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
  /** The optimiser's tensors. */
  readonly moments: Weights;
  /** Steps done. */
  steps = 0;
  readonly #options: TrainerOptions;
  readonly #program: Program;
  readonly #learnt: readonly StepResult[];
  readonly #masks: Masks;

  private constructor(options: TrainerOptions, program: Program, learnt: readonly StepResult[]) {
    const { entries, seed } = options.scope;
    this.#options = options;
    this.#program = program;
    this.#learnt = learnt;
    this.weights = new Weights(
      entries.map(({ parameter }) => parameter),
      seed,
    );
    this.moments = new Weights(
      learnt.flatMap(({ moments }) => moments),
      seed,
    );
    this.#masks = masksFor(program.feeds, seed);
  }

  static async create(options: TrainerOptions): Promise<Trainer> {
    const { scope, loss, optimiser, clipNorm, execution } = options;
    const { outputs, learnt } = stepGraph(scope, loss, optimiser, clipNorm);
    return new Trainer(options, await compile(outputs, 'step', execution), learnt);
  }

  /**
   * One step on a batch; returns the loss before it.
   *
   * @throws Error in one sentence if an input is missing or of another type or length
   */
  async step(batch: Feeds): Promise<number> {
    const step = this.steps + 1;
    const results = await this.#program.run(this.#feeds(batch, step));
    this.#take(results, batch);
    this.steps = step;
    return floatsOf(lossName, results[lossName])[0] ?? Number.NaN;
  }

  /** Runs `outputs` in inference on the weights as they are at each run. */
  async evaluator<Name extends string>(outputs: Readonly<Record<Name, Value>>): Promise<Evaluator<Name>> {
    return await Evaluator.create(outputs, this.weights, this.#options.execution);
  }

  /** Writes a file from which `load` resumes as if there had been no stop, and in which `beside` comes back. */
  async save(path: string, beside: Checkpoint['beside'] = {}, files?: FileAccess): Promise<void> {
    const tensors: Record<string, StoredTensor> = {};
    for (const store of [this.weights, this.moments]) {
      for (const { name, shape } of store.parameters) tensors[name] = { shape, data: store.get(name) };
    }
    await writeCheckpoint(path, { seed: this.#options.scope.seed, steps: this.steps, tensors, beside }, files);
  }

  /** @throws Error in one sentence if the file is of another model, seed or format */
  async load(path: string): Promise<void> {
    this.resume(await readCheckpoint(path));
  }

  /** @throws Error in one sentence if the checkpoint is of another model or seed; then everything is as it was */
  resume(checkpoint: Checkpoint): void {
    const { seed } = this.#options.scope;
    if (checkpoint.seed !== seed) {
      throw new Error(`The checkpoint was trained with the seed ${checkpoint.seed}, not ${seed}.`);
    }
    const found = [this.weights, this.moments].flatMap((store) =>
      store.parameters.map(({ name, shape }) => ({ store, name, data: restored(checkpoint, name, shape) })),
    );
    for (const { store, name, data } of found) store.set(name, data);
    this.steps = checkpoint.steps;
  }

  async release(): Promise<void> {
    await this.#program.release();
  }

  #feeds(batch: Feeds, step: number): Record<string, Tensor> {
    const { optimiser, rate } = this.#options;
    const feeds: Record<string, Tensor> = this.#masks(step);
    for (const [scalar, value] of Object.entries(optimiser.scalarsAt(step, rate(step)))) {
      feeds[scalarName(scalar)] = floatTensor(Float32Array.of(value), []);
    }
    for (const { name } of this.moments.parameters) feeds[name] = this.moments.tensor(name);
    for (const [name, value] of this.#program.feeds) {
      if (value.source.kind === 'parameter') feeds[name] = this.weights.tensor(name);
      else feeds[name] ??= fedTensor(name, value, batch[name]);
    }
    return feeds;
  }

  #take(results: Results, batch: Feeds): void {
    for (const { name, parameters, moments, touched } of this.#learnt) {
      const ids = touched === undefined ? undefined : batch[touched];
      take(this.weights, parameters, nextName(name), ids);
      for (const moment of moments) take(this.moments, [moment], nextName(moment.name), ids);
    }

    function take(to: Weights, parameters: readonly Parameter[], output: string, ids: Feeds[string] | undefined): void {
      const fresh = floatsOf(output, results[output]);
      if (!(ids instanceof Int32Array)) to.take(parameters, fresh);
      else for (const { name } of parameters) to.takeRows(name, fresh, ids);
    }
  }
}
