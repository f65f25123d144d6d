import { arnOf } from '../../contract/arn.ts';
import type { Context } from '../context.ts';
import { completeSettings } from '../deployments/deployment-settings.ts';
import type { HandlersOf } from '../handler.ts';
import { refuseExisting } from '../resources/checks.ts';
import { createResource } from '../resources/creation.ts';
import { pageOfResources } from '../resources/pages.ts';
import { getResource } from '../resources/resource-store.ts';
import { timesOf } from '../resources/summaries.ts';
import { type BatchInferenceJob, batchInferenceJobKind } from './batch-job-kind.ts';
import { checkBatchJob } from './new-batch-job.ts';
import { checkMode } from './theme-settings.ts';

type InferenceJobOperation = 'CreateBatchInferenceJob' | 'DescribeBatchInferenceJob' | 'ListBatchInferenceJobs';

export function batchInferenceJobHandlers(context: Context): HandlersOf<InferenceJobOperation> {
  const { database, transaction, settings } = context;
  return {
    async CreateBatchInferenceJob({ jobName, tags, ...input }, caller) {
      const arn = arnOf(caller, batchInferenceJobKind.arnPath, { jobName });
      const { batchInferenceJobMode = 'BATCH_INFERENCE', themeGenerationConfig, batchInferenceJobConfig } = input;
      const mostResults = settings.quotas.recommendationsPerRequest;
      await transaction(caller.account, async (tx) => {
        await refuseExisting(tx.db, arn);
        const operation = 'CreateBatchInferenceJob';
        const { version, recipe, document } = await checkBatchJob(tx.db, operation, input, mostResults, caller);
        await checkMode(tx.db, batchInferenceJobMode, themeGenerationConfig, { version, recipe });
        const config = completeSettings(batchInferenceJobConfig ?? {}, recipe);
        const draft = {
          arn,
          name: jobName,
          parent: version.arn,
          document: {
            ...document,
            batchInferenceJobMode,
            themeGenerationConfig,
            ...(Object.keys(config).length > 0 && { batchInferenceJobConfig: config }),
          },
          tags,
        };
        await createResource(tx, batchInferenceJobKind, settings, caller, draft);
      });
      return { batchInferenceJobArn: arn };
    },

    async DescribeBatchInferenceJob({ batchInferenceJobArn }, caller) {
      const job = await getResource(database, batchInferenceJobKind, batchInferenceJobArn, caller);
      const { prefix, work, sharesLeft, latestUpdate, ...shown } = job.document;
      return { batchInferenceJob: { ...summaryOf(job), ...shown } };
    },

    async ListBatchInferenceJobs({ solutionVersionArn, ...page }, caller) {
      const found = await pageOfResources(database, batchInferenceJobKind, caller, page, solutionVersionArn);
      return { batchInferenceJobs: found.resources.map(summaryOf), nextToken: found.nextToken };
    },
  };
}

function summaryOf(job: BatchInferenceJob) {
  const { name, arn, parent, status, document } = job;
  const { failureReason, batchInferenceJobMode } = document;
  return {
    jobName: name,
    batchInferenceJobArn: arn,
    solutionVersionArn: parent ?? undefined,
    status,
    failureReason,
    batchInferenceJobMode,
    ...timesOf(job),
  };
}
