import type { Transaction } from 'kysely';
import { asIdentity, type DialectName, identityType, textType } from '../dialect.ts';
import type { Tables } from '../tables.ts';

export async function createRecordLog({ schema }: Transaction<Tables>, dialect: DialectName): Promise<void> {
  const text = textType(dialect);
  await schema
    .createTable('record_layouts')
    .addColumn('id', identityType(dialect), (column) => asIdentity(column, dialect))
    .addColumn('columns', text, (column) => column.notNull().unique())
    .execute();
  await schema
    .createTable('record_log')
    .addColumn('position', identityType(dialect), (column) => asIdentity(column, dialect))
    .addColumn('dataset_arn', text, (column) => column.notNull())
    .addColumn('layout', 'bigint', (column) => column.notNull())
    .addColumn('node', text, (column) => column.notNull())
    .addColumn('records', 'bigint', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('body', text, (column) => column.notNull())
    .execute();
  await schema.createIndex('record_log_by_dataset').on('record_log').columns(['dataset_arn', 'position']).execute();
  await schema.alterTable('dataset_files').addColumn('through', 'bigint').execute();
}
