import type { Progress } from '../../util/progress.ts';
import type { Transaction } from '../resources/transaction.ts';

/** Jobs of a pool compete for the slots that it has on a node. */
export const pools = ['quick', 'import', 'compaction', 'training', 'deployment', 'batch', 'deletion'] as const;
export type Pool = (typeof pools)[number];

/** What is known of a job before it is run, wherever it is put on the queue. */
export type JobFacts = {
  readonly pool: Pool;
  /** It is put on the queue when its resource is created. */
  readonly startsWithResource?: boolean;
  /** It waits for its time, which may be days ahead, and outlives restarts. */
  readonly isScheduled?: boolean;
  /** Those of resources with the same parent run one after another, oldest first. */
  readonly isSerial?: boolean;
};

/** A piece of long work that this node has claimed. */
export type Job = {
  readonly id: number;
  readonly kind: string;
  readonly resourceArn: string;
  /** Which share of the resource's work it is, from 0; undefined: all of it. */
  readonly part?: number | undefined;
  /** 1 the first time; more after a crash or a failure that may pass. */
  readonly attempt: number;
  /** How many attempts before have failed; others were interrupted with their node. */
  readonly failures: number;
  /** When it was put on the queue, in milliseconds since the epoch. */
  readonly createdAt: number;
  readonly cancelRequested: boolean;
  /**
   * Says that the attempt has kept something that the next one can build upon: if its node dies from now on, that does
   * not count against the job.
   */
  advanced(): Promise<void>;
  /**
   * A transaction under the account's lock that goes through only while the job is still this node's.
   *
   * @throws JobLost if the job was taken over, or called off before it began.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
};

/** What is left to do when the work is done. */
export type Outcome = {
  /** Makes the result visible, in the transaction that also removes the job. */
  commit(tx: Transaction): Promise<void>;
  /** Notifies the parts of this process that hold something that the result has replaced. */
  afterwards?(): Promise<void>;
};

/** What a job does: work that can be run again from the start without harm, at any time and on any node. */
export type JobHandler = {
  run(job: Job, progress: Progress): Promise<Outcome>;
  /** Settles the resource when the work cannot succeed; `reason` is one sentence for its owner. */
  fail(tx: Transaction, job: Job, reason: string): Promise<void>;
  /** Settles the resource when the work was called off; not needed where that happens only with its deletion. */
  cancelled?(tx: Transaction, job: Job): Promise<void>;
};

/** A kind of job. */
export type JobKind = JobHandler & { readonly pool: Pool };

/** The job is no longer this node's: the one that has it now settles the resource. */
export class JobLost extends Error {
  override name = 'JobLost';
}

/** A failure of the work that no repetition mends; the message is the resource's failureReason. */
export class WorkFailed extends Error {
  override name = 'WorkFailed';
}
