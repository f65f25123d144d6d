import { arnOf } from '../../contract/arn.ts';
import { invalidInput } from '../../contract/errors.ts';
import { typeNames } from '../../data/dataset-types.ts';
import { isExportable } from '../../data/export/export-csv.ts';
import { checkExportFolder } from '../../data/export/export-location.ts';
import type { Context } from '../context.ts';
import type { HandlersOf } from '../handler.ts';
import { refuseExisting, requireNoUpdate, requireStatus } from '../resources/checks.ts';
import { createResource } from '../resources/creation.ts';
import { pageOfResources } from '../resources/pages.ts';
import { getResource } from '../resources/resource-store.ts';
import { timesOf } from '../resources/summaries.ts';
import { type DatasetExportJob, datasetExportJobKind } from './dataset-export-job-kind.ts';
import { datasetKind } from './dataset-kind.ts';

type ExportJobOperation = 'CreateDatasetExportJob' | 'DescribeDatasetExportJob' | 'ListDatasetExportJobs';

export function datasetExportJobHandlers({ database, transaction, settings }: Context): HandlersOf<ExportJobOperation> {
  return {
    async CreateDatasetExportJob(input, caller) {
      const { jobName, datasetArn, ingestionMode = 'PUT', roleArn, jobOutput, tags } = input;
      checkExportFolder(jobOutput.s3DataDestination.path);
      const arn = arnOf(caller, datasetExportJobKind.arnPath, { jobName });
      await transaction(caller.account, async (tx) => {
        const dataset = await getResource(tx.db, datasetKind, datasetArn, caller);
        const { datasetType } = dataset.document;
        if (!isExportable(datasetType)) {
          throw invalidInput(`Datasets of type ${typeNames[datasetType]} cannot be exported.`);
        }
        await refuseExisting(tx.db, arn);
        requireStatus(dataset, 'ACTIVE');
        requireNoUpdate(dataset);
        const draft = { arn, name: jobName, parent: datasetArn, document: { ingestionMode, roleArn, jobOutput }, tags };
        await createResource(tx, datasetExportJobKind, settings, caller, draft);
      });
      return { datasetExportJobArn: arn };
    },

    async DescribeDatasetExportJob({ datasetExportJobArn }, caller) {
      const job = await getResource(database, datasetExportJobKind, datasetExportJobArn, caller);
      const { ingestionMode, roleArn, jobOutput } = job.document;
      const facts = { datasetArn: job.parent ?? undefined, ingestionMode, roleArn, jobOutput };
      return { datasetExportJob: { ...summaryOf(job), ...facts } };
    },

    async ListDatasetExportJobs({ datasetArn, ...page }, caller) {
      const { resources, nextToken } = await pageOfResources(database, datasetExportJobKind, caller, page, datasetArn);
      return { datasetExportJobs: resources.map(summaryOf), nextToken };
    },
  };
}

function summaryOf(job: DatasetExportJob) {
  const { name, arn, status, document } = job;
  return {
    jobName: name,
    datasetExportJobArn: arn,
    status,
    failureReason: document.failureReason,
    ...timesOf(job),
  };
}
