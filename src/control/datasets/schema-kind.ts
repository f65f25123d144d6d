import { arnPaths } from '../../contract/arn.ts';
import type { Domain } from '../../data/dataset-types.ts';
import { type CommonDocument, defineKind, type ResourceOf } from '../resources/kind.ts';
import { settingsLife } from '../resources/lifecycle.ts';

type SchemaDocument = CommonDocument & {
  readonly schema: string;
  /** Of the dataset groups that it is for; none for custom ones. */
  readonly domain?: Domain | undefined;
};

export const schemaKind = defineKind<SchemaDocument>()({
  name: 'schema',
  arnPath: arnPaths.schema,
  life: settingsLife,
  isTaggable: false,
  quotas: [{ name: 'schemas', most: 500, counts: 'live' }],
});

export type Schema = ResourceOf<typeof schemaKind>;
