import { dataDeletionJobKind } from './data-deletion-job-kind.ts';

export const deletionKinds = [dataDeletionJobKind];
