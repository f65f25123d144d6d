import { arnOf } from '../../contract/arn.ts';
import { invalidInput } from '../../contract/errors.ts';
import { type GroupKeys, keepGroupKey } from '../../data/encryption/group-keys.ts';
import type { Context } from '../context.ts';
import type { HandlersOf } from '../handler.ts';
import { createResource } from '../resources/creation.ts';
import { deleteResource } from '../resources/deletion.ts';
import { pageOfResources } from '../resources/pages.ts';
import { getResource } from '../resources/resource-store.ts';
import { timesOf } from '../resources/summaries.ts';
import { type DatasetGroup, datasetGroupKind } from './dataset-group-kind.ts';

type DatasetGroupOperation = 'CreateDatasetGroup' | 'DescribeDatasetGroup' | 'ListDatasetGroups' | 'DeleteDatasetGroup';

export function datasetGroupHandlers(context: Context): HandlersOf<DatasetGroupOperation> {
  const { database, transaction, settings, keys } = context;
  return {
    async CreateDatasetGroup({ name, roleArn, kmsKeyArn, domain, tags }, caller) {
      const use = keyUseOf(kmsKeyArn, roleArn);
      const arn = arnOf(caller, datasetGroupKind.arnPath, { name });
      const draft = { arn, name, parent: null, document: { ...use, domain }, tags };
      const key = use && (await requireKeys(keys).create(arn, use));
      await transaction(caller.account, async (tx) => {
        await createResource(tx, datasetGroupKind, settings, caller, draft);
        if (key) await keepGroupKey(tx.db, key);
      });
      return { datasetGroupArn: arn, domain };
    },

    async DescribeDatasetGroup({ datasetGroupArn }, caller) {
      const group = await getResource(database, datasetGroupKind, datasetGroupArn, caller);
      const { kmsKeyArn, roleArn } = group.document;
      return { datasetGroup: { ...summaryOf(group), kmsKeyArn, roleArn } };
    },

    async ListDatasetGroups(page, caller) {
      const { resources, nextToken } = await pageOfResources(database, datasetGroupKind, caller, page);
      return { datasetGroups: resources.map(summaryOf), nextToken };
    },

    async DeleteDatasetGroup({ datasetGroupArn }, caller) {
      await deleteResource(context, datasetGroupKind, datasetGroupArn, caller);
      return {};
    },
  };
}

function summaryOf(group: DatasetGroup) {
  const { name, arn, status, document } = group;
  return {
    name,
    datasetGroupArn: arn,
    status,
    failureReason: document.failureReason,
    ...timesOf(group),
    domain: document.domain,
  };
}

/** A key and the role that may use it, or neither (spec resources.md §9). */
function keyUseOf(kmsKeyArn: string | undefined, roleArn: string | undefined) {
  if (kmsKeyArn !== undefined && roleArn !== undefined) return { kmsKeyArn, roleArn };
  if (roleArn !== undefined) throw invalidInput('roleArn can only be given together with kmsKeyArn.');
  if (kmsKeyArn === undefined) return undefined;
  throw invalidInput('kmsKeyArn can only be given together with roleArn, the role that may use the key.');
}

function requireKeys(keys: GroupKeys | undefined): GroupKeys {
  if (keys) return keys;
  throw invalidInput('kmsKeyArn cannot be given: this server has no keys.');
}
