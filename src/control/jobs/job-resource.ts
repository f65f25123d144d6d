import type { Kind, ResourceOf } from '../resources/kind.ts';
import { findResource } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import type { Job } from './job.ts';

/** The resource that a job works for, as it is in this change. */
export async function resourceOf<K extends Kind>(tx: Transaction, kind: K, job: Job): Promise<ResourceOf<K>> {
  const resource = await findResource(tx.db, kind, job.resourceArn);
  if (!resource) throw new Error(`${job.resourceArn} is gone, though a job works for it.`);
  return resource;
}
