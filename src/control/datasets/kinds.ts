import { datasetExportJobKind } from './dataset-export-job-kind.ts';
import { datasetGroupKind } from './dataset-group-kind.ts';
import { datasetImportJobKind } from './dataset-import-job-kind.ts';
import { datasetKind } from './dataset-kind.ts';
import { eventTrackerKind } from './event-tracker-kind.ts';
import { schemaKind } from './schema-kind.ts';

export const datasetKinds = [
  schemaKind,
  datasetGroupKind,
  datasetKind,
  datasetImportJobKind,
  datasetExportJobKind,
  eventTrackerKind,
];
