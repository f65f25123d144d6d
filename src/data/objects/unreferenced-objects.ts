import type { Kysely, Transaction } from 'kysely';
import type { Tables } from '../database/tables.ts';

/** Rows in one statement: SQLite takes 32,766 values. */
const rowsAtOnce = 1000;

/**
 * Notes objects of the store that this server has written, or is about to write, and that nothing refers to: not yet,
 * because a job is writing them, or no longer. The server removes no others, so that it never removes what it does not
 * know.
 *
 * @param names keys, and prefixes that end in `/`, with a random part that no other database can have given out.
 * @param jobId the job that may be writing below these names: they stay as long as it is on the queue.
 */
export async function noteUnreferenced(
  trx: Transaction<Tables>,
  names: readonly string[],
  now: number,
  jobId: number | null = null,
): Promise<void> {
  const rows = names.map((name) => ({ name, job_id: jobId, created_at: now }));
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    await trx
      .insertInto('unreferenced_objects')
      .values(rows.slice(start, start + rowsAtOnce))
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ job_id: jobId }))
      .execute();
  }
}

/**
 * Notes what an attempt of a job is about to write. What earlier attempts have written is of no use from now on, but
 * for what has one of these names.
 */
export async function beginWriting(
  trx: Transaction<Tables>,
  names: readonly string[],
  now: number,
  jobId: number,
): Promise<void> {
  await trx.updateTable('unreferenced_objects').set({ job_id: null }).where('job_id', '=', jobId).execute();
  await noteUnreferenced(trx, names, now, jobId);
}

/** Something refers to what has these names from this transaction on, or it is removed. */
export async function forgetUnreferenced(database: Kysely<Tables>, names: readonly string[]): Promise<void> {
  for (let start = 0; start < names.length; start += rowsAtOnce) {
    const some = names.slice(start, start + rowsAtOnce);
    await database.deleteFrom('unreferenced_objects').where('name', 'in', some).execute();
  }
}

/** All names that are noted. */
export async function notedObjects(database: Kysely<Tables>): Promise<string[]> {
  const rows = await database.selectFrom('unreferenced_objects').select('name').execute();
  return rows.map(({ name }) => name);
}

/** Names of what can be removed: no job is writing there any more. */
export async function removableObjects(database: Kysely<Tables>): Promise<string[]> {
  const rows = await database
    .selectFrom('unreferenced_objects')
    .select('name')
    .where((is) =>
      is.not(is.exists(is.selectFrom('jobs').select('id').whereRef('jobs.id', '=', 'unreferenced_objects.job_id'))),
    )
    .orderBy('name')
    .execute();
  return rows.map(({ name }) => name);
}
