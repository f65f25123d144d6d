import { type Family, serve } from '../family.ts';
import { attributionReport } from './attribution-report.ts';
import { recordCompaction } from './compaction.ts';
import { datasetHandlers } from './dataset.ts';
import { datasetExport } from './dataset-export.ts';
import { datasetExportJobHandlers } from './dataset-export-job.ts';
import { datasetExportJobKind } from './dataset-export-job-kind.ts';
import { datasetGroupHandlers } from './dataset-group.ts';
import { datasetImport } from './dataset-import.ts';
import { datasetImportJobHandlers } from './dataset-import-job.ts';
import { datasetImportJobKind } from './dataset-import-job-kind.ts';
import { datasetKind } from './dataset-kind.ts';
import { datasetUpdate } from './dataset-update.ts';
import { eventInspectionHandlers } from './event-inspection.ts';
import { eventTrackerHandlers } from './event-tracker.ts';
import { importInspectionHandlers } from './import-inspection.ts';
import { datasetKinds } from './kinds.ts';
import { recordHandlers } from './records.ts';
import { schemaHandlers } from './schema.ts';

export const datasets: Family = {
  kinds: datasetKinds,
  operations: (context) => ({
    ...schemaHandlers(context),
    ...datasetGroupHandlers(context),
    ...datasetHandlers(context),
    ...datasetImportJobHandlers(context),
    ...datasetExportJobHandlers(context),
    ...eventTrackerHandlers(context),
    ...recordHandlers(context),
    ...eventInspectionHandlers(context),
    ...importInspectionHandlers(context),
  }),
  services: (context) => [
    serve(datasetKind, {
      jobs: { 'update-dataset': datasetUpdate(context), 'compact-records': recordCompaction(context) },
    }),
    serve(datasetImportJobKind, {
      jobs: { 'import-dataset': datasetImport(context), 'report-attribution': attributionReport(context) },
    }),
    serve(datasetExportJobKind, { jobs: { 'export-dataset': datasetExport(context) } }),
  ],
};
