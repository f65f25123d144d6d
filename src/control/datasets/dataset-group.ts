import { arnOf } from '../../contract/arn.ts';
import { invalidInput } from '../../contract/errors.ts';
import { refuseUnavailable } from '../availability.ts';
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
  const { database, transaction, settings } = context;
  return {
    async CreateDatasetGroup({ name, roleArn, kmsKeyArn, domain, tags }, caller) {
      refuseUnavailable({ domain: domain !== undefined, kmsKeyArn: kmsKeyArn !== undefined });
      if (roleArn !== undefined) throw invalidInput('roleArn can only be given together with kmsKeyArn.');
      const arn = arnOf(caller, datasetGroupKind.arnPath, { name });
      const draft = { arn, name, parent: null, document: {}, tags };
      await transaction(caller.account, (tx) => createResource(tx, datasetGroupKind, settings, caller, draft));
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
      await deleteResource(context, datasetGroupKind, datasetGroupArn, caller);
      return {};
    },
  };
}

function summaryOf(group: DatasetGroup) {
  const { name, arn, status, document } = group;
  return { name, datasetGroupArn: arn, status, failureReason: document.failureReason, ...timesOf(group) };
}
