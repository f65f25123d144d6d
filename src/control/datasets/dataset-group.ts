import { arnOf } from '../../contract/arn.ts';
import { invalidInput, resourceInUse } from '../../contract/errors.ts';
import { refuseUnavailable } from '../availability.ts';
import type { Context } from '../context.ts';
import type { HandlersOf } from '../handler.ts';
import { deleteResource } from '../resources/deletion.ts';
import { liveStatuses } from '../resources/lifecycle.ts';
import { pageOfResources } from '../resources/pages.ts';
import { requireRoom } from '../resources/quotas.ts';
import type { Resource } from '../resources/resource.ts';
import {
  countResources,
  getResource,
  insertResource,
  refuseExisting,
  selectResources,
  timesOf,
} from '../resources/resource-store.ts';
import { addTags } from '../resources/tag-store.ts';

type DatasetGroupOperation = 'CreateDatasetGroup' | 'DescribeDatasetGroup' | 'ListDatasetGroups' | 'DeleteDatasetGroup';

export function datasetGroupHandlers({ database, transaction, settings }: Context): HandlersOf<DatasetGroupOperation> {
  return {
    async CreateDatasetGroup({ name, roleArn, kmsKeyArn, domain, tags }, caller) {
      refuseUnavailable({ domain: domain !== undefined, kmsKeyArn: kmsKeyArn !== undefined });
      if (roleArn !== undefined) throw invalidInput('roleArn can only be given together with kmsKeyArn.');
      const { quotas } = settings;
      const arn = arnOf(caller, 'dataset-group', { name });
      await transaction(caller.account, async (tx) => {
        await refuseExisting(tx.db, arn);
        const count = await countResources(tx.db, 'dataset-group', { ...caller, statuses: liveStatuses });
        requireRoom('dataset group', count, quotas.datasetGroups);
        await insertResource(tx, caller, { arn, kind: 'dataset-group', name, parent: null, document: {} });
        await addTags(tx, arn, tags, quotas.tagsPerResource);
      });
      return { datasetGroupArn: arn };
    },

    async DescribeDatasetGroup({ datasetGroupArn }, caller) {
      return { datasetGroup: summaryOf(await getResource(database, 'dataset-group', datasetGroupArn, caller)) };
    },

    async ListDatasetGroups(page, caller) {
      const { resources, nextToken } = await pageOfResources(database, 'dataset-group', caller, page);
      return { datasetGroups: resources.map(summaryOf), nextToken };
    },

    async DeleteDatasetGroup({ datasetGroupArn }, caller) {
      await transaction(caller.account, async (tx) => {
        const group = await getResource(tx.db, 'dataset-group', datasetGroupArn, caller);
        const inGroup = { ...caller, parent: group.arn };
        const [content] = [
          ...(await selectResources(tx.db, 'dataset', inGroup)),
          ...(await selectResources(tx.db, 'event-tracker', inGroup)),
          ...(await selectResources(tx.db, 'solution', inGroup)),
        ];
        if (content) throw resourceInUse(`Dataset group ${group.arn} still holds ${content.arn}.`);
        await deleteResource(tx, group);
      });
      return {};
    },
  };
}

function summaryOf(group: Resource<'dataset-group'>) {
  const { name, arn, status, document } = group;
  return { name, datasetGroupArn: arn, status, failureReason: document.failureReason, ...timesOf(group) };
}
