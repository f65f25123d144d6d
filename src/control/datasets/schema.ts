import { arnOf } from '../../contract/arn.ts';
import { parseDatasetSchema } from '../../data/dataset-schema.ts';
import type { Context } from '../context.ts';
import type { HandlersOf } from '../handler.ts';
import { createResource } from '../resources/creation.ts';
import { deleteResource } from '../resources/deletion.ts';
import { pageOfResources } from '../resources/pages.ts';
import { getResource } from '../resources/resource-store.ts';
import { timesOf } from '../resources/summaries.ts';
import { type Schema, schemaKind } from './schema-kind.ts';

type SchemaOperation = 'CreateSchema' | 'DescribeSchema' | 'ListSchemas' | 'DeleteSchema';

export function schemaHandlers(context: Context): HandlersOf<SchemaOperation> {
  const { database, transaction, settings } = context;
  return {
    async CreateSchema({ name, schema, domain }, caller) {
      parseDatasetSchema(schema, domain);
      const arn = arnOf(caller, schemaKind.arnPath, { name });
      const draft = { arn, name, parent: null, document: { schema, domain } };
      await transaction(caller.account, (tx) => createResource(tx, schemaKind, settings, caller, draft));
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
      await deleteResource(context, schemaKind, schemaArn, caller);
      return {};
    },
  };
}

function summaryOf(schema: Schema) {
  return { name: schema.name, schemaArn: schema.arn, ...timesOf(schema), domain: schema.document.domain };
}
