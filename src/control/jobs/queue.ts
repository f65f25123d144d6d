import { type Kysely, type Selectable, type Transaction as SqlTransaction, sql } from 'kysely';
import { type DialectName, forUpdateSkipLocked } from '../../data/database/dialect.ts';
import type { JobRow, Tables } from '../../data/database/tables.ts';
import type { Transaction } from '../resources/transaction.ts';

/** How long a node may be silent before its jobs are taken over. */
export const leaseMs = 30_000;

/** Wait before another attempt, times the number of those made. */
export const retryAfterMs = 2000;

/**
 * Times in the queue that lie further ahead than this come from a clock that was wrong, and not from nodes whose clocks
 * differ a little.
 */
const clockErrorMs = leaseMs;

/** What `jobs.cancel_requested` says: nothing, that the work is called off, or that it is to begin again. */
const requested = { nothing: 0, cancel: 1, restart: 2 } as const;

/** Of a job that is to begin again: that is done once it is taken or given back. */
const withoutRestart = sql<number>`case cancel_requested when ${requested.restart} then ${requested.nothing} else cancel_requested end`;

type NewJob = {
  readonly kind: string;
  readonly resourceArn: string;
  /** Jobs of the same key run one after another, oldest first. */
  readonly serialKey?: string | undefined;
  /** How long it waits before it may run: it outlives a restart and runs once, however late. */
  readonly delayMs?: number | undefined;
  /** Which share of the resource's work it is, from 0. */
  readonly part?: number | undefined;
};

/** Puts a job on the queue, in the transaction that makes it necessary. */
export async function insertJob(
  { db: trx, now }: Transaction,
  { kind, resourceArn, serialKey, delayMs = 0, part }: NewJob,
): Promise<void> {
  await trx
    .insertInto('jobs')
    .values({
      kind,
      resource_arn: resourceArn,
      serial_key: serialKey ?? null,
      owner: null,
      lease_expires_at: null,
      attempts: 0,
      cancel_requested: 0,
      not_before: now + delayMs,
      created_at: now,
      part: part ?? null,
    })
    .execute();
}

/**
 * Corrects what a clock has written that was ahead and has been put back since. Each job waits from now on as long as
 * it was to wait in the first place, another attempt begins soon, and the lease of a node that is silent ends.
 */
export async function correctTimes(database: Kysely<Tables>, now: number): Promise<void> {
  await database
    .updateTable('jobs')
    .set({ not_before: sql<number>`not_before - created_at + ${now}`, created_at: now })
    .where('created_at', '>', now + clockErrorMs)
    .execute();
  await database
    .updateTable('jobs')
    .set({ not_before: now })
    .where('attempts', '>', 0)
    .where('not_before', '>', now + clockErrorMs)
    .execute();
  await database
    .updateTable('jobs')
    .set({ lease_expires_at: now + leaseMs })
    .where('lease_expires_at', '>', now + leaseMs + clockErrorMs)
    .execute();
}

/**
 * Takes the oldest job of one of the kinds that is free to run, for as long as a lease; undefined if there is none.
 *
 * @param running the jobs that the node works on: it takes none of them again, though a clock that leaps ahead ends
 *   their leases.
 */
export async function claim(
  database: Kysely<Tables>,
  dialect: DialectName,
  owner: string,
  kinds: readonly string[],
  running: readonly number[],
  now: number,
): Promise<Selectable<JobRow> | undefined> {
  if (kinds.length === 0) return undefined;
  return await database.transaction().execute(async (trx) => {
    const free = oldestFree(trx, kinds, now).where('id', 'not in', [-1, ...running]);
    const next = await forUpdateSkipLocked(free, dialect).executeTakeFirst();
    if (!next) return undefined;
    return await trx
      .updateTable('jobs')
      .set({
        owner,
        lease_expires_at: now + leaseMs,
        attempts: next.attempts + 1,
        cancel_requested: withoutRestart,
      })
      .where('id', '=', next.id)
      .returningAll()
      .executeTakeFirst();
  });
}

function oldestFree(trx: SqlTransaction<Tables>, kinds: readonly string[], now: number) {
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
            .whereRef('ahead.serial_key', '=', 'jobs.serial_key')
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
): Promise<{ id: number; cancelRequested: boolean; restartRequested: boolean }[]> {
  const rows = await database
    .updateTable('jobs')
    .set({ lease_expires_at: now + leaseMs })
    .where('owner', '=', owner)
    .where('id', 'in', ids)
    .returning(['id', 'cancel_requested'])
    .execute();
  return rows.map(({ id, cancel_requested }) => ({
    id,
    cancelRequested: cancel_requested === requested.cancel,
    restartRequested: cancel_requested === requested.restart,
  }));
}

type Release = {
  readonly id: number;
  readonly owner: string;
  readonly attempts: number;
  readonly failures?: number;
  /** When it may run again; at once unless given. */
  readonly notBefore?: number;
};

