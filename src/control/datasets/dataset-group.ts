import { arnOf } from '../../contract/arn.ts';
import { invalidInput, resourceInUse } from '../../contract/errors.ts';
import { refuseUnavailable } from '../availability.ts';
import type { Context } from '../context.ts';
import type { HandlersOf } from '../handler.ts';
import { deleteResource } from '../resources/deletion.ts';
import { liveStatuses } from '../resources/lifecycle.ts';
import { pageOfResources } from '../resources/pages.ts';
import { requireRoom } from '../resources/quotas.ts';
import {
  countResources,
  getResource,
  insertResource,
  refuseExisting,
  selectResources,
  timesOf,
} from '../resources/resource-store.ts';
import { addTags } from '../resources/tag-store.ts';
import { solutionKind } from '../solutions/solution-kind.ts';
import { type DatasetGroup, datasetGroupKind } from './dataset-group-kind.ts';
import { datasetKind } from './dataset-kind.ts';
import { eventTrackerKind } from './event-tracker-kind.ts';

type DatasetGroupOperation = 'CreateDatasetGroup' | 'DescribeDatasetGroup' | 'ListDatasetGroups' | 'DeleteDatasetGroup';

export function datasetGroupHandlers({ database, transaction, settings }: Context): HandlersOf<DatasetGroupOperation> {
  return {
    async CreateDatasetGroup({ name, roleArn, kmsKeyArn, domain, tags }, caller) {
      refuseUnavailable({ domain: domain !== undefined, kmsKeyArn: kmsKeyArn !== undefined });
      if (roleArn !== undefined) throw invalidInput('roleArn can only be given together with kmsKeyArn.');
      const { quotas } = settings;
      const arn = arnOf(caller, datasetGroupKind.arnPath, { name });
      await transaction(caller.account, async (tx) => {
        await refuseExisting(tx.db, arn);
        const count = await countResources(tx.db, datasetGroupKind, { ...caller, statuses: liveStatuses });
        requireRoom('dataset group', count, quotas.datasetGroups);
        await insertResource(tx, datasetGroupKind, caller, { arn, name, parent: null, document: {} });
        await addTags(tx, arn, tags, quotas.tagsPerResource);
      });
      return { datasetGroupArn: arn };
    },

    async DescribeDatasetGroup({ datasetGroupArn }, caller) {
      return { datasetGroup: summaryOf(await getResource(database, datasetGroupKind, datasetGroupArn, caller)) };
    },

    async ListDatasetGroups(page, caller) {
      const { resources, nextToken } = await pageOfResources(database, datasetGroupKind, caller, page);
      return { datasetGroups: resources.map(summaryOf), nextToken };
    },

    async DeleteDatasetGroup({ datasetGroupArn }, caller) {
      await transaction(caller.account, async (tx) => {
        const group = await getResource(tx.db, datasetGroupKind, datasetGroupArn, caller);
        const inGroup = { ...caller, parent: group.arn };
        const [content] = [
          ...(await selectResources(tx.db, datasetKind, inGroup)),
          ...(await selectResources(tx.db, eventTrackerKind, inGroup)),
          ...(await selectResources(tx.db, solutionKind, inGroup)),
        ];
        if (content) throw resourceInUse(`Dataset group ${group.arn} still holds ${content.arn}.`);
        await deleteResource(tx, group);
      });
      return {};
    },
  };
}

function summaryOf(group: DatasetGroup) {
  const { name, arn, status, document } = group;
  return { name, datasetGroupArn: arn, status, failureReason: document.failureReason, ...timesOf(group) };
}
