import { arnOf } from '../../contract/arn.ts';
import { checkDataLocation } from '../../data/import/location.ts';
import type { Context } from '../context.ts';
import { datasetGroupKind } from '../datasets/dataset-group-kind.ts';
import type { HandlersOf } from '../handler.ts';
import { requireStatus } from '../resources/checks.ts';
import { createResource } from '../resources/creation.ts';
import { pageOfResources } from '../resources/pages.ts';
import { getResource } from '../resources/resource-store.ts';
import { timesOf } from '../resources/summaries.ts';
import { type DataDeletionJob, dataDeletionJobKind } from './data-deletion-job-kind.ts';

type DeletionJobOperation = 'CreateDataDeletionJob' | 'DescribeDataDeletionJob' | 'ListDataDeletionJobs';

export function dataDeletionJobHandlers({
  database,
  transaction,
  settings,
}: Context): HandlersOf<DeletionJobOperation> {
  return {
    async CreateDataDeletionJob({ jobName, datasetGroupArn, dataSource, roleArn, tags }, caller) {
      const { dataLocation = '' } = dataSource;
      checkDataLocation(dataLocation);
      const arn = arnOf(caller, dataDeletionJobKind.arnPath, { jobName });
      await transaction(caller.account, async (tx) => {
        requireStatus(await getResource(tx.db, datasetGroupKind, datasetGroupArn, caller), 'ACTIVE');
        const draft = { arn, name: jobName, parent: datasetGroupArn, document: { dataLocation, roleArn }, tags };
        await createResource(tx, dataDeletionJobKind, settings, caller, draft);
      });
      return { dataDeletionJobArn: arn };
    },

    async DescribeDataDeletionJob({ dataDeletionJobArn }, caller) {
      const job = await getResource(database, dataDeletionJobKind, dataDeletionJobArn, caller);
      const { dataLocation, roleArn, numDeleted } = job.document;
      const counted = job.status === 'COMPLETED' && { numDeleted: numDeleted ?? 0 };
      return { dataDeletionJob: { ...summaryOf(job), dataSource: { dataLocation }, roleArn, ...counted } };
    },

    async ListDataDeletionJobs({ datasetGroupArn, ...page }, caller) {
      const { resources, nextToken } = await pageOfResources(
        database,
        dataDeletionJobKind,
        caller,
        page,
        datasetGroupArn,
      );
      return { dataDeletionJobs: resources.map(summaryOf), nextToken };
    },
  };
}

function summaryOf(job: DataDeletionJob) {
  const { name, arn, status, document, parent } = job;
  const { failureReason } = document;
  return {
    jobName: name,
    dataDeletionJobArn: arn,
    datasetGroupArn: parent ?? undefined,
    status,
    failureReason,
    ...timesOf(job),
  };
}
