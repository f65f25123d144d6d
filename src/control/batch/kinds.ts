import { batchInferenceJobKind, batchSegmentJobKind } from './batch-job-kind.ts';

export const batchKinds = [batchInferenceJobKind, batchSegmentJobKind];
