import { arnOf } from '../../contract/arn.ts';
import { invalidInput, resourceInUse } from '../../contract/errors.ts';
import { checkSchemaFits, parseDatasetSchema } from '../../data/dataset-schema.ts';
import { type DatasetType, datasetTypes } from '../../data/dataset-types.ts';
import { clearDataset } from '../../data/manifest.ts';
import { noteUnreferenced } from '../../data/objects/unreferenced-objects.ts';
import { refuseUnavailable } from '../availability.ts';
import type { Context } from '../context.ts';
import { campaignKind } from '../deployments/campaign-kind.ts';
import type { Caller, HandlersOf } from '../handler.ts';
import { enqueue } from '../jobs/queue.ts';
import { deleteResource, removeChildren } from '../resources/deletion.ts';
import { unfinishedStatuses } from '../resources/lifecycle.ts';
import { pageOfResources } from '../resources/pages.ts';
import {
  changeResource,
  getActive,
  getResource,
  insertResource,
  type Queryable,
  refuseExisting,
  requireStatus,
  selectResources,
  timesOf,
} from '../resources/resource-store.ts';
import { addTags } from '../resources/tag-store.ts';
import { solutionKind } from '../solutions/solution-kind.ts';
import { solutionVersionKind } from '../solutions/solution-version-kind.ts';
import { datasetGroupKind } from './dataset-group-kind.ts';
import { datasetImportJobKind } from './dataset-import-job-kind.ts';
import { type Dataset, datasetKind } from './dataset-kind.ts';
import { eventTrackerKind } from './event-tracker-kind.ts';
import { schemaKind } from './schema-kind.ts';
import { checkReplacement } from './schema-replacement.ts';

type DatasetOperation = 'CreateDataset' | 'DescribeDataset' | 'ListDatasets' | 'UpdateDataset' | 'DeleteDataset';

export function datasetHandlers({ database, transaction, settings, datasets }: Context): HandlersOf<DatasetOperation> {
  return {
    async CreateDataset({ name, schemaArn, datasetGroupArn, datasetType: givenType, tags }, caller) {
      const datasetType = parseDatasetType(givenType);
      return await transaction(caller.account, async (tx) => {
        const group = await getResource(tx.db, datasetGroupKind, datasetGroupArn, caller);
        const schema = await getResource(tx.db, schemaKind, schemaArn, caller);
        const arn = arnOf(caller, datasetKind.arnPath, { datasetGroupName: group.name, datasetType });
        await refuseExisting(tx.db, arn);
        requireStatus(group, 'ACTIVE');
        checkSchemaFits(parseDatasetSchema(schema.document.schema), datasetType);
        const document = { datasetType, schemaArn };
        await insertResource(tx, datasetKind, caller, { arn, name, parent: group.arn, document });
        await clearDataset(tx.db, arn); // of records that came while a former dataset of the name was deleted
        await addTags(tx, arn, tags, settings.quotas.tagsPerResource);
        return { datasetArn: arn };
      });
    },

    async DescribeDataset({ datasetArn }, caller) {
      const dataset = await getResource(database, datasetKind, datasetArn, caller);
      const { schemaArn, latestUpdate } = dataset.document;
      return {
        dataset: {
          ...summaryOf(dataset),
          ...{ schemaArn, datasetGroupArn: dataset.parent ?? undefined },
          latestDatasetUpdate: latestUpdate && {
            schemaArn: latestUpdate.schemaArn,
            status: latestUpdate.status,
            failureReason: latestUpdate.failureReason,
            ...timesOf(latestUpdate),
          },
        },
      };
    },

    async ListDatasets({ datasetGroupArn, ...page }, caller) {
      const { resources, nextToken } = await pageOfResources(database, datasetKind, caller, page, datasetGroupArn);
      return { datasets: resources.map(summaryOf), nextToken };
    },

    /** Replaces the schema by one with more columns (spec datasets.md §7). */
    async UpdateDataset({ datasetArn, schemaArn }, caller) {
      await transaction(caller.account, async (tx) => {
        const dataset = await getActive(tx.db, datasetKind, datasetArn, caller);
        const { document } = dataset;
        const schema = await getResource(tx.db, schemaKind, schemaArn, caller);
        const present = await getResource(tx.db, schemaKind, document.schemaArn, caller);
        const replacement = parseDatasetSchema(schema.document.schema);
        checkSchemaFits(replacement, document.datasetType);
        checkReplacement(document.datasetType, parseDatasetSchema(present.document.schema).schema, replacement.schema);
        await refuseRunningImports(tx.db, dataset, caller);
        const times = { createdAt: tx.now, updatedAt: tx.now };
        const latestUpdate = { schemaArn, status: 'UPDATE PENDING', ...times } as const;
        await changeResource(tx, dataset, { status: latestUpdate.status, document: { latestUpdate } });
        await enqueue(tx, { kind: 'update-dataset', resourceArn: dataset.arn });
      });
      datasets.forget(datasetArn);
      return { datasetArn };
    },

    /** Its data goes with it, and so do its import jobs, whose names are free then. */
    async DeleteDataset({ datasetArn }, caller) {
      await transaction(caller.account, async (tx) => {
        const dataset = await getResource(tx.db, datasetKind, datasetArn, caller);
        requireStatus(dataset, 'ACTIVE', 'CREATE FAILED');
        await refuseRunningImports(tx.db, dataset, caller);
        await refuseTracker(tx.db, dataset, caller);
        await refuseUsers(tx.db, dataset, caller);
        await deleteResource(tx, dataset);
        await removeChildren(tx, datasetImportJobKind, dataset);
        const keys = (await clearDataset(tx.db, datasetArn)).map(({ key }) => key);
        await noteUnreferenced(tx.db, keys, tx.now);
      });
      datasets.forget(datasetArn);
      return {};
    },
  };
}

