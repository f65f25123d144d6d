import { arnOf } from '../../contract/arn.ts';
import { invalidInput } from '../../contract/errors.ts';
import type { Context } from '../context.ts';
import { type DatasetGroup, datasetGroupKind } from '../datasets/dataset-group-kind.ts';
import type { HandlersOf } from '../handler.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { getRecipe } from '../models/recipe-lookup.ts';
import { checkTrainingColumns, datasetColumnsOf } from '../models/training-columns.ts';
import { getActive, refuseExisting, requireNoUpdate, requireStatus } from '../resources/checks.ts';
import { createResource } from '../resources/creation.ts';
import { deleteResource } from '../resources/deletion.ts';
import { pageOfResources } from '../resources/pages.ts';
import { changeResource, getResource, selectResources } from '../resources/resource-store.ts';
import { timesOf, updateSummaryOf } from '../resources/summaries.ts';
import { newUpdate } from '../resources/updates.ts';
import { checkEventsConfig } from './events-config.ts';
import { type Solution, solutionKind } from './solution-kind.ts';
import { checkIncrementalUpdate, checkSchedule, solutionSettings } from './solution-settings.ts';
import { versionSummaryOf } from './solution-version.ts';
import { solutionVersionKind } from './solution-version-kind.ts';
import { beginSchedule } from './training-schedule.ts';

type SolutionOperation = 'CreateSolution' | 'DescribeSolution' | 'ListSolutions' | 'UpdateSolution' | 'DeleteSolution';

export function solutionHandlers(context: Context): HandlersOf<SolutionOperation> {
  const { database, transaction } = context;
  return {
    async CreateSolution(input, caller) {
      const { name, datasetGroupArn, tags } = input;
      const settings = solutionSettings(input);
      const arn = arnOf(caller, solutionKind.arnPath, { name });
      await transaction(caller.account, async (tx) => {
        const group = await getResource(tx.db, datasetGroupKind, datasetGroupArn, caller);
        await refuseExisting(tx.db, arn);
        requireStatus(group, 'ACTIVE');
        refuseActionsInDomain(group, settings.recipeArn);
        const datasetColumns = await datasetColumnsOf(tx.db, { ...caller, parent: group.arn });
        checkTrainingColumns(settings.solutionConfig?.trainingDataConfig, datasetColumns);
        const document = { ...settings, datasetColumns };
        await createResource(tx, solutionKind, context.settings, caller, {
          arn,
          name,
          parent: group.arn,
          document,
          tags,
        });
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
          performHPO,
          performAutoML,
          performAutoTraining,
          performIncrementalUpdate,
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
      checkSchedule(asked.solutionUpdateConfig?.autoTrainingConfig);
      await transaction(caller.account, async (tx) => {
        const solution = await getActive(tx.db, solutionKind, solutionArn, caller);
        requireNoUpdate(solution);
        checkIncrementalUpdate(solution.document.recipeArn, asked.performIncrementalUpdate);
        checkEventsConfig(solution.document, asked.solutionUpdateConfig?.eventsConfig);
        const latestUpdate = newUpdate(asked, 'CREATE PENDING', tx.now);
        await changeResource(tx, solution, { document: { latestUpdate } });
        await enqueue(tx, solutionKind, 'update-solution', solution);
      });
      return { solutionArn };
    },

    /** Its versions and their models go with it. */
    async DeleteSolution({ solutionArn }, caller) {
      await deleteResource(context, solutionKind, solutionArn, caller);
      return {};
    },
  };
}

/** @throws ServiceError InvalidInputException for a recipe of actions in a group that cannot have datasets of them */
function refuseActionsInDomain({ arn, document: { domain } }: DatasetGroup, recipeArn: string): void {
  const { name, recipeType } = getRecipe(recipeArn);
  if (domain === undefined || recipeType !== 'PERSONALIZED_ACTIONS') return;
  throw invalidInput(
    `Recipe ${name} is for dataset groups without a domain, but dataset group ${arn} is of the domain ${domain}.`,
  );
}

function summaryOf(solution: Solution) {
  const { name, arn, status, document } = solution;
  return { name, solutionArn: arn, status, recipeArn: document.recipeArn, ...timesOf(solution) };
}