/** Gives a claimed job back to the queue. An attempt that was cut short by the node's own stop does not count. */
export async function release(
  database: Kysely<Tables>,
  { id, owner, attempts, failures, notBefore }: Release,
): Promise<void> {
  await database
    .updateTable('jobs')
    .set({
      owner: null,
      lease_expires_at: null,
      attempts,
      cancel_requested: withoutRestart,
      ...(failures !== undefined && { failures }),
      ...(notBefore !== undefined && { not_before: notBefore }),
    })
    .where('id', '=', id)
    .where('owner', '=', owner)
    .execute();
}

/** Has an attempt not count that its node does not live to end. */
export async function forgiveAttempt(
  database: Kysely<Tables>,
  { id, owner, attempts }: Pick<Release, 'id' | 'owner' | 'attempts'>,
): Promise<void> {
  const job = database.updateTable('jobs').set({ attempts }).where('id', '=', id);
  await job.where('owner', '=', owner).execute();
}

/** Frees every job, when no other node can live: the embedded database has one process. */
export async function releaseAll(database: Kysely<Tables>): Promise<void> {
  await database
    .updateTable('jobs')
    .set({ owner: null, lease_expires_at: null, cancel_requested: withoutRestart })
    .execute();
}

/** Whether the job is still the node's; if so, it stays so until the transaction ends. */
export async function holdJob({ db: trx, now }: Transaction, id: number, owner: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('jobs')
    .set({ lease_expires_at: now + leaseMs })
    .where('id', '=', id)
    .where('owner', '=', owner)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function removeJob({ db: trx }: Transaction, id: number): Promise<void> {
  await trx.deleteFrom('jobs').where('id', '=', id).execute();
}

/** Takes the jobs of a resource off the queue, or those of some kinds. */
export async function removeJobsOf(
  { db: trx }: Transaction,
  resourceArn: string,
  kinds?: readonly string[],
): Promise<void> {
  const jobs = trx.deleteFrom('jobs').where('resource_arn', '=', resourceArn);
  await (kinds ? jobs.where('kind', 'in', kinds) : jobs).execute();
}

/**
 * Calls off the jobs of a resource, or those of some kinds. One that a node works on stays on the queue until the node
 * has stopped: what it has written for the job is cleared away after that.
 */
export async function callOff(tx: Transaction, resourceArn: string, kinds?: readonly string[]): Promise<void> {
  const waiting = tx.db.deleteFrom('jobs').where('resource_arn', '=', resourceArn).where('owner', 'is', null);
  await (kinds ? waiting.where('kind', 'in', kinds) : waiting).execute();
  await requestCancel(tx, resourceArn, kinds);
}

/** Whether one of these jobs of a resource is on the queue, be it waiting, in work, or about to stop. */
export async function hasJobs(
  database: Kysely<Tables>,
  resourceArn: string,
  kinds: readonly string[],
): Promise<boolean> {
  const jobs = database.selectFrom('jobs').select('id').where('resource_arn', '=', resourceArn);
  return (await jobs.where('kind', 'in', kinds).executeTakeFirst()) !== undefined;
}

/** Whether somebody has asked to stop a job. */
export async function isCancelRequested(database: Kysely<Tables>, id: number): Promise<boolean> {
  const job = await database.selectFrom('jobs').select('cancel_requested').where('id', '=', id).executeTakeFirst();
  return job?.cancel_requested === requested.cancel;
}

/** Whether a job that a node works on is to begin again, on data that has changed under it. */
export async function isRestartRequested(database: Kysely<Tables>, id: number): Promise<boolean> {
  const job = await database.selectFrom('jobs').select('cancel_requested').where('id', '=', id).executeTakeFirst();
  return job?.cancel_requested === requested.restart;
}

/** Has jobs of some kinds that nodes work on for these resources begin again: what they have taken is out of date. */
export async function requestRestart(
  { db: trx }: Transaction,
  resourceArns: readonly string[],
  kinds: readonly string[],
): Promise<number[]> {
  const rows = await trx
    .updateTable('jobs')
    .set({ cancel_requested: requested.restart })
    .where('owner', 'is not', null)
    .where('cancel_requested', '=', requested.nothing)
    .where('resource_arn', 'in', [...resourceArns, ''])
    .where('kind', 'in', [...kinds, ''])
    .returning('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Whether one of these jobs has yet to begin again. */
export async function awaitRestart(database: Kysely<Tables>, ids: readonly number[]): Promise<boolean> {
  const job = await database
    .selectFrom('jobs')
    .select('id')
    .where('id', 'in', [-1, ...ids])
    .where('cancel_requested', '=', requested.restart)
    .executeTakeFirst();
  return job !== undefined;
}

/** Asks the node that works for the resource to stop, or to stop jobs of some kinds. */
export async function requestCancel(
  { db: trx }: Transaction,
  resourceArn: string,
  kinds?: readonly string[],
): Promise<void> {
  const jobs = trx
    .updateTable('jobs')
    .set({ cancel_requested: requested.cancel })
    .where('resource_arn', '=', resourceArn);
  await (kinds ? jobs.where('kind', 'in', kinds) : jobs).execute();
}
