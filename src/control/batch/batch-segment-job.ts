import { arnOf } from '../../contract/arn.ts';
import type { Context } from '../context.ts';
import type { HandlersOf } from '../handler.ts';
import { refuseExisting } from '../resources/checks.ts';
import { createResource } from '../resources/creation.ts';
import { pageOfResources } from '../resources/pages.ts';
import { getResource } from '../resources/resource-store.ts';
import { timesOf } from '../resources/summaries.ts';
import { type BatchSegmentJob, batchSegmentJobKind } from './batch-job-kind.ts';
import { checkBatchJob } from './new-batch-job.ts';

type SegmentJobOperation = 'CreateBatchSegmentJob' | 'DescribeBatchSegmentJob' | 'ListBatchSegmentJobs';

export function batchSegmentJobHandlers(context: Context): HandlersOf<SegmentJobOperation> {
  const { database, transaction, settings } = context;
  return {
    async CreateBatchSegmentJob({ jobName, tags, ...input }, caller) {
      const arn = arnOf(caller, batchSegmentJobKind.arnPath, { jobName });
      const mostResults = settings.quotas.usersPerSegment;
      await transaction(caller.account, async (tx) => {
        await refuseExisting(tx.db, arn);
        const operation = 'CreateBatchSegmentJob';
        const { version, document } = await checkBatchJob(tx.db, operation, input, mostResults, caller);
        const draft = { arn, name: jobName, parent: version.arn, document, tags };
        await createResource(tx, batchSegmentJobKind, settings, caller, draft);
      });
      return { batchSegmentJobArn: arn };
    },

    async DescribeBatchSegmentJob({ batchSegmentJobArn }, caller) {
      const job = await getResource(database, batchSegmentJobKind, batchSegmentJobArn, caller);
      const { prefix, work, sharesLeft, latestUpdate, ...shown } = job.document;
      return { batchSegmentJob: { ...summaryOf(job), ...shown } };
    },

    async ListBatchSegmentJobs({ solutionVersionArn, ...page }, caller) {
      const found = await pageOfResources(database, batchSegmentJobKind, caller, page, solutionVersionArn);
      return { batchSegmentJobs: found.resources.map(summaryOf), nextToken: found.nextToken };
    },
  };
}

function summaryOf(job: BatchSegmentJob) {
  const { name, arn, parent, status, document } = job;
  return {
    jobName: name,
    batchSegmentJobArn: arn,
    solutionVersionArn: parent ?? undefined,
    status,
    failureReason: document.failureReason,
    ...timesOf(job),
  };
}
