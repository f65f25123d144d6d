import type { Transaction } from 'kysely';
import type { Tables } from '../tables.ts';

/** What an attempt threw counts apart from attempts that their node did not live to end. */
export async function countFailures({ schema }: Transaction<Tables>): Promise<void> {
  await schema
    .alterTable('jobs')
    .addColumn('failures', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}
