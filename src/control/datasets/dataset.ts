import { randomUUID } from 'node:crypto';
import { arnOf } from '../../contract/arn.ts';
import { invalidInput, resourceInUse } from '../../contract/errors.ts';
import {
  checkSchemaFits,
  checkTypeInDomain,
  type ParsedSchema,
  parseDatasetSchema,
} from '../../data/dataset-schema.ts';
import { type DatasetType, type Domain, datasetTypes, typeNames } from '../../data/dataset-types.ts';
import { clearDataset } from '../../data/manifest.ts';
import type { Context } from '../context.ts';
import type { Caller, HandlersOf } from '../handler.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { getActive, refuseExisting, requireStatus } from '../resources/checks.ts';
import { createResource } from '../resources/creation.ts';
import { deleteResource } from '../resources/deletion.ts';
import { unfinishedStatuses } from '../resources/lifecycle.ts';
import { pageOfResources } from '../resources/pages.ts';
import { changeResource, getResource, type Queryable, selectResources } from '../resources/resource-store.ts';
import { timesOf, updateSummaryOf } from '../resources/summaries.ts';
import { newUpdate } from '../resources/updates.ts';
import { type DatasetGroup, datasetGroupKind } from './dataset-group-kind.ts';
import { datasetImportJobKind } from './dataset-import-job-kind.ts';
import { type Dataset, datasetKind } from './dataset-kind.ts';
import { actionTrackerKey } from './record-caches.ts';
import { type Schema, schemaKind } from './schema-kind.ts';
import { checkReplacement } from './schema-replacement.ts';

type DatasetOperation = 'CreateDataset' | 'DescribeDataset' | 'ListDatasets' | 'UpdateDataset' | 'DeleteDataset';

export function datasetHandlers(context: Context): HandlersOf<DatasetOperation> {
  const { database, transaction, settings, records } = context;
  return {
    async CreateDataset({ name, schemaArn, datasetGroupArn, datasetType: givenType, tags }, caller) {
      const datasetType = parseDatasetType(givenType);
      return await transaction(caller.account, async (tx) => {
        const group = await getResource(tx.db, datasetGroupKind, datasetGroupArn, caller);
        const schema = await getResource(tx.db, schemaKind, schemaArn, caller);
        const arn = arnOf(caller, datasetKind.arnPath, { datasetGroupName: group.name, datasetType });
        await refuseExisting(tx.db, arn);
        requireStatus(group, 'ACTIVE');
        checkSchema(schema, datasetType, group);
        const trackingId = datasetType === 'ACTION_INTERACTIONS' ? randomUUID() : undefined;
        const draft = { arn, name, parent: group.arn, document: { datasetType, schemaArn, trackingId }, tags };
        await createResource(tx, datasetKind, settings, caller, draft);
        await clearDataset(tx.db, arn); // of records that came while a former dataset of the name was deleted
        return { datasetArn: arn };
      });
    },

    async DescribeDataset({ datasetArn }, caller) {
      const dataset = await getResource(database, datasetKind, datasetArn, caller);
      const { schemaArn, latestUpdate, trackingId } = dataset.document;
      return {
        dataset: {
          ...summaryOf(dataset),
          schemaArn,
          datasetGroupArn: dataset.parent ?? undefined,
          trackingId,
          latestDatasetUpdate: latestUpdate && updateSummaryOf(latestUpdate),
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
        const group = await getResource(tx.db, datasetGroupKind, dataset.parent ?? '', caller);
        const replacement = checkSchema(schema, document.datasetType, group);
        checkReplacement(document.datasetType, parseDatasetSchema(present.document.schema).schema, replacement.schema);
        await refuseRunningImports(tx.db, dataset, caller);
        const status = 'UPDATE PENDING';
        const latestUpdate = newUpdate({ schemaArn }, status, tx.now);
        await changeResource(tx, dataset, { status, document: { latestUpdate } });
        await enqueue(tx, datasetKind, 'update-dataset', dataset);
      });
      await records.datasets.forget(datasetArn);
      return { datasetArn };
    },

    /** Its data goes with it, and so do its import jobs, whose names are free then. */
    async DeleteDataset({ datasetArn }, caller) {
      const { trackingId } = (await getResource(database, datasetKind, datasetArn, caller)).document;
      await deleteResource(context, datasetKind, datasetArn, caller);
      await records.datasets.forget(datasetArn);
      if (trackingId !== undefined) await records.actionTrackers.forget(actionTrackerKey(caller, trackingId));
      return {};
    },
  };
}

/** @throws ServiceError InvalidInputException for a type that does not exist */
function parseDatasetType(given: string): DatasetType {
  const type = datasetTypes.find((candidate) => candidate === given.toUpperCase());
  if (!type) {
    const names = Object.values(typeNames).join(', ');
    throw invalidInput(`Dataset type ${given} is invalid; it must be one of ${names}.`);
  }
  return type;
}

/**
 * Whether a dataset of the group and type may have the schema.
 *
 * @throws ServiceError InvalidInputException for a schema of another domain or another type.
 */
function checkSchema({ arn, document }: Schema, type: DatasetType, group: DatasetGroup): ParsedSchema {
  const { domain } = group.document;
  if (domain !== undefined) checkTypeInDomain(type, domain);
  if (document.domain !== domain) {
    const told = (one: Domain | undefined) => (one === undefined ? 'has no domain' : `is of the domain ${one}`);
    throw invalidInput(
      `Schema ${arn} ${told(document.domain)}, but dataset group ${group.arn} ${told(domain)}; they must be the same.`,
    );
  }
  const parsed = parseDatasetSchema(document.schema);
  checkSchemaFits(parsed, type, domain);
  return parsed;
}

async function refuseRunningImports(db: Queryable, { arn }: Dataset, caller: Caller): Promise<void> {
  const selection = { ...caller, parent: arn, statuses: unfinishedStatuses(datasetImportJobKind.life) };
  const [job] = await selectResources(db, datasetImportJobKind, selection);
  if (job) throw resourceInUse(`Dataset ${arn} is in use by ${job.arn}, which is in status ${job.status}.`);
}

function summaryOf(dataset: Dataset) {
  const { name, arn, status, document } = dataset;
  return { name, datasetArn: arn, datasetType: document.datasetType, status, ...timesOf(dataset) };
}
