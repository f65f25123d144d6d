import { datasetGroupKind } from './datasets/dataset-group-kind.ts';
import { datasetImportJobKind } from './datasets/dataset-import-job-kind.ts';
import { datasetKind } from './datasets/dataset-kind.ts';
import { eventTrackerKind } from './datasets/event-tracker-kind.ts';
import { schemaKind } from './datasets/schema-kind.ts';
import { campaignKind } from './deployments/campaign-kind.ts';
import { solutionKind } from './solutions/solution-kind.ts';
import { solutionVersionKind } from './solutions/solution-version-kind.ts';

/** Every kind of resource that there is. */
export const kinds = [
  ...[schemaKind, datasetGroupKind, datasetKind, datasetImportJobKind, eventTrackerKind],
  ...[solutionKind, solutionVersionKind, campaignKind],
];
