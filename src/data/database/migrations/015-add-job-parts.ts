import type { Transaction } from 'kysely';
import type { Tables } from '../tables.ts';

/** Several jobs can work on one resource, each on a share of the work. */
export async function addJobParts({ schema }: Transaction<Tables>): Promise<void> {
  await schema.alterTable('jobs').addColumn('part', 'integer').execute();
}
