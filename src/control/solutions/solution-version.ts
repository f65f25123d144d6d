import { invalidInput, resourceAlreadyExists, resourceInUse } from '../../contract/errors.ts';
import type { Context } from '../context.ts';
import type { Caller, HandlersOf } from '../handler.ts';
import { removeJobsOf, requestCancel } from '../jobs/queue.ts';
import { getRecipe } from '../models/recipe-lookup.ts';
import { getActive, requireStatus } from '../resources/checks.ts';
import { createResource } from '../resources/creation.ts';
import { pageOfResources } from '../resources/pages.ts';
import { changeResource, getResource, type Queryable } from '../resources/resource-store.ts';
import { timesOf } from '../resources/summaries.ts';
import { type Solution, solutionKind } from './solution-kind.ts';
import { latestTrainedVersion, type SolutionVersion, solutionVersionKind } from './solution-version-kind.ts';
import { draftVersion } from './version-draft.ts';

type SolutionVersionOperation =
  | 'CreateSolutionVersion'
  | 'DescribeSolutionVersion'
  | 'ListSolutionVersions'
  | 'StopSolutionVersionCreation'
  | 'GetSolutionMetrics';

export function solutionVersionHandlers(context: Context): HandlersOf<SolutionVersionOperation> {
  const { database, transaction, settings, cancelWork } = context;
  return {
    async CreateSolutionVersion({ solutionArn, name, trainingMode = 'FULL', tags }, caller) {
      if (trainingMode === 'AUTOTRAIN') {
        throw invalidInput('trainingMode AUTOTRAIN is that of automatic training; it must be FULL or UPDATE.');
      }
      return await transaction(caller.account, async (tx) => {
        const solution = await getActive(tx.db, solutionKind, solutionArn, caller);
        if (trainingMode === 'UPDATE') await requireUpdatable(tx.db, solution);
        if (name !== undefined) await refuseTakenName(tx.db, name, caller);
        const draft = draftVersion(solution, { name, trainingMode, trainingType: 'MANUAL' });
        await createResource(tx, solutionVersionKind, settings, caller, { ...draft, tags });
        return { solutionVersionArn: draft.arn };
      });
    },

    async DescribeSolutionVersion({ solutionVersionArn }, caller) {
      const version = await getResource(database, solutionVersionKind, solutionVersionArn, caller);
      const { prefix, model, metrics, watermark, trainedOn, datasetColumns, ...others } = version.document;
      const { update, superseded, pendingWatermark, ...shown } = others;
      return {
        solutionVersion: {
          ...versionSummaryOf(version),
          name: version.name,
          solutionArn: version.parent ?? undefined,
          ...shown,
        },
      };
    },

    async ListSolutionVersions({ solutionArn, ...page }, caller) {
      if (solutionArn !== undefined) await getResource(database, solutionKind, solutionArn, caller);
      const { resources, nextToken } = await pageOfResources(database, solutionVersionKind, caller, page, solutionArn);
      return { solutionVersions: resources.map(versionSummaryOf), nextToken };
    },

    /** Ends a training at once while it waits, by way of the trainer while it runs (spec training.md §2). */
    async StopSolutionVersionCreation({ solutionVersionArn }, caller) {
      await transaction(caller.account, async (tx) => {
        const version = await getResource(tx.db, solutionVersionKind, solutionVersionArn, caller);
        requireStatus(version, 'CREATE PENDING', 'CREATE IN_PROGRESS');
        if (version.status === 'CREATE PENDING') {
          await changeResource(tx, version, { status: 'CREATE STOPPED' });
          await removeJobsOf(tx, version.arn);
        } else {
          await changeResource(tx, version, { status: 'CREATE STOPPING' });
          await requestCancel(tx, version.arn);
        }
      });
      cancelWork(solutionVersionArn);
      return {};
    },

    async GetSolutionMetrics({ solutionVersionArn }, caller) {
      const version = await getResource(database, solutionVersionKind, solutionVersionArn, caller);
      const { metrics } = version.document;
      if (version.status !== 'ACTIVE' || !metrics) {
        throw resourceInUse(`Solution version ${solutionVersionArn} has no metrics in status ${version.status}.`);
      }
      return { solutionVersionArn, metrics: { ...metrics } };
    },
  };
}

/** @throws ServiceError InvalidInputException if its recipe is not updated by hand, or nothing has been trained yet. */
async function requireUpdatable(db: Queryable, solution: Solution): Promise<void> {
  const { name, supportsUpdateMode } = getRecipe(solution.document.recipeArn);
  if (!supportsUpdateMode) throw invalidInput(`trainingMode UPDATE is not supported by recipe ${name}.`);
  if (await latestTrainedVersion(db, solution)) return;
  throw invalidInput(
    `trainingMode UPDATE needs a solution version of ${solution.arn} in status ACTIVE that was created with trainingMode FULL.`,
  );
}

/** A name that a caller gives is unique in the account (spec resources.md §9). */
async function refuseTakenName(db: Queryable, name: string, { account, region }: Caller): Promise<void> {
  const taken = await db
    .selectFrom('resources')
    .select('arn')
    .where('kind', '=', solutionVersionKind.name)
    .where('account', '=', account)
    .where('region', '=', region)
    .where('name', '=', name)
    .executeTakeFirst();
  if (taken) throw resourceAlreadyExists(taken.arn);
}

export function versionSummaryOf(version: SolutionVersion) {
  const { arn, status, document } = version;
  const { trainingMode, trainingType, failureReason } = document;
  return { solutionVersionArn: arn, status, trainingMode, trainingType, failureReason, ...timesOf(version) };
}
