import { arnPaths } from '../../contract/arn.ts';
import type { Input } from '../../contract/operations.ts';
import type { JobFacts } from '../jobs/job.ts';
import { type CommonDocument, defineKind, type ResourceOf } from '../resources/kind.ts';
import { creationLife } from '../resources/lifecycle.ts';
import { solutionVersionKind } from '../solutions/solution-version-kind.ts';

type Asked = Input<'CreateBatchInferenceJob'>;

/** What every batch job keeps. */
export type BatchJobDocument = CommonDocument &
  Pick<Asked, 'filterArn' | 'jobInput' | 'jobOutput' | 'roleArn'> & {
    readonly numResults: number;
    /** Prefix in the server's object store below which every attempt has a folder of its own. */
    readonly prefix: string;
    /** The folder of the attempt that has begun the job: its plan, what it reads, and outputs of ranges. */
    readonly work?: string | undefined;
    /** Shares of the plan that are not done. */
    readonly sharesLeft?: number | undefined;
  };

/** What a batch inference job keeps beyond that. */
export type InferenceJobDocument = BatchJobDocument &
  Pick<Asked, 'batchInferenceJobConfig' | 'batchInferenceJobMode' | 'themeGenerationConfig'>;

const inPool: JobFacts = { pool: 'batch' };
const first: JobFacts = { pool: 'batch', startsWithResource: true };

const facts = {
  life: creationLife,
  isTaggable: true,
  parent: solutionVersionKind,
  goesWithParent: true,
} as const;

/** A batch job stays for as long as its solution version. */
export const batchInferenceJobKind = defineKind<InferenceJobDocument>()({
  ...facts,
  name: 'batch-inference-job',
  arnPath: arnPaths['batch-inference-job'],
  quotas: [{ name: 'unfinishedBatchInferenceJobs', most: 5, counts: 'unfinished' }],
  jobs: { 'start-batch-inference': first, 'score-batch-inference': inPool, 'finish-batch-inference': inPool },
});

export const batchSegmentJobKind = defineKind<BatchJobDocument>()({
  ...facts,
  name: 'batch-segment-job',
  arnPath: arnPaths['batch-segment-job'],
  quotas: [{ name: 'unfinishedBatchSegmentJobs', most: 5, counts: 'unfinished' }],
  jobs: { 'start-batch-segment': first, 'score-batch-segment': inPool, 'finish-batch-segment': inPool },
});

export type BatchInferenceJob = ResourceOf<typeof batchInferenceJobKind>;
export type BatchSegmentJob = ResourceOf<typeof batchSegmentJobKind>;
export type BatchJob = BatchInferenceJob | BatchSegmentJob;
