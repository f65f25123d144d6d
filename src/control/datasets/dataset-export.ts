import assert from 'node:assert/strict';
import { join } from 'node:path';
import { parseDatasetSchema } from '../../data/dataset-schema.ts';
import { isExportable } from '../../data/export/export-csv.ts';
import type { Context } from '../context.ts';
import type { Job, JobHandler } from '../jobs/job.ts';
import { resourceOf } from '../jobs/job-resource.ts';
import { changeResource, findResource } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import { datasetExportJobKind } from './dataset-export-job-kind.ts';
import { datasetKind } from './dataset-kind.ts';
import { schemaKind } from './schema-kind.ts';

/** Writes the records of a dataset as CSV into a bucket. Another attempt writes the same files again. */
export function datasetExport(context: Context): JobHandler {
  const { database, store, records, workFolder } = context;
  return {
    async run(job, progress) {
      const { use, ...request } = await job.transaction((tx) => begin(tx, job));
      await context.exportCsv(
        {
          ...request,
          database,
          store,
          records: records.log,
          buckets: context.bucketsFor(use),
          workFolder: join(workFolder, `export-${job.id}-${job.attempt}`),
        },
        progress,
      );
      return {
        async commit(tx) {
          await changeResource(tx, await resourceOf(tx, datasetExportJobKind, job), { status: 'ACTIVE' });
        },
      };
    },
    async fail(tx, job, failureReason) {
      const exportJob = await resourceOf(tx, datasetExportJobKind, job);
      await changeResource(tx, exportJob, { status: 'CREATE FAILED', document: { failureReason } });
    },
  };
}

async function begin(tx: Transaction, job: Job) {
  const exportJob = await resourceOf(tx, datasetExportJobKind, job);
  await changeResource(tx, exportJob, { status: 'CREATE IN_PROGRESS' });
  const dataset = await findResource(tx.db, datasetKind, exportJob.parent ?? '');
  const schema = dataset && (await findResource(tx.db, schemaKind, dataset.document.schemaArn));
  if (!schema) throw new Error(`${exportJob.arn} has no dataset with a schema.`);
  const { datasetType } = dataset.document;
  assert(isExportable(datasetType), 'A job for such a dataset is not created.');
  const { ingestionMode, jobOutput, roleArn } = exportJob.document;
  return {
    use: { roleArn, source: exportJob },
    datasetArn: dataset.arn,
    type: datasetType,
    schema: parseDatasetSchema(schema.document.schema, schema.document.domain).schema,
    mode: ingestionMode,
    location: jobOutput.s3DataDestination.path,
  };
}
