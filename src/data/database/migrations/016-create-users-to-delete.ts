import type { Transaction } from 'kysely';
import { type DialectName, textType } from '../dialect.ts';
import type { Tables } from '../tables.ts';

export async function createUsersToDelete({ schema }: Transaction<Tables>, dialect: DialectName): Promise<void> {
  const text = textType(dialect);
  await schema
    .createTable('users_to_delete')
    .addColumn('job_arn', text, (column) => column.notNull())
    .addColumn('part', 'bigint', (column) => column.notNull())
    .addColumn('dataset_group_arn', text, (column) => column.notNull())
    .addColumn('body', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('users_to_delete_by_part', ['job_arn', 'part'])
    .execute();
}
