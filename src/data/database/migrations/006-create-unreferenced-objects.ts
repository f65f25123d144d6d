import type { Transaction } from 'kysely';
import { type DialectName, textType } from '../dialect.ts';
import type { Tables } from '../tables.ts';

export async function createUnreferencedObjects({ schema }: Transaction<Tables>, dialect: DialectName): Promise<void> {
  await schema
    .createTable('unreferenced_objects')
    .addColumn('name', textType(dialect), (column) => column.primaryKey())
    .addColumn('job_id', 'bigint')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
}
