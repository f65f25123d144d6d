import type { Transaction } from 'kysely';
import { type DialectName, textType } from '../dialect.ts';
import type { Tables } from '../tables.ts';

export async function createGroupKeys({ schema }: Transaction<Tables>, dialect: DialectName): Promise<void> {
  const text = textType(dialect);
  await schema
    .createTable('group_keys')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('dataset_group_arn', text, (column) => column.notNull())
    .addColumn('kms_key_arn', text, (column) => column.notNull())
    .addColumn('role_arn', text, (column) => column.notNull())
    .addColumn('wrapped', text, (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('group_keys_by_group')
    .on('group_keys')
    .columns(['dataset_group_arn', 'created_at'])
    .execute();
}
