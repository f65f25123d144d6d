import type { Kysely, Selectable, Transaction } from 'kysely';
import { type DialectName, forUpdateSkipLocked } from '../../data/dialect.ts';
import type { JobRow, Tables } from '../../data/tables.ts';
import type { Change } from '../change.ts';
import type { JobName } from './job.ts';

/** How long a node may be silent before its jobs are taken over. */
export const leaseMs = 30_000;

type NewJob = {
  readonly kind: JobName;
  readonly resourceArn: string;
  /** Jobs of the same line run one after another, oldest first. */
  readonly line?: string;
  /** How long it waits before it may run: such a job is an appointment, which outlives a restart and is kept once, however late. */
  readonly afterMs?: number;
};

/** Puts a job on the queue, in the transaction that makes it necessary. */
export async function enqueue({ trx, now }: Change, { kind, resourceArn, line, afterMs = 0 }: NewJob): Promise<void> {
  await trx
    .insertInto('jobs')
    .values({
      kind,
      resource_arn: resourceArn,
      line: line ?? null,
      owner: null,
      lease_expires_at: null,
      attempts: 0,
      cancel_requested: 0,
      not_before: now + afterMs,
      created_at: now,
    })
    .execute();
}

/** Takes the oldest job of one of the kinds that is free to run, for as long as a lease; undefined if there is none. */
export async function claim(
  database: Kysely<Tables>,
  dialect: DialectName,
  owner: string,
  kinds: readonly string[],
  now: number,
): Promise<Selectable<JobRow> | undefined> {
  if (kinds.length === 0) return undefined;
  return await database.transaction().execute(async (trx) => {
    const next = await forUpdateSkipLocked(oldestFree(trx, kinds, now), dialect).executeTakeFirst();
    if (!next) return undefined;
    return await trx
      .updateTable('jobs')
      .set({ owner, lease_expires_at: now + leaseMs, attempts: next.attempts + 1 })
      .where('id', '=', next.id)
      .returningAll()
      .executeTakeFirst();
  });
}

function oldestFree(trx: Transaction<Tables>, kinds: readonly string[], now: number) {
  return trx
    .selectFrom('jobs')
    .select(['id', 'attempts'])
    .where('kind', 'in', kinds)
    .where('not_before', '<=', now)
    .where((is) => is.or([is('owner', 'is', null), is('lease_expires_at', '<', now)]))
    .where((is) =>
      is.not(
        is.exists(
          is
            .selectFrom('jobs as ahead')
            .select('ahead.id')
            .whereRef('ahead.line', '=', 'jobs.line')
            .whereRef('ahead.id', '<', 'jobs.id'),
        ),
      ),
    )
    .orderBy('id')
    .limit(1);
}

/** Prolongs the leases of the jobs that the node works on; answers those of them that it still has. */
export async function renew(
  database: Kysely<Tables>,
  owner: string,
  ids: readonly number[],
  now: number,
): Promise<{ id: number; cancelRequested: boolean }[]> {
  const rows = await database
    .updateTable('jobs')
    .set({ lease_expires_at: now + leaseMs })
    .where('owner', '=', owner)
    .where('id', 'in', ids)
    .returning(['id', 'cancel_requested'])
    .execute();
  return rows.map(({ id, cancel_requested }) => ({ id, cancelRequested: cancel_requested !== 0 }));
}

/** Gives a claimed job back to the queue. An attempt that was cut short by the node's own stop does not count. */
export async function release(
  database: Kysely<Tables>,
  { id, owner, attempts, notBefore }: { id: number; owner: string; attempts: number; notBefore: number },
): Promise<void> {
  await database
    .updateTable('jobs')
    .set({ owner: null, lease_expires_at: null, attempts, not_before: notBefore })
    .where('id', '=', id)
    .where('owner', '=', owner)
    .execute();
}

/** Frees every job, when no other node can live: the embedded database has one process. */
export async function releaseAll(database: Kysely<Tables>): Promise<void> {
  await database.updateTable('jobs').set({ owner: null, lease_expires_at: null }).execute();
}

/** Whether the job is still the node's; if so, it stays so until the transaction ends. */
export async function holdJob({ trx, now }: Change, id: number, owner: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('jobs')
    .set({ lease_expires_at: now + leaseMs })
    .where('id', '=', id)
    .where('owner', '=', owner)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function removeJob({ trx }: Change, id: number): Promise<void> {
  await trx.deleteFrom('jobs').where('id', '=', id).execute();
}

/** Takes the jobs of a resource off the queue, or those of some kinds. */
export async function removeJobsOf({ trx }: Change, resourceArn: string, kinds?: readonly JobName[]): Promise<void> {
  const jobs = trx.deleteFrom('jobs').where('resource_arn', '=', resourceArn);
  await (kinds ? jobs.where('kind', 'in', kinds) : jobs).execute();
}

/** Asks whoever works for the resource to stop. */
export async function requestCancel({ trx }: Change, resourceArn: string): Promise<void> {
  await trx.updateTable('jobs').set({ cancel_requested: 1 }).where('resource_arn', '=', resourceArn).execute();
}
