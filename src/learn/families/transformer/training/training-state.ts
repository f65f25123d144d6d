import { filesOf } from '../../../../data/encryption/file-access.ts';
import { pathOf } from '../../../../data/encryption/file-path.ts';
import { readCheckpoint, type StoredTensor, type Trainer } from '../../../tensor/index.ts';
import type { Checkpoints } from '../../../training/checkpoints.ts';

/** How far the training of an encoder has come, besides the trainer's own state. */
export type TrainingState = {
  /** Where in the data it resumes: passes that are done, and batches of the one after. */
  readonly epoch: number;
  readonly batches: number;
  /** Sum and number of the losses since the last evaluation. */
  readonly lost: number;
  readonly steps: number;
  /** Evaluations so far. */
  readonly evaluation: number;
  /** What the best evaluation found, and the parameters then. */
  readonly best: {
    readonly ndcg: number;
    readonly evaluation: number;
    readonly parameters: Readonly<Record<string, Float32Array>>;
  };
};

export const initialState = (trainer: Trainer): TrainingState => ({
  epoch: 0,
  batches: 0,
  lost: 0,
  steps: 0,
  evaluation: 0,
  best: { ndcg: Number.NEGATIVE_INFINITY, evaluation: 0, parameters: trainer.weights.copy() },
});

/** The parts of a checkpoint that must be the same for a training to resume from it. */
export type CheckpointKey = {
  readonly checkpoints: Checkpoints;
  readonly name: string;
  /** As text. */
  readonly configuration: string;
};

const bestName = (parameter: string) => `best/${parameter}`;

export async function saveState(
  { checkpoints, name, configuration }: CheckpointKey,
  trainer: Trainer,
  state: TrainingState,
) {
  const { epoch, batches, lost, steps, evaluation, best } = state;
  const numbers = Float64Array.of(epoch, batches, lost, steps, evaluation, best.ndcg, best.evaluation);
  const of = text(checkpoints.training + configuration);
  const parameters = trainer.weights.parameters.map(({ name: parameter, shape }) => {
    return [bestName(parameter), { shape, data: best.parameters[parameter] }] as const;
  });
  const beside = { standing: vector(numbers), of: vector(of), ...Object.fromEntries(parameters) };
  await checkpoints.keep(name, (file) => trainer.save(pathOf(file), beside, filesOf(file)));
}

/**
 * Takes up where an earlier attempt at the same training left off; undefined if none did.
 *
 * @throws Error in one sentence if what it left is torn, or of another training; then the trainer is as it was
 */
export async function resumeState(
  { checkpoints, name, configuration }: CheckpointKey,
  trainer: Trainer,
): Promise<TrainingState | undefined> {
  const file = await checkpoints.find(name);
  if (file === undefined) return undefined;
  const checkpoint = await readCheckpoint(pathOf(file), filesOf(file));
  const { standing, of, ...others } = checkpoint.beside;
  if (Buffer.compare(bytesOf(of), text(checkpoints.training + configuration)) !== 0) {
    throw new Error('It is of other data or of another design.');
  }
  if (standing?.data.length !== 7) throw new Error('It does not say how far the training had come.');
  const [epoch, batches, lost, steps, evaluation, ndcg, bestEvaluation] = standing.data;
  const parameters = trainer.weights.parameters.map(({ name: parameter }) => {
    const data = others[bestName(parameter)]?.data;
    if (data instanceof Float32Array) return [parameter, data] as const;
    throw new Error(`It lacks the best ${parameter}.`);
  });
  trainer.resume(checkpoint);
  return {
    epoch,
    batches,
    lost,
    steps,
    evaluation,
    best: { ndcg, evaluation: bestEvaluation, parameters: Object.fromEntries(parameters) },
  };
}

const text = (value: string) => new Uint8Array(Buffer.from(value));
const vector = (data: StoredTensor['data']): StoredTensor => ({ shape: [data.length], data });
const bytesOf = (tensor: StoredTensor | undefined) =>
  tensor?.data instanceof Uint8Array ? tensor.data : new Uint8Array();
