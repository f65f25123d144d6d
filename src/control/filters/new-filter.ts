import { invalidInput, limitExceeded } from '../../contract/errors.ts';
import { readFilter } from '../../serve/filters/checker.ts';
import { FilterError } from '../../serve/filters/filter-error.ts';
import { needsOf } from '../../serve/filters/needs.ts';
import { fieldsOf, type GroupSchemas, schemasRead } from '../../serve/filters/schemas.ts';
import type { DatasetGroup } from '../datasets/dataset-group-kind.ts';
import { datasetKind, schemaOf } from '../datasets/dataset-kind.ts';
import { type Queryable, selectResources } from '../resources/resource-store.ts';
import type { Settings } from '../settings.ts';
import { filterKind } from './filter-kind.ts';

/**
 * Holds an expression against the schemas that the group's datasets have now.
 *
 * @returns the columns that it reads
 * @throws ServiceError InvalidInputException with the place in the expression that is wrong, LimitExceededException if
 *   the group's filters would name too many fields together
 */
export async function checkNewFilter(
  db: Queryable,
  { quotas }: Pick<Settings, 'quotas'>,
  group: DatasetGroup,
  expression: string,
): Promise<GroupSchemas> {
  const schemas = columnsRead(expression, await schemasOf(db, group), quotas.fieldsPerFilter);
  const { account, region, arn: parent } = group;
  const others = await selectResources(db, filterKind, { account, region, parent });
  const fields = new Set([schemas, ...others.map(({ document }) => document.schemas)].flatMap(fieldsOf));
  const most = quotas.filterFieldsPerDatasetGroup;
  if (fields.size <= most) return schemas;
  throw limitExceeded(
    `Cannot create a filter. The filters of dataset group ${parent} would name ${fields.size} different fields; ` +
      `together they may name ${most}.`,
  );
}

function columnsRead(expression: string, schemas: GroupSchemas, mostFields: number): GroupSchemas {
  try {
    return schemasRead(schemas, needsOf(readFilter(expression, schemas, mostFields)));
  } catch (error) {
    throw error instanceof FilterError ? invalidInput(error.message) : error;
  }
}

/** The columns of the group's datasets. */
async function schemasOf(db: Queryable, { account, region, arn: parent }: DatasetGroup): Promise<GroupSchemas> {
  const datasets = await selectResources(db, datasetKind, { account, region, parent });
  const schemas = datasets.map(async (dataset) => [dataset.document.datasetType, await schemaOf(db, dataset)] as const);
  return Object.fromEntries(await Promise.all(schemas));
}
