import { arnOf } from '../../contract/arn.ts';
import { invalidInput, resourceInUse } from '../../contract/errors.ts';
import { noteUnreferenced } from '../../data/objects/unreferenced-objects.ts';
import { refuseUnavailable } from '../availability.ts';
import type { Context } from '../context.ts';
import { datasetGroupKind } from '../datasets/dataset-group-kind.ts';
import { campaignsUsing } from '../deployments/campaign-updates.ts';
import type { HandlersOf } from '../handler.ts';
import { enqueue, removeJobsOf } from '../jobs/queue.ts';
import { deleteResource, removeChildren } from '../resources/deletion.ts';
import { liveStatuses, unfinishedStatuses } from '../resources/lifecycle.ts';
import { pageOfResources } from '../resources/pages.ts';
import { requireRoom } from '../resources/quotas.ts';
import {
  changeResource,
  countResources,
  getActive,
  getResource,
  insertResource,
  refuseExisting,
  requireNoUpdate,
  requireStatus,
  selectResources,
  timesOf,
} from '../resources/resource-store.ts';
import { addTags } from '../resources/tag-store.ts';
import { checkEventsConfig } from './events-config.ts';
import { type Solution, solutionKind } from './solution-kind.ts';
import { checkSchedule, solutionSettings } from './solution-settings.ts';
import { versionSummaryOf } from './solution-version.ts';
import { solutionVersionKind } from './solution-version-kind.ts';
import { checkTrainingColumns, datasetColumnsOf } from './training-columns.ts';
import { beginSchedule } from './training-schedule.ts';

type SolutionOperation = 'CreateSolution' | 'DescribeSolution' | 'ListSolutions' | 'UpdateSolution' | 'DeleteSolution';

export function solutionHandlers({
  database,
  transaction,
  settings,
  cancelWork,
}: Context): HandlersOf<SolutionOperation> {
  return {
    async CreateSolution(input, caller) {
      const { name, datasetGroupArn, tags } = input;
      const document = solutionSettings(input);
      const { quotas } = settings;
      const arn = arnOf(caller, solutionKind.arnPath, { name });
      await transaction(caller.account, async (tx) => {
        const group = await getResource(tx.db, datasetGroupKind, datasetGroupArn, caller);
        await refuseExisting(tx.db, arn);
        requireStatus(group, 'ACTIVE');
        const live = { ...caller, parent: group.arn, statuses: liveStatuses };
        requireRoom('solution', await countResources(tx.db, solutionKind, live), quotas.solutionsPerDatasetGroup);
        const datasetColumns = await datasetColumnsOf(tx.db, { ...caller, parent: group.arn });
        checkTrainingColumns(document.solutionConfig?.trainingDataConfig, datasetColumns);
        await insertResource(tx, solutionKind, caller, {
          ...{ arn, name, parent: group.arn },
          document: { ...document, datasetColumns },
        });
        await addTags(tx, arn, tags, quotas.tagsPerResource);
        if (document.performAutoTraining) await beginSchedule(tx, arn);
      });
      return { solutionArn: arn };
    },

    async DescribeSolution({ solutionArn }, caller) {
      const solution = await getResource(database, solutionKind, solutionArn, caller);
      const versions = { ...caller, parent: solutionArn, limit: 1 };
      const [latest] = await selectResources(database, solutionVersionKind, versions);
      const { performHPO, performAutoML, performAutoTraining, performIncrementalUpdate, ...document } =
        solution.document;
      return {
        solution: {
          ...summaryOf(solution),
          ...{ performHPO, performAutoML, performAutoTraining, performIncrementalUpdate },
          datasetGroupArn: solution.parent ?? undefined,
          eventType: document.eventType,
          solutionConfig: document.solutionConfig,
          latestSolutionVersion: latest && versionSummaryOf(latest),
          latestSolutionUpdate: document.latestUpdate && updateSummaryOf(document.latestUpdate),
        },
      };
    },

    async ListSolutions({ datasetGroupArn, ...page }, caller) {
      const { resources, nextToken } = await pageOfResources(database, solutionKind, caller, page, datasetGroupArn);
      return { solutions: resources.map(summaryOf), nextToken };
    },

    async UpdateSolution({ solutionArn, ...asked }, caller) {
      if (Object.values(asked).every((value) => value === undefined)) {
        throw invalidInput('The request names nothing to update.');
      }
      refuseUnavailable({ performIncrementalUpdate: asked.performIncrementalUpdate === true });
      checkSchedule(asked.solutionUpdateConfig?.autoTrainingConfig);
      await transaction(caller.account, async (tx) => {
        const solution = await getActive(tx.db, solutionKind, solutionArn, caller);
        requireNoUpdate(solution);
        checkEventsConfig(solution.document, asked.solutionUpdateConfig?.eventsConfig);
        const times = { createdAt: tx.now, updatedAt: tx.now };
        const latestUpdate = { ...asked, status: 'CREATE PENDING', ...times } as const;
        await changeResource(tx, solution, { document: { latestUpdate } });
        await enqueue(tx, { kind: 'update-solution', resourceArn: solutionArn });
      });
      return { solutionArn };
    },

    /** Its versions and their models go with it. */
    async DeleteSolution({ solutionArn }, caller) {
      const versions = await transaction(caller.account, async (tx) => {
        const solution = await getResource(tx.db, solutionKind, solutionArn, caller);
        const unfinished = { ...caller, parent: solutionArn, statuses: unfinishedStatuses };
        const [user] = [
          ...(await campaignsUsing(tx.db, solution)),
          ...(await selectResources(tx.db, solutionVersionKind, unfinished)),
        ];
        if (user) throw resourceInUse(`Solution ${solutionArn} is in use by ${user.arn}, in status ${user.status}.`);
        await deleteResource(tx, solution);
        await removeJobsOf(tx, solutionArn);
        const removed = await removeChildren(tx, solutionVersionKind, solution);
        const prefixes = removed.map(({ document }) => document.prefix);
        await noteUnreferenced(tx.db, prefixes, tx.now);
        return removed;
      });
      for (const { arn } of versions) cancelWork(arn);
      return {};
    },
  };
}

function summaryOf(solution: Solution) {
  const { name, arn, status, document } = solution;
  return { name, solutionArn: arn, status, recipeArn: document.recipeArn, ...timesOf(solution) };
}

function updateSummaryOf(update: NonNullable<Solution['document']['latestUpdate']>) {
  const { createdAt, updatedAt, ...shown } = update;
  return { ...shown, ...timesOf({ createdAt, updatedAt }) };
}
