import { type DatasetSchema, parseDatasetSchema } from '../../data/dataset-schema.ts';
import { findResource, type Queryable } from '../resources/resource-store.ts';
import { type Dataset, datasetKind } from './dataset-kind.ts';
import type { EventTracker } from './event-tracker-kind.ts';
import { schemaKind } from './schema-kind.ts';

/** The Interactions dataset of the group that a tracker belongs to; undefined while there is none. */
export async function datasetOfTracker(db: Queryable, { parent }: EventTracker): Promise<Dataset | undefined> {
  const datasetArn = `${(parent ?? '').replace(':dataset-group/', ':dataset/')}/INTERACTIONS`;
  return await findResource(db, datasetKind, datasetArn);
}

/** The columns that a dataset has now. */
export async function schemaOf(db: Queryable, { arn, document }: Dataset): Promise<DatasetSchema> {
  const schema = await findResource(db, schemaKind, document.schemaArn);
  if (!schema) throw new Error(`${arn} has no schema.`);
  return parseDatasetSchema(schema.document.schema).schema;
}
