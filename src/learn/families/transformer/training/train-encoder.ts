import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Progress, TrainingFigures } from '../../../../util/progress.ts';
import type { Features } from '../../../features/column.ts';
import type { Histories } from '../../../histories/histories.ts';
import { adam, linearDecay, Scope, Trainer, warmUp } from '../../../tensor/index.ts';
import type { Weighting } from '../../../training/event-weights.ts';
import type { Configuration } from '../encoder/architecture.ts';
import type { HeldOut } from './holdout.ts';
import { stepOf } from './step.ts';
import { type CheckpointKey, initialState, resumeState, saveState, type TrainingState } from './training-state.ts';
import { openValidation, type Validation } from './validation.ts';
import { batchesOf, epochSteps } from './windows.ts';

/** Values of the encoder's parameters by name. */
export type Parameters = Readonly<Record<string, Float32Array>>;

export type EncoderTask = {
  readonly histories: Histories;
  /** Items that can be predicted. */
  readonly itemCount: number;
  /** Theirs, and maybe of more items. */
  readonly itemFeatures?: Features | undefined;
  /** Of the users of `histories`. */
  readonly userFeatures?: Features | undefined;
  readonly configuration: Configuration;
  readonly seed: number;
  readonly provider?: string | undefined;
  readonly weightOf: Weighting;
  /** What to begin with; random numbers otherwise. */
  readonly from?: Parameters;
  /** Where its state is kept, and under which name; nowhere unless given. */
  readonly kept?: Pick<CheckpointKey, 'checkpoints' | 'name'> | undefined;
  /** Called once, when the first steps have shown it, with the seconds of a step. */
  readonly onPace?: (secondsAStep: number) => void;
  readonly progress: Progress;
};

export type EncoderOutcome = {
  /** Those of the best evaluation. */
  readonly tensors: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>>;
  /** The users' vectors for the validation examples. */
  readonly vectors: readonly Float32Array[];
};

const warmUpSteps = 100;
/** Of the peak rate, what is left at the end. */
const lastRate = 0.05;
/** Steps of fewer rows than this take longer with two threads that wait for each other than with one. */
const manyRows = 32;
/** Longer gradients come from few odd batches. */
const clipNorm = 5;
/** How many evaluations a training has, and how many in a row may bring no better one. */
const evaluations = 20;
const patience = 6;
/** The first steps make what the others find made; so many after them show the pace. */
const pace = { from: 2, to: 10 };

/** Steps of a training, and of one pass over its data: it may end within the first. */
export function stepsOf(histories: Histories, { architecture, optimiserSettings }: Configuration) {
  const anEpoch = epochSteps(histories, { rows: optimiserSettings.rows, length: architecture.length });
  return { anEpoch, total: Math.max(1, Math.round(optimiserSettings.epochs * anEpoch)) };
}

/**
 * Trains for the configured epochs or until evaluations have long not improved, and keeps the best of it.
 */
export async function trainEncoder(task: EncoderTask, examples: readonly HeldOut[]): Promise<EncoderOutcome> {
  const { configuration, seed } = task;
  const { columns } = task.histories;
  const { rows, peakRate } = configuration.optimiserSettings;
  const scope = Scope.root(seed);
  const { loss, vectors, feeds } = stepOf(scope, task);
  const { total } = stepsOf(task.histories, configuration);
  const trainer = await Trainer.create({
    scope,
    loss,
    optimiser: adam({ beta2: 0.98 }),
    rate: warmUp(Math.min(warmUpSteps, total / 10), linearDecay(peakRate, total, lastRate * peakRate)),
    clipNorm,
    execution: { ...(rows < manyRows && { threads: 1 }), ...(task.provider && { provider: task.provider }) },
  });
  for (const [name, data] of Object.entries(task.from ?? {})) trainer.weights.set(name, data);
  const validation = await openValidation(
    { scope, vectors, itemCount: task.itemCount, columns, userFeatures: task.userFeatures, trainer, configuration },
    examples,
  );
  try {
    const best = await passOver(task, { trainer, feeds, validation, validates: examples.length > 0 });
    for (const [name, data] of Object.entries(best)) trainer.weights.set(name, data);
    const tensors = scope.entries.map(({ parameter: { name, shape } }) => {
      return [name, { shape, data: best[name] }] as const;
    });
    return { tensors: Object.fromEntries(tensors), vectors: await validation.vectors() };
  } finally {
    await validation.release();
    await trainer.release();
  }
}

