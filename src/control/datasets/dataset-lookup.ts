import { type DatasetSchema, parseDatasetSchema } from '../../data/dataset-schema.ts';
import type { Resource } from '../resources/resource.ts';
import { findResource, type Queryable } from '../resources/resource-store.ts';

/** The Interactions dataset of the group that a tracker belongs to; undefined while there is none. */
export async function datasetOfTracker(
  db: Queryable,
  { parent }: Resource<'event-tracker'>,
): Promise<Resource<'dataset'> | undefined> {
  const datasetArn = `${(parent ?? '').replace(':dataset-group/', ':dataset/')}/INTERACTIONS`;
  return await findResource(db, 'dataset', datasetArn);
}

/** The columns that a dataset has now. */
export async function schemaOf(db: Queryable, { arn, document }: Resource<'dataset'>): Promise<DatasetSchema> {
  const schema = await findResource(db, 'schema', document.schemaArn);
  if (!schema) throw new Error(`${arn} has no schema.`);
  return parseDatasetSchema(schema.document.schema).schema;
}
