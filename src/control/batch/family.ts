import { type Family, serve } from '../family.ts';
import { batchFinish } from './batch-finish.ts';
import { batchInferenceJobHandlers } from './batch-inference-job.ts';
import { batchInferenceJobKind, batchSegmentJobKind } from './batch-job-kind.ts';
import { inferenceLife, segmentLife } from './batch-life.ts';
import { batchScore } from './batch-score.ts';
import { batchSegmentJobHandlers } from './batch-segment-job.ts';
import { batchStart } from './batch-start.ts';
import { batchKinds } from './kinds.ts';

export const batch: Family = {
  kinds: batchKinds,
  operations: (context) => ({ ...batchInferenceJobHandlers(context), ...batchSegmentJobHandlers(context) }),
  services: (context) => [
    serve(batchInferenceJobKind, {
      jobs: {
        'start-batch-inference': batchStart(context, inferenceLife),
        'score-batch-inference': batchScore(context, inferenceLife),
        'finish-batch-inference': batchFinish(context, inferenceLife),
      },
    }),
    serve(batchSegmentJobKind, {
      jobs: {
        'start-batch-segment': batchStart(context, segmentLife),
        'score-batch-segment': batchScore(context, segmentLife),
        'finish-batch-segment': batchFinish(context, segmentLife),
      },
    }),
  ],
};
