import type { Selectable } from 'kysely';
import { accountOf } from '../../contract/arn.ts';
import type { JobRow } from '../../data/database/tables.ts';
import type { Progress, TrainingFigures } from '../../util/progress.ts';
import { RemainingTime } from '../../util/remaining-time.ts';
import type { ControlParts } from '../parts.ts';
import type { Transaction } from '../resources/transaction.ts';
import { lastReasonFor, reasonFor } from './failure.ts';
import { type Job, type JobKind, JobLost, type Pool, pools } from './job.ts';
import {
  claim,
  correctTimes,
  forgiveAttempt,
  holdJob,
  isCancelRequested,
  isRestartRequested,
  leaseMs,
  release,
  removeJob,
  renew,
  retryAfterMs,
} from './queue.ts';

/** How many jobs of a pool a node works on at a time, unless it is told another number. */
const usualConcurrency: Readonly<Record<Pool, number>> = {
  quick: 4,
  import: 2,
  compaction: 1,
  training: 1,
  deployment: 2,
  batch: 1,
  // Most of the time they wait for other jobs of their dataset group.
  deletion: 4,
};

/** Attempts that may fail. */
const mostFailures = 3;
/** Attempts that may end with their node, before it is likely that the job ends nodes. */
const mostInterruptions = 10;
const tickMs = 1000;
const renewEveryMs = leaseMs / 10;

export type RunningJob = {
  readonly kind: string;
  readonly resourceArn: string;
  readonly fraction: number;
  readonly note: string;
  /** Undefined before it is known. */
  readonly remainingSeconds: number | undefined;
  /** The newest of a training. */
  readonly figures: TrainingFigures;
};

type ClaimedJob = {
  readonly row: Pick<JobRow, 'kind' | 'resource_arn'>;
  readonly state: () => RunningJob;
  readonly abort: AbortController;
  readonly done: Promise<void>;
};

type RunnerParts = Pick<ControlParts, 'database' | 'dialect' | 'clock' | 'log'> & {
  transaction<T>(account: string, work: (tx: Transaction) => Promise<T>): Promise<T>;
};

/** Why the work of a job is aborted. */
const stopping = new Error('The server is stopping.');
const cancelled = new Error('The work was called off.');
const restarting = new Error('The work begins again, as its data has changed.');
const lost = new JobLost('Another node has taken the job over.');

/**
 * Works on the queue's jobs, of each pool as many at a time as it allows. A job that is enqueued here starts at once
 * (`wake`). A look at the queue every second finds those of other nodes, those that a dead node has left, and retries.
 */
export class Runner {
  readonly #parts: RunnerParts;
  readonly #kinds: Readonly<Record<string, JobKind>>;
  readonly #owner: string;
  readonly #concurrency: Readonly<Record<Pool, number>>;
  readonly #running = new Map<number, ClaimedJob>();
  #timer: NodeJS.Timeout | undefined;
  #filling: Promise<void> | undefined;
  #wanted = false;
  #renewedAt = 0;
  #correctedAt = Number.NEGATIVE_INFINITY;

