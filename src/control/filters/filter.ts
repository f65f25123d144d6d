import { arnOf } from '../../contract/arn.ts';
import type { Context } from '../context.ts';
import { datasetGroupKind } from '../datasets/dataset-group-kind.ts';
import type { HandlersOf } from '../handler.ts';
import { createResource } from '../resources/creation.ts';
import { deleteResource } from '../resources/deletion.ts';
import { pageOfResources } from '../resources/pages.ts';
import { getResource } from '../resources/resource-store.ts';
import { timesOf } from '../resources/summaries.ts';
import { type Filter, filterKind } from './filter-kind.ts';
import { checkNewFilter } from './new-filter.ts';

type FilterOperation = 'CreateFilter' | 'DescribeFilter' | 'ListFilters' | 'DeleteFilter';

export function filterHandlers(context: Context): HandlersOf<FilterOperation> {
  const { database, transaction, settings, answers } = context;
  return {
    async CreateFilter({ name, datasetGroupArn, filterExpression, tags }, caller) {
      const arn = arnOf(caller, filterKind.arnPath, { name });
      await transaction(caller.account, async (tx) => {
        const group = await getResource(tx.db, datasetGroupKind, datasetGroupArn, caller);
        const schemas = await checkNewFilter(tx.db, settings, group, filterExpression);
        const draft = { arn, name, parent: group.arn, document: { filterExpression, schemas }, tags };
        await createResource(tx, filterKind, settings, caller, draft);
      });
      // What requests with the filter need is read ahead of them.
      void answers.views.keeper.look();
      return { filterArn: arn };
    },

    async DescribeFilter({ filterArn }, caller) {
      const filter = await getResource(database, filterKind, filterArn, caller);
      return { filter: { ...summaryOf(filter), filterExpression: filter.document.filterExpression } };
    },

    async ListFilters({ datasetGroupArn, ...page }, caller) {
      const { resources, nextToken } = await pageOfResources(database, filterKind, caller, page, datasetGroupArn);
      return { Filters: resources.map(summaryOf), nextToken };
    },

    async DeleteFilter({ filterArn }, caller) {
      await deleteResource(context, filterKind, filterArn, caller);
      await answers.filters.forget(filterArn);
      return {};
    },
  };
}

function summaryOf(filter: Filter) {
  const { name, arn, parent, status, document } = filter;
  const { failureReason } = document;
  return { name, filterArn: arn, datasetGroupArn: parent ?? undefined, status, failureReason, ...timesOf(filter) };
}