type Means = Pick<ReturnType<typeof stepOf>, 'feeds'> & {
  readonly trainer: Trainer;
  readonly validation: Validation;
  /** Whether there are validation examples to find the best moment by; without any, it is the last. */
  readonly validates: boolean;
};

/** The passes over the data, from where an earlier attempt left off; returns the best parameters. */
async function passOver(task: EncoderTask, { trainer, feeds, validation, validates }: Means): Promise<Parameters> {
  const { histories, configuration, progress } = task;
  const { anEpoch, total } = stepsOf(histories, configuration);
  const kept = task.kept && { ...task.kept, configuration: JSON.stringify(configuration) };
  const stepsPerEvaluation =
    total < evaluations * anEpoch
      ? Math.ceil(total / evaluations)
      : Math.floor(total / anEpoch / evaluations) * anEpoch;
  const passes = (steps: number) => (steps / anEpoch).toFixed(total < anEpoch ? 3 : 1);
  const report = (line: string, figures?: TrainingFigures) =>
    progress.report(trainer.steps / total, line, figures && { epoch: trainer.steps / anEpoch, ...figures });

  async function evaluate(state: TrainingState): Promise<TrainingState> {
    const ndcg = validates ? await validation.ndcg() : 0;
    const isBest = (ndcg > state.best.ndcg || !validates) && isSound(trainer);
    const loss = state.lost / state.steps;
    const judged = validates ? `, validation NDCG@10 ${ndcg.toFixed(4)}` : '';
    report(`epoch ${passes(trainer.steps)} of ${passes(total)}, loss ${loss.toFixed(4)}${judged}`, {
      loss,
      ...(validates && { validationNdcg: ndcg }),
    });
    const best = { ndcg, evaluation: state.evaluation + 1, parameters: trainer.weights.copy() };
    return { ...state, lost: 0, steps: 0, evaluation: state.evaluation + 1, ...(isBest && { best }) };
  }

  let state = (kept && (await resumed(kept, trainer, report))) ?? initialState(trainer);
  const isOver = () => trainer.steps >= total || state.evaluation - state.best.evaluation >= patience;
  const firstStep = trainer.steps;
  let paced = 0;
  for (const { batch, ...next } of batchesFrom(task, state)) {
    if (isOver()) break;
    const loss = await trainer.step(feeds(batch, trainer.steps));
    // Numbers that have gone out of bounds do not come back: what was best before stays.
    if (!Number.isFinite(loss)) break;
    state = { ...state, ...next, lost: state.lost + loss, steps: state.steps + 1 };
    const done = trainer.steps - firstStep;
    if (done === pace.from) paced = performance.now();
    if (done === pace.to) task.onPace?.((performance.now() - paced) / 1000 / (pace.to - pace.from));
    report(`step ${trainer.steps} of ${total}`);
    if (trainer.steps % stepsPerEvaluation === 0 || trainer.steps === total) state = await evaluate(state);
    if (kept?.checkpoints.due()) await saveState(kept, trainer, state);
    await letOthersRun();
    progress.signal.throwIfAborted();
  }
  return state.best.parameters;
}

/** As `takeUp`; what cannot be used is said, and left. */
async function resumed(
  kept: CheckpointKey,
  trainer: Trainer,
  report: (line: string, figures: TrainingFigures) => void,
): Promise<TrainingState | undefined> {
  try {
    const state = await resumeState(kept, trainer);
    if (state) report(`going on from the checkpoint ${kept.name} at step ${trainer.steps}`, {});
    return state;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report(`The checkpoint ${kept.name} is not used, and this part of the training begins anew: ${reason}`, {});
    return undefined;
  }
}

/** Pass after pass, batch by batch; with each, where to go on after it. */
function* batchesFrom(
  { histories, configuration, seed, weightOf }: EncoderTask,
  from: Pick<TrainingState, 'epoch' | 'batches'>,
) {
  const shape = { rows: configuration.optimiserSettings.rows, length: configuration.architecture.length };
  for (let epoch = from.epoch; ; epoch++) {
    let made = 0;
    for (const batch of batchesOf(histories, shape, seed, epoch + 1, weightOf)) {
      made++;
      if (epoch > from.epoch || made > from.batches) yield { batch, epoch, batches: made };
    }
    // Nobody has an interaction and a next one.
    if (made === 0) return;
  }
}

const isSound = ({ weights }: Trainer) =>
  weights.parameters.every(({ name }) => weights.get(name).every(Number.isFinite));
