import type { BatchTasks } from '../../serve/batch/batch-tasks.ts';
import type { RunBatch } from '../../serve/batch/run-batch.ts';
import type { Context } from '../context.ts';
import type { Kind, Resource } from '../resources/kind.ts';
import {
  type BatchJobDocument,
  batchInferenceJobKind,
  batchSegmentJobKind,
  type InferenceJobDocument,
} from './batch-job-kind.ts';
import { type Grain, grains } from './shares.ts';

/** What any batch job may have been asked for. */
export type AnyBatchDocument = BatchJobDocument &
  Pick<InferenceJobDocument, 'batchInferenceJobConfig' | 'batchInferenceJobMode' | 'themeGenerationConfig'>;
export type AnyBatchJob = Resource<AnyBatchDocument>;

/** A kind of batch jobs, with the names of its three jobs, and the task for ranges of lines. */
export type BatchLife = {
  readonly kind: Kind<AnyBatchDocument>;
  readonly jobs: { readonly start: string; readonly score: string; readonly finish: string };
  readonly grain: Grain;
  run(
    context: Pick<Context, 'runBatch'>,
    task: BatchTasks['infer']['input'],
    options: Parameters<RunBatch>[2],
  ): Promise<void>;
};

export const inferenceLife: BatchLife = {
  kind: batchInferenceJobKind,
  jobs: { start: 'start-batch-inference', score: 'score-batch-inference', finish: 'finish-batch-inference' },
  grain: grains.many,
  run: ({ runBatch }, task, options) => runBatch('infer', task, options),
};

export const segmentLife: BatchLife = {
  kind: batchSegmentJobKind,
  jobs: { start: 'start-batch-segment', score: 'score-batch-segment', finish: 'finish-batch-segment' },
  grain: grains.few,
  run: ({ runBatch }, task, options) => runBatch('segment', task, options),
};