  /** `owner` names this node among all that share the database. */
  constructor(
    parts: RunnerParts,
    kinds: Readonly<Record<string, JobKind>>,
    owner: string,
    concurrency: Partial<Record<Pool, number>> = {},
  ) {
    this.#concurrency = { ...usualConcurrency, ...concurrency };
    this.#parts = parts;
    this.#kinds = kinds;
    this.#owner = owner;
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), tickMs);
    this.wake();
  }

  /** Ends the work in hand and gives its jobs back to the queue. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#filling;
    const running = [...this.#running.values()];
    for (const { abort } of running) abort.abort(stopping);
    await Promise.all(running.map(({ done }) => done));
  }

  /** Looks for jobs now. */
  wake(): void {
    if (!this.#timer) return;
    this.#wanted = true;
    this.#filling ??= this.#fill()
      .catch((error: unknown) => this.#parts.log.error({ err: error }, 'The queue of jobs could not be read.'))
      .finally(() => {
        this.#filling = undefined;
        if (this.#wanted) this.wake();
      });
  }

  /** Aborts the work that this node does for a resource, or its jobs of some kinds. */
  cancel(resourceArn: string, kinds?: readonly string[]): void {
    for (const { row, abort } of this.#running.values()) {
      if (row.resource_arn === resourceArn && (kinds?.includes(row.kind) ?? true)) abort.abort(cancelled);
    }
  }

  running(): RunningJob[] {
    return [...this.#running.values()].map(({ state }) => state());
  }

  #tick(): void {
    this.wake();
    this.#renew().catch((error: unknown) => this.#parts.log.error({ err: error }, 'Leases could not be renewed.'));
  }

  async #renew(): Promise<void> {
    const now = this.#parts.clock.now();
    if (this.#running.size === 0 || Math.abs(now - this.#renewedAt) < renewEveryMs) return;
    this.#renewedAt = now;
    const kept = await renew(this.#parts.database, this.#owner, [...this.#running.keys()], now);
    for (const [id, { abort }] of this.#running) {
      const job = kept.find((candidate) => candidate.id === id);
      if (!job) abort.abort(lost);
      else if (job.cancelRequested) abort.abort(cancelled);
      else if (job.restartRequested) abort.abort(restarting);
    }
  }

  async #fill(): Promise<void> {
    await this.#correctTimes();
    while (this.#timer) {
      this.#wanted = false;
      const { database, dialect, clock } = this.#parts;
      const running = [...this.#running.keys()];
      const row = await claim(database, dialect, this.#owner, this.#kindsWithFreeSlot(), running, clock.now());
      if (row) this.#begin(row);
      else return;
    }
  }

  async #correctTimes(): Promise<void> {
    const now = this.#parts.clock.now();
    if (Math.abs(now - this.#correctedAt) < renewEveryMs) return;
    this.#correctedAt = now;
    await correctTimes(this.#parts.database, now);
  }

  #kindsWithFreeSlot(): string[] {
    const taken = [...this.#running.values()].map(({ row }) => this.#kindOf(row.kind).pool);
    const free = pools.filter((pool) => taken.filter((other) => other === pool).length < this.#concurrency[pool]);
    return Object.keys(this.#kinds).filter((kind) => free.includes(this.#kindOf(kind).pool));
  }

  #kindOf(name: string): JobKind {
    const kind = this.#kinds[name];
    if (!kind) throw new Error(`There is no kind of job named ${name}.`);
    return kind;
  }

  #begin(row: Selectable<JobRow>): void {
    const abort = new AbortController();
    const { state, progress } = this.#progressOf(row, abort.signal);
    const done = this.#work(this.#jobOf(row), progress).finally(() => {
      this.#running.delete(row.id);
      this.wake();
    });
    this.#running.set(row.id, { row, state, abort, done });
  }

  /** Keeps where a job stands, and logs what is worth it. */
  #progressOf({ kind, resource_arn: resourceArn }: Selectable<JobRow>, signal: AbortSignal) {
    const remaining = new RemainingTime(() => this.#parts.clock.now());
    let stands: { readonly fraction: number; readonly note: string } = { fraction: 0, note: '' };
    let figures: TrainingFigures = {};
    const state = () => ({ kind, resourceArn, ...stands, remainingSeconds: remaining.seconds(), figures });
    const progress: Progress = {
      signal,
      report: (fraction, note, news) => {
        stands = { fraction, note };
        remaining.update(fraction);
        if (!news) return;
        figures = { ...figures, ...news };
        const { remainingSeconds } = state();
        this.#parts.log.info({ job: kind, resource: resourceArn, fraction, remainingSeconds, ...news }, note);
      },
    };
    return { state, progress };
  }

  /** Never rejects: what goes wrong ends in the resource, in another attempt, or in the log. */
  async #work(job: Job, progress: Progress): Promise<void> {
    try {
      await this.#attempt(job, progress);
    } catch (error) {
      await this.#recover(job, error, progress.signal).catch((failure: unknown) =>
        // The job keeps its lease, which runs out: then it is tried again, as after a crash.
        this.#parts.log.error(
          { err: failure, job: job.kind, resource: job.resourceArn },
          'A job could not be settled.',
        ),
      );
    }
  }

  #jobOf(row: Selectable<JobRow>): Job {
    return {
      id: row.id,
      kind: row.kind,
      resourceArn: row.resource_arn,
      part: row.part ?? undefined,
      attempt: row.attempts,
      failures: row.failures,
      createdAt: row.created_at,
      cancelRequested: row.cancel_requested === 1,
      advanced: () =>
        forgiveAttempt(this.#parts.database, { id: row.id, owner: this.#owner, attempts: row.attempts - 1 }),
      transaction: (work) =>
        this.#parts.transaction(accountOf(row.resource_arn), async (tx) => {
          if (!(await holdJob(tx, row.id, this.#owner))) throw lost;
          // What it has made is of data that is no more.
          if (await isRestartRequested(tx.db, row.id)) throw restarting;
          return await work(tx);
        }),
    };
  }

  async #attempt(job: Job, progress: Progress): Promise<void> {
    const kind = this.#kindOf(job.kind);
    if (job.cancelRequested) throw cancelled;
    if (job.attempt - job.failures > mostInterruptions) {
      return await this.#settle(job, (tx) => kind.fail(tx, job, interrupted));
    }
    const outcome = await kind.run(job, progress);
    await this.#settle(job, (tx) => outcome.commit(tx));
    await outcome.afterwards?.().catch((error: unknown) => this.#leave(job, error));
  }

  #leave({ resourceArn }: Job, error: unknown): void {
    this.#parts.log.warn({ err: error, resource: resourceArn }, 'What follows a job could not be done.');
  }

  async #settle(job: Job, work: (tx: Transaction) => Promise<void>): Promise<void> {
    await job.transaction(async (tx) => {
      await work(tx);
      await removeJob(tx, job.id);
    });
  }

  async #recover(job: Job, error: unknown, signal: AbortSignal): Promise<void> {
    const { log, database } = this.#parts;
    const kind = this.#kindOf(job.kind);
    if (error === lost || signal.reason === lost) return;
    if (signal.reason === stopping) return await this.#release(job, job.attempt - 1);
    const restarts = error === restarting || signal.reason === restarting;
    if (restarts || (await isRestartRequested(database, job.id))) return await this.#release(job, job.attempt - 1);
    const wasCancelled = error === cancelled || signal.reason === cancelled;
    // Work may fail because its resource was deleted, before this node has noticed that it was called off.
    if (wasCancelled || (await isCancelRequested(database, job.id)))
      return await this.#settle(job, async (tx) => kind.cancelled?.(tx, job));
    const reason = reasonFor(error);
    if (reason !== undefined) return await this.#settle(job, (tx) => kind.fail(tx, job, reason));
    log.error({ err: error, job: job.kind, resource: job.resourceArn, attempt: job.attempt }, 'A job failed.');
    const failures = job.failures + 1;
    if (failures >= mostFailures) {
      return await this.#settle(job, (tx) => kind.fail(tx, job, lastReasonFor(error) ?? gaveUp));
    }
    const notBefore = this.#parts.clock.now() + retryAfterMs * failures;
    await release(this.#parts.database, { id: job.id, owner: this.#owner, attempts: job.attempt, failures, notBefore });
  }

  async #release({ id }: Job, attempts: number): Promise<void> {
    await release(this.#parts.database, { id, owner: this.#owner, attempts });
  }
}

const gaveUp = `The work was given up after ${mostFailures} attempts; the server's log says why each one ended.`;
const interrupted =
  `The work was given up because the server ended ${mostInterruptions} times while it was going on. ` +
  "The server's log, or that of the system, may say why.";
