import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Watch } from '../../../data/watch.ts';
import type { Features } from '../../features/column.ts';
import type { Histories } from '../../histories.ts';
import { adam, linearDecay, Scope, Trainer, warmUp } from '../../tensor/index.ts';
import type { Design } from './architecture.ts';
import type { Weighting } from './event-weights.ts';
import type { HeldOut } from './holdout.ts';
import { stepOf } from './step.ts';
import { openValidation } from './validation.ts';
import { batchesOf } from './windows.ts';

/** Values of the encoder's parameters by name. */
export type Parameters = Readonly<Record<string, Float32Array>>;

export type EncoderTask = {
  readonly histories: Histories;
  /** Items that can be foretold. */
  readonly itemCount: number;
  /** Theirs, and maybe of more items. */
  readonly itemFeatures?: Features | undefined;
  readonly design: Design;
  readonly seed: number;
  readonly weightOf: Weighting;
  /** What to begin with; random numbers otherwise. */
  readonly from?: Parameters;
  readonly watch: Watch;
};

export type TrainedEncoder = {
  /** Those of the moment at which the questions were answered best. */
  readonly tensors: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>>;
  /** The users' vectors for the questions. */
  readonly vectors: readonly Float32Array[];
};

const warmUpSteps = 100;
/** Of the peak rate, what is left at the end. */
const lastRate = 0.05;
/** Steps of fewer rows than this take longer with two threads that wait for each other than with one. */
const manyRows = 32;
/** Longer gradients come from few odd batches. */
const clipNorm = 5;
/** How many times a training looks at the questions, and how many of these looks in a row may bring nothing new. */
const looks = 20;
const patience = 6;

/** Trains for the design's epochs or until the questions have long not been answered better, and keeps the best of it. */
export async function trainEncoder(task: EncoderTask, questions: readonly HeldOut[]): Promise<TrainedEncoder> {
  const { histories, design, seed, watch } = task;
  const { columns } = histories;
  const { architecture, regime } = design;
  const { epochs, peakRate, rows } = regime;
  const scope = Scope.root(seed);
  const { loss, vectors, feeds } = stepOf(scope, task);
  const shape = { rows, length: architecture.length };
  const total = epochs * Math.ceil(histories.items.length / (rows * architecture.length));
  const trainer = await Trainer.create({
    scope,
    loss,
    optimiser: adam({ beta2: 0.98 }),
    rate: warmUp(Math.min(warmUpSteps, total / 10), linearDecay(peakRate, total, lastRate * peakRate)),
    clipNorm,
    // A trainer shares the processor with a server: threads that wait busily would slow both down many times over.
    execution: { spinning: false, ...(rows < manyRows && { threads: 1 }) },
  });
  for (const [name, data] of Object.entries(task.from ?? {})) trainer.weights.set(name, data);
  const validation = await openValidation(
    { scope, vectors, itemCount: task.itemCount, columns, trainer, design },
    questions,
  );
  try {
    let best = { ndcg: Number.NEGATIVE_INFINITY, look: 0, parameters: trainer.weights.copy() };
    const epochsALook = Math.max(1, Math.floor(epochs / looks));
    for (let epoch = 1, look = 1; epoch <= epochs; epoch++) {
      let lost = 0;
      let steps = 0;
      for (const batch of batchesOf(histories, shape, seed, epoch, task.weightOf)) {
        lost += await trainer.step(feeds(batch, trainer.steps));
        steps++;
        await letOthersRun();
        watch.signal.throwIfAborted();
      }
      // Numbers that have gone out of bounds do not come back: what was best before stays.
      if (!Number.isFinite(lost)) break;
      if (epoch % epochsALook === 0 || epoch === epochs) {
        const ndcg = await validation.ndcg();
        // Without a question the last moment is the best.
        if (ndcg > best.ndcg || questions.length === 0) best = { ndcg, look, parameters: trainer.weights.copy() };
        const judged = questions.length === 0 ? '' : `, validation NDCG@10 ${ndcg.toFixed(4)}`;
        watch.progress(epoch / epochs, `epoch ${epoch} of ${epochs}, loss ${(lost / steps).toFixed(4)}${judged}`);
        if (look - best.look >= patience) break;
        look++;
      }
    }
    for (const [name, data] of Object.entries(best.parameters)) trainer.weights.set(name, data);
    const tensors = scope.entries.map(({ parameter: { name, shape } }) => {
      const data = best.parameters[name] ?? new Float32Array();
      return [name, { shape, data }] as const;
    });
    return { tensors: Object.fromEntries(tensors), vectors: await validation.vectors() };
  } finally {
    await validation.release();
    await trainer.release();
  }
}
