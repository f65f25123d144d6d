import type { JobNameOf, Kind, Resource } from '../resources/kind.ts';
import type { Transaction } from '../resources/transaction.ts';
import type { JobFacts } from './job.ts';
import { insertJob } from './queue.ts';

/** What a job needs to know of its resource. */
type JobResource = Pick<Resource, 'arn'> & Partial<Pick<Resource, 'parent'>>;

/** When a job may run, and which share of its resource's work it is. */
type When = Pick<Parameters<typeof insertJob>[1], 'delayMs' | 'part'>;

/** Puts a job of a resource on the queue, in the transaction that makes it necessary. */
export async function enqueue<K extends Kind>(
  tx: Transaction,
  kind: K,
  name: JobNameOf<K>,
  resource: JobResource,
  when: When = {},
): Promise<void> {
  await insertJobOf(tx, name, kind.jobs?.[name], resource, when);
}

/** Puts the job on the queue that starts with a resource of the kind, if there is one. */
export async function enqueueFirst(tx: Transaction, { jobs = {} }: Kind, resource: JobResource): Promise<void> {
  for (const [name, facts] of Object.entries(jobs)) {
    if (facts.startsWithResource) await insertJobOf(tx, name, facts, resource);
  }
}

async function insertJobOf(
  tx: Transaction,
  kind: string,
  facts: JobFacts | undefined,
  { arn, parent }: JobResource,
  when: When = {},
): Promise<void> {
  const serialKey = (facts?.isSerial && parent) || undefined;
  await insertJob(tx, { kind, resourceArn: arn, serialKey, ...when });
}