/** @throws ServiceError InvalidInputException for a type that does not exist, or not yet. */
function parseDatasetType(given: string): DatasetType {
  const type = datasetTypes.find((candidate) => candidate === given.toUpperCase());
  if (!type) {
    throw invalidInput(`Dataset type ${given} is invalid; it must be one of Interactions, Items, Users.`);
  }
  refuseUnavailable({ [`datasetType ${given}`]: type === 'ACTIONS' || type === 'ACTION_INTERACTIONS' });
  return type;
}

async function refuseRunningImports(db: Queryable, { arn }: Dataset, caller: Caller): Promise<void> {
  const selection = { ...caller, parent: arn, statuses: unfinishedStatuses };
  const [job] = await selectResources(db, datasetImportJobKind, selection);
  if (job) throw resourceInUse(`Dataset ${arn} is in use by ${job.arn}, which is in status ${job.status}.`);
}

/** An event tracker needs the dataset that its events go to (spec datasets.md §10). */
async function refuseTracker(db: Queryable, { arn, parent, document }: Dataset, caller: Caller): Promise<void> {
  if (document.datasetType !== 'INTERACTIONS') return;
  const [tracker] = await selectResources(db, eventTrackerKind, { ...caller, parent: parent ?? undefined });
  if (tracker) throw resourceInUse(`Dataset ${arn} is in use by ${tracker.arn}.`);
}

/** Trainings in progress, and campaigns that are or will be ACTIVE, of the whole dataset group (spec datasets.md §10). */
async function refuseUsers(db: Queryable, { arn, parent }: Dataset, caller: Caller): Promise<void> {
  const solutions = await selectResources(db, solutionKind, { ...caller, parent: parent ?? undefined });
  for (const solution of solutions) {
    const ofSolution = { ...caller, parent: solution.arn };
    const [user] = [
      ...(await selectResources(db, solutionVersionKind, { ...ofSolution, statuses: unfinishedStatuses })),
      ...(await selectResources(db, campaignKind, { ...ofSolution, statuses: ['ACTIVE', ...unfinishedStatuses] })),
    ];
    if (user) throw resourceInUse(`Dataset ${arn} is in use by ${user.arn}, which is in status ${user.status}.`);
  }
}

function summaryOf(dataset: Dataset) {
  const { name, arn, status, document } = dataset;
  return { name, datasetArn: arn, datasetType: document.datasetType, status, ...timesOf(dataset) };
}
