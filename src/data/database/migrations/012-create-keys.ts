import type { Transaction } from 'kysely';
import { type DialectName, textType } from '../dialect.ts';
import type { Tables } from '../tables.ts';

export async function createKeys({ schema }: Transaction<Tables>, dialect: DialectName): Promise<void> {
  const text = textType(dialect);
  await schema
    .createTable('kms_keys')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('region', text, (column) => column.notNull())
    .addColumn('description', text, (column) => column.notNull())
    .addColumn('state', text, (column) => column.notNull())
    .addColumn('policy', text, (column) => column.notNull())
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('delete_at', 'bigint')
    .addColumn('rotation_days', 'bigint')
    .addColumn('rotate_at', 'bigint')
    .execute();
  await schema
    .createTable('kms_key_versions')
    .addColumn('key_id', text, (column) => column.notNull())
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('material_id', text, (column) => column.notNull())
    .addColumn('sealed_key', text, (column) => column.notNull())
    .addColumn('rotation', text)
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('kms_key_versions_by_key', ['key_id', 'version'])
    .execute();
  await schema
    .createTable('kms_aliases')
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('region', text, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('key_id', text, (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('kms_aliases_by_name', ['account', 'region', 'name'])
    .execute();
  await schema
    .createTable('kms_tags')
    .addColumn('key_id', text, (column) => column.notNull())
    .addColumn('key', text, (column) => column.notNull())
    .addColumn('value', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('kms_tags_by_key', ['key_id', 'key'])
    .execute();
  await schema
    .createTable('kms_grants')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('key_id', text, (column) => column.notNull())
    .addColumn('grantee', text, (column) => column.notNull())
    .addColumn('retirer', text)
    .addColumn('issuer', text, (column) => column.notNull())
    .addColumn('name', text)
    .addColumn('operations', text, (column) => column.notNull())
    .addColumn('constraints', text)
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('kms_grants_by_key').on('kms_grants').column('key_id').execute();
}
