import { randomUUID } from 'node:crypto';
import { arnOf } from '../../contract/arn.ts';
import { invalidInput } from '../../contract/errors.ts';
import { checkDataLocation } from '../../data/import/location.ts';
import { datasetFiles } from '../../data/manifest.ts';
import type { Context } from '../context.ts';
import type { HandlersOf } from '../handler.ts';
import { refuseExisting, requireNoUpdate, requireStatus } from '../resources/checks.ts';
import { createResource } from '../resources/creation.ts';
import { pageOfResources } from '../resources/pages.ts';
import { getResource, type Queryable } from '../resources/resource-store.ts';
import { timesOf } from '../resources/summaries.ts';
import { type DatasetImportJob, datasetImportJobKind } from './dataset-import-job-kind.ts';
import { datasetKind } from './dataset-kind.ts';

type ImportJobOperation = 'CreateDatasetImportJob' | 'DescribeDatasetImportJob' | 'ListDatasetImportJobs';

export function datasetImportJobHandlers({ database, transaction, settings }: Context): HandlersOf<ImportJobOperation> {
  return {
    async CreateDatasetImportJob(input, caller) {
      const { jobName, datasetArn, dataSource, importMode = 'FULL', roleArn, tags } = input;
      const { publishAttributionMetricsToS3 } = input;
      const { dataLocation = '' } = dataSource;
      checkDataLocation(dataLocation);
      const arn = arnOf(caller, datasetImportJobKind.arnPath, { jobName });
      await transaction(caller.account, async (tx) => {
        const dataset = await getResource(tx.db, datasetKind, datasetArn, caller);
        await refuseExisting(tx.db, arn);
        requireStatus(dataset, 'ACTIVE');
        requireNoUpdate(dataset);
        if (importMode === 'INCREMENTAL' && !(await hasBulkData(tx.db, datasetArn))) {
          throw invalidInput(`Dataset ${datasetArn} has no bulk data yet; its first import must be of mode FULL.`);
        }
        const prefix = `datasets/${randomUUID()}/`;
        const document = { dataLocation, importMode, roleArn, prefix, publishAttributionMetricsToS3 };
        const draft = { arn, name: jobName, parent: datasetArn, document, tags };
        await createResource(tx, datasetImportJobKind, settings, caller, draft);
      });
      return { datasetImportJobArn: arn };
    },

    async DescribeDatasetImportJob({ datasetImportJobArn }, caller) {
      const job = await getResource(database, datasetImportJobKind, datasetImportJobArn, caller);
      const { dataLocation, roleArn, publishAttributionMetricsToS3 = false } = job.document;
      return {
        datasetImportJob: {
          ...summaryOf(job),
          datasetArn: job.parent ?? undefined,
          dataSource: { dataLocation },
          roleArn,
          publishAttributionMetricsToS3,
        },
      };
    },

    async ListDatasetImportJobs({ datasetArn, ...page }, caller) {
      const { resources, nextToken } = await pageOfResources(database, datasetImportJobKind, caller, page, datasetArn);
      return { datasetImportJobs: resources.map(summaryOf), nextToken };
    },
  };
}

async function hasBulkData(db: Queryable, datasetArn: string): Promise<boolean> {
  return (await datasetFiles(db, datasetArn)).some(({ through }) => through === null);
}

function summaryOf(job: DatasetImportJob) {
  const { name, arn, status, document } = job;
  const { importMode, failureReason } = document;
  return { jobName: name, datasetImportJobArn: arn, status, importMode, failureReason, ...timesOf(job) };
}
