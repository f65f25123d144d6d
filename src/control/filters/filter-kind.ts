import { arnPaths } from '../../contract/arn.ts';
import type { Database } from '../../data/database/database.ts';
import type { GroupSchemas } from '../../serve/filters/schemas.ts';
import { datasetGroupKind } from '../datasets/dataset-group-kind.ts';
import { type Dataset, datasetKind } from '../datasets/dataset-kind.ts';
import { type CommonDocument, defineKind, type ResourceOf, use } from '../resources/kind.ts';
import { settingsLife } from '../resources/lifecycle.ts';
import { selectResources } from '../resources/resource-store.ts';

type FilterDocument = CommonDocument & {
  /** As it was written. */
  readonly filterExpression: string;
  /**
   * The columns that it reads, as they were at its creation. It is read by these ever after, so that no change of a
   * schema can make a request fail: a column that is gone has no values.
   */
  readonly schemas: GroupSchemas;
};

export const filterKind = defineKind<FilterDocument>()({
  name: 'filter',
  arnPath: arnPaths.filter,
  life: settingsLife,
  isTaggable: true,
  parent: datasetGroupKind,
  quotas: [{ name: 'filtersPerDatasetGroup', most: 30, counts: 'live', among: async (_db, group) => [group] }],
  uses: [use(datasetKind, filtersBeside)],
});

export type Filter = ResourceOf<typeof filterKind>;

/** A dataset stays for as long as its group has any filter, whichever columns it reads (spec datasets.md §10). */
async function filtersBeside(db: Database, { account, region, parent }: Dataset): Promise<Filter[]> {
  return parent === null ? [] : await selectResources(db, filterKind, { account, region, parent });
}
