import { arnOf } from '../../contract/arn.ts';
import { resourceInUse } from '../../contract/errors.ts';
import { parseDatasetSchema } from '../../data/dataset-schema.ts';
import { refuseUnavailable } from '../availability.ts';
import type { Context } from '../context.ts';
import type { HandlersOf } from '../handler.ts';
import { deleteResource } from '../resources/deletion.ts';
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
import { type Dataset, datasetKind } from './dataset-kind.ts';
import { type Schema, schemaKind } from './schema-kind.ts';

type SchemaOperation = 'CreateSchema' | 'DescribeSchema' | 'ListSchemas' | 'DeleteSchema';

export function schemaHandlers({ database, transaction, settings }: Context): HandlersOf<SchemaOperation> {
  return {
    async CreateSchema({ name, schema, domain }, caller) {
      refuseUnavailable({ domain: domain !== undefined });
      parseDatasetSchema(schema);
      const arn = arnOf(caller, schemaKind.arnPath, { name });
      await transaction(caller.account, async (tx) => {
        await refuseExisting(tx.db, arn);
        requireRoom('schema', await countResources(tx.db, schemaKind, caller), settings.quotas.schemas);
        await insertResource(tx, schemaKind, caller, { arn, name, parent: null, document: { schema } });
      });
      return { schemaArn: arn };
    },

    async DescribeSchema({ schemaArn }, caller) {
      const schema = await getResource(database, schemaKind, schemaArn, caller);
      return { schema: { ...summaryOf(schema), schema: schema.document.schema } };
    },

    async ListSchemas(page, caller) {
      const { resources, nextToken } = await pageOfResources(database, schemaKind, caller, page);
      return { schemas: resources.map(summaryOf), nextToken };
    },

    async DeleteSchema({ schemaArn }, caller) {
      await transaction(caller.account, async (tx) => {
        const schema = await getResource(tx.db, schemaKind, schemaArn, caller);
        const datasets = await selectResources(tx.db, datasetKind, caller);
        const user = datasets.find(({ document }) => usesSchema(document, schemaArn));
        if (user) throw resourceInUse(`Schema ${schemaArn} is used by dataset ${user.arn}.`);
        await deleteResource(tx, schema);
      });
      return {};
    },
  };
}

function usesSchema({ schemaArn, latestUpdate }: Dataset['document'], arn: string): boolean {
  return schemaArn === arn || latestUpdate?.schemaArn === arn;
}

function summaryOf(schema: Schema) {
  return { name: schema.name, schemaArn: schema.arn, ...timesOf(schema) };
}
